"""What a check is, the decorator that makes one, and reading a file of them."""

from __future__ import annotations

import importlib.util
import inspect
import re
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeAlias

from .errors import CheckError
from .goals import Goal, GoalByData
from .picks import Picks
from .tolerances import FLOAT64, Tolerance

Body = Callable[..., Mapping[str, Any]]
Measure: TypeAlias = Tolerance | Picks


@dataclass(frozen=True)
class Check:
    """A function that exercises the student's code for one question.

    Attributes:
        question: the id of the question that its points belong to.
        name: the function's name; ``id`` is ``question.name``.
        title: the first line of its docstring, what a student is shown of a visible check.
        body: takes the student and a seeded ``RandomState``, and if it is a training check the
            data; returns named observations.
        points: what it is worth.
        seed: of ``rng``, and of the global generators on the student's side.
        visible: given to students; else hidden.
        hint: a sentence a student may see when the check is not passed.
        needs: ids of questions that must have earned something before this is worth running.
        tolerance: for every observation, or one for each name.
        goals: thresholds for those observations that have no expected output; once the data set
            is chosen (`on`), each is a `Goal`.
        seconds: wall-clock limit, or None for the assignment's.
        training: it trains a model: it gets the data, and the limits for training hold.
    """

    question: str
    name: str
    title: str
    body: Body
    points: float
    seed: int
    visible: bool = False
    hint: str = ""
    needs: tuple[str, ...] = ()
    tolerance: Measure | Mapping[str, Measure] = FLOAT64
    goals: Mapping[str, Goal | GoalByData] = field(default_factory=dict)
    seconds: float | None = None
    training: bool = False

    @property
    def id(self) -> str:
        return f"{self.question}.{self.name}"

    @property
    def place(self) -> str:
        """``file:line`` of the body, for messages to its author."""
        code = self.body.__code__
        return f"{code.co_filename}:{code.co_firstlineno}"

    def tolerance_of(self, observation: str) -> Measure:
        """The tolerance for one observation."""
        if isinstance(self.tolerance, Mapping):
            return self.tolerance.get(observation, FLOAT64)
        return self.tolerance

    def on(self, data: str) -> Check:
        """The check with the goals of one data set.

        Raises CheckError if it trains and states no goal for that data set.
        """
        try:
            goals = {
                name: goal.on(data) if isinstance(goal, GoalByData) else goal
                for name, goal in self.goals.items()
            }
        except KeyError:
            raise CheckError(
                f"{self.place}: {self.id} states no goal for the data set {data!r}"
            ) from None
        return replace(self, goals=goals)


def check(
    question: str,
    *,
    points: float,
    seed: int,
    visible: bool = False,
    hint: str = "",
    needs: Iterable[str] = (),
    tolerance: Measure | Mapping[str, Measure] = FLOAT64,
    goals: Mapping[str, Goal | GoalByData] | None = None,
    seconds: float | None = None,
    training: bool = False,
) -> Callable[[Body], Check]:
    """Make a check of the function below; see `Check` for the arguments.

    The function's name is the check's name and the first line of its docstring its title. It
    *returns* what it saw, a dictionary of named arrays, numbers, strings or flags, and never
    asserts: run on the reference it records the expected outputs, run on a submission the same
    values are compared.
    """

    def decorate(body: Body) -> Check:
        name = getattr(body, "__name__", "?")
        title = (inspect.getdoc(body) or "").partition("\n")[0].strip()
        if not title:
            raise CheckError(f"check {name} needs a docstring: students see its first line")
        if not points > 0:
            raise CheckError(f"check {name} must be worth more than 0 points, not {points!r}")
        if not re.fullmatch(r"[a-z][a-z0-9_]*", question):
            raise CheckError(f"check {name}: {question!r} is not the id of a question")
        if training and visible:
            raise CheckError(f"check {name} trains on the grader's data: it cannot be visible")
        return Check(
            question=question,
            name=name,
            title=title,
            body=body,
            points=points,
            seed=seed,
            visible=visible,
            hint=hint,
            needs=tuple(needs),
            tolerance=tolerance,
            goals=dict(goals or {}),
            seconds=seconds,
            training=training,
        )

    return decorate


def load_checks(path: Path) -> list[Check]:
    """The checks defined in one Python file, in their order.

    Raises CheckError with the place and the reason if the file cannot be imported.
    """
    name = f"_checks_{re.sub(r'[^A-Za-z0-9]', '_', path.stem)}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise CheckError(f"{path}: not a Python file")
    module = importlib.util.module_from_spec(spec)
    write_bytecode = sys.dont_write_bytecode
    sys.dont_write_bytecode = True  # the folder may be read-only, or about to be zipped
    try:
        spec.loader.exec_module(module)
    except CheckError as error:
        raise CheckError(f"{path}: {error}") from None
    except Exception as error:  # whatever an instructor's module raises
        frames = traceback.extract_tb(error.__traceback__)
        lines = [frame.lineno for frame in frames if frame.filename == str(path)]
        line = getattr(error, "lineno", None) or (lines[-1] if lines else 1)
        raise CheckError(f"{path}:{line}: {type(error).__name__}: {error}") from error
    finally:
        sys.dont_write_bytecode = write_bytecode
    return [value for value in vars(module).values() if isinstance(value, Check)]


def load_folder(folder: Path) -> list[Check]:
    """The checks of every ``*.py`` in a folder, files in the order of their names.

    Raises CheckError if two checks of one question bear the same name.
    """
    checks: dict[str, Check] = {}
    for path in sorted(folder.glob("*.py")):
        if path.name.startswith("_"):
            continue
        for one in load_checks(path):
            if one.id in checks:
                raise CheckError(f"{one.place}: a second check named {one.id}; rename one of them")
            checks[one.id] = one
    return list(checks.values())
