"""What a check is, the decorator that makes one, and how a file of checks is loaded."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import os
import re
import sys
import zlib
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import FunctionType
from typing import Any

from .compare import Measure
from .errors import CheckError
from .goals import Goal, GoalByData
from .scores import Score
from .source_line import SourceLine
from .tolerances import FLOAT64

Body = Callable[..., Mapping[str, Any]]

#: The checks that were made while a file is loaded.
_made: ContextVar[list[Check] | None] = ContextVar("made", default=None)


@dataclass(frozen=True)
class Check:
    """A function that exercises the student's code for one question.

    Attributes:
        question: the id of the question that the points belong to.
        name: the function's name; the check's ``id`` is ``question.name``.
        title: the first line of the function's docstring, or else the words of its name. Students
            see the titles of visible checks.
        body: takes the student and a seeded ``RandomState``, in a training check also the data,
            and if it has an argument `grader_data`, the grader's own files; returns named
            observations.
        points: how many points the check is worth.
        seed: of ``rng``, and of the global generators on the student's side.
        visible: whether students get the check; if not, it is hidden.
        hint: a sentence that a student may see if the check is not passed.
        needs: ids of the questions that this check builds on. They explain a failure and never
            cost a point: the check is run all the same, and if it fails while one of them earned
            nothing, it is *skipped*, in consequence of that question.
        tolerance: one for all observations, or one for each name.
        goals: by name, thresholds for those observations that have no expected output. A goal may
            depend on the data set; after `on`, each is a `Goal`.
        seconds: wall-clock limit; None for the assignment's.
        training: whether it trains a model; it then gets the data and the limits for training.
        score: for partial credit of another form: takes the observations by name, and returns the
            share of the points, 0 to 1. Of the reference it is 1. It runs where the check runs, on
            plain values; what differs from the expected outputs is still said.
        when: a feature of a variant, whose text asks for what the check looks at; the check
            belongs to variants with this feature only. Empty: it belongs to all of them.
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
    score: Score | None = None
    when: str = ""

    @property
    def id(self) -> str:
        return f"{self.question}.{self.name}"

    @property
    def place(self) -> SourceLine:
        """Where its body begins, for messages to its author."""
        code = self.body.__code__
        return SourceLine(code.co_filename, code.co_firstlineno)

    @property
    def reads_grader_data(self) -> bool:
        """Whether the body asks for the files that graders alone have."""
        return "grader_data" in inspect.signature(self.body).parameters

    def tolerance_of(self, observation: str) -> Measure:
        """The tolerance for one observation."""
        if isinstance(self.tolerance, Mapping):
            return self.tolerance.get(observation, FLOAT64)
        return self.tolerance

    def on(self, data: str) -> Check:
        """The check with the goals of one data set.

        Raises CheckError if a goal depends on the data set and is not stated for this one.
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
    points: float = 1.0,
    seed: int | None = None,
    visible: bool = False,
    hint: str = "",
    needs: str | Iterable[str] = (),
    tolerance: Measure | Mapping[str, Measure] = FLOAT64,
    goals: Mapping[str, Goal | GoalByData] | None = None,
    seconds: float | None = None,
    training: bool = False,
    score: Score | None = None,
    when: str = "",
) -> Callable[[Body], Check]:
    """Make a check of the function below; see `Check` for the arguments.

    The check takes its name from the function, and its title from the first line of the docstring.
    Without a seed, the check's id gives one that is the same on every machine.
    The function *returns* its observations, a dictionary of named values (arrays, numbers, texts,
    lists, tables; see `values`), and never asserts. Run on the reference, its observations are
    recorded as the expected outputs; run on a submission, they are compared with those.
    """

    if callable(question):  # written without its parentheses it would be no check, in silence
        name = getattr(question, "__name__", "?")
        raise CheckError(f'write @check("question") above {name}, with the id of its question')

    def decorate(body: Body) -> Check:
        name = getattr(body, "__name__", "?")
        if problem := _no_body(body, name):
            raise CheckError(
                f'{problem}; write @check("{question}") above a function: '
                "def name_of_the_check(student, rng): ..."
            )
        title = (inspect.getdoc(body) or "").partition("\n")[0].strip()
        title = title or name.replace("_", " ")
        if not isinstance(points, (int, float)) or not points > 0:
            raise CheckError(f"check {name} must be worth more than 0 points, not {points!r}")
        if not re.fullmatch(r"[a-z][a-z0-9_]*", question):
            raise CheckError(f"check {name}: {question!r} is not the id of a question")
        if training and visible:
            raise CheckError(f"check {name} trains on the grader's data: it cannot be visible")
        made = Check(
            question=question,
            name=name,
            title=title,
            body=body,
            points=points,
            seed=zlib.crc32(f"{question}.{name}".encode()) if seed is None else seed,
            visible=visible,
            hint=hint,
            needs=(needs,) if isinstance(needs, str) else tuple(needs),
            tolerance=tolerance,
            goals=dict(goals or {}),
            seconds=seconds,
            training=training,
            score=score,
            when=when,
        )
        if visible and made.reads_grader_data:
            raise CheckError(
                f"check {name} reads grader_data, which no student has: it cannot be visible; "
                "leave out visible=True"
            )
        if (others := _made.get()) is not None:
            others.append(made)
        return made

    return decorate


def _no_body(body: object, name: str) -> str:
    """Why something can be no body of a check; empty if it can."""
    if not isinstance(body, FunctionType):
        found = f"the class {name}" if isinstance(body, type) else f"a {type(body).__name__}"
        return f"{found} is no function that can be a check"
    if name == "<lambda>":
        return "a lambda has no name, and can be no check"
    if inspect.isgeneratorfunction(body) or inspect.iscoroutinefunction(body):
        return f"{name} is a generator or async, and returns no observations"
    return ""


def load_checks(path: Path) -> list[Check]:
    """The checks that one Python file defines, in their order.

    Raises CheckError with the line and the reason if the file cannot be imported.
    """
    name = f"_checks_{re.sub(r'[^A-Za-z0-9]', '_', path.stem)}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise CheckError(f"{path}: not a Python file")
    module = importlib.util.module_from_spec(spec)
    write_bytecode = sys.dont_write_bytecode
    sys.dont_write_bytecode = True  # the folder may be read-only, or about to be zipped
    made: list[Check] = []
    outer = _made.set(made)
    try:
        spec.loader.exec_module(module)
    except CheckError as error:
        place = SourceLine(str(path), 1).reached_by(error)
        raise CheckError(f"{place}: {error}") from None
    except SyntaxError as error:  # it has no frame in the file, and may be in an imported one
        place = SourceLine(error.filename or str(path), error.lineno or 1)
        if os.path.abspath(place.file) == os.path.abspath(path):
            place = SourceLine(str(path), place.line)
        raise CheckError(f"{place}: {type(error).__name__}: {error.msg}") from error
    except Exception as error:  # whatever an instructor's module raises
        place = SourceLine(str(path), 1).reached_by(error)
        raise CheckError(f"{place}: {type(error).__name__}: {error}") from error
    finally:
        sys.dont_write_bytecode = write_bytecode
        _made.reset(outer)
    found = {name: value for name, value in vars(module).items() if isinstance(value, Check)}
    _refuse_replaced(path, found)
    for check in made:
        if not any(check is one for one in found.values()):
            raise CheckError(
                f"{path}:{check.place.line}: the check {check.name} would never run, since no name "
                "at the top of the file is its; a check is a function of its own there, in no "
                "class, function or list"
            )
    return list(found.values())


def _refuse_replaced(path: Path, found: Mapping[str, Check]) -> None:
    """Raise CheckError if a later definition takes the name of a check, which would be lost."""
    first: dict[str, int] = {}
    for node in ast.parse(path.read_bytes()).body:
        if isinstance(node, ast.FunctionDef) and node.decorator_list:
            if node.name in first and node.name in found:
                raise CheckError(
                    f"{path}:{node.lineno}: a second check named {node.name}, which would replace "
                    f"that of line {first[node.name]}; rename one of them"
                )
            first[node.name] = node.lineno


def load_folder(folder: Path) -> list[Check]:
    """The checks of all ``*.py`` in a folder, in the order of the files' names.

    A file whose name begins with an underscore is skipped. Raises CheckError if two checks of one
    question have the same name.
    """
    checks: dict[str, Check] = {}
    for path in sorted(folder.glob("*.py")):
        if path.name.startswith("_"):
            continue
        for check in load_checks(path):
            if check.id in checks:
                raise CheckError(
                    f"{check.place}: a second check named {check.id}; rename one of them"
                )
            checks[check.id] = check
    return list(checks.values())
