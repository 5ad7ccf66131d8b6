"""What a check is, and the decorator that makes one."""

from __future__ import annotations

import inspect
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any

from .compare import Measure
from .errors import CheckError
from .goals import Goal, GoalByData
from .scores import Score
from .source_line import SourceLine
from .tolerances import FLOAT64

Body = Callable[..., Mapping[str, Any]]
#: Where `check` notes what it makes; None if nobody asked.
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
        code = inspect.unwrap(self.body).__code__  # a decorator of its author's may stand between
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
        if problem := _no_body(inspect.unwrap(body)):
            raise CheckError(f"@check({question!r}) belongs above a function, not above {problem}")
        title = (inspect.getdoc(body) or "").partition("\n")[0].strip()
        title = title or name.replace("_", " ")
        if not isinstance(points, (int, float)) or not points > 0:
            raise CheckError(f"check {name} must be worth more than 0 points, not {points!r}")
        if not isinstance(question, str):
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
        noted = _made.get()
        if noted is not None:
            noted.append(made)
        return made

    return decorate


def _no_body(body: object) -> str:
    """What it is, if it can be no body of a check; empty if it can."""
    if not inspect.isfunction(body):
        name = getattr(body, "__name__", "")
        kind = "class" if isinstance(body, type) else type(body).__name__
        return f"the {kind} {name}".rstrip()
    if body.__name__ == "<lambda>":
        return "a lambda, which has no name"
    if inspect.isgeneratorfunction(body) or inspect.iscoroutinefunction(body):
        return f"{body.__name__}, which is a generator or async and returns no observations"
    return ""


@contextmanager
def noting() -> Iterator[list[Check]]:
    """Gives a list that gets every check that `check` makes, also one that nothing refers to."""
    made: list[Check] = []
    token = _made.set(made)
    try:
        yield made
    finally:
        _made.reset(token)
