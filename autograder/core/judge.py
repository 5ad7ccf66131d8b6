"""Running one check on one student: first observe, then judge the observations.

The reference and a submission are observed by the same code: the reference's observations are
recorded as the expected outputs, a submission's are compared with them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .checks import Check
from .compare import Comparison, compare, describe_in_sentence
from .data import Data
from .errors import CheckError
from .functions import NEVER_CALLED, FunctionUse
from .goals import Goal
from .objects import plain
from .student import Student, TraceEntry
from .values import ARRAY, NUMBER, OBJECT, TEXT, kind


@dataclass(frozen=True)
class Expected:
    """What one check observed on the reference.

    Attributes:
        observations: by name; those that have a goal are kept too, for people to look at.
        trace: of the reference, see `Student.trace`.
        use: how the reference called the check's functions.
    """

    observations: Mapping[str, Any]
    trace: tuple[TraceEntry, ...] = ()
    use: FunctionUse = NEVER_CALLED


@dataclass(frozen=True)
class Judgement:
    """The comparisons of a check's observations by name; its share is the least of theirs."""

    share: float
    comparisons: Mapping[str, Comparison] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """What differs, a paragraph for each observation; empty if nothing does."""
        differing = ((name, c.message) for name, c in self.comparisons.items() if c.message)
        return "\n".join(f"{name}: {message}" for name, message in differing)


def observe(check: Check, student: Student, data: Data | None = None) -> dict[str, Any]:
    """Run a check's body and return its observations in plain form.

    A training check gets `data`, its classes numbered anew. The body may return a handle where a
    value is expected: the handle is kept, and `judge` gives it no points.

    Raises CheckError if the body returned no dictionary of observations, or if a training check
    gets no data. Whatever the body or the student's side raises passes through.
    """
    rng = np.random.RandomState(check.seed)
    if not check.training:
        returned = check.body(student, rng)
    elif data is None:
        raise CheckError(f"{check.place}: {check.id} trains, and there are no data here")
    else:
        # Another seed than the check's: the student's generators have that one.
        secret = hashlib.sha256(f"classes of {check.id}".encode()).digest()
        order = np.random.RandomState(int.from_bytes(secret[:4], "big"))
        returned = check.body(student, rng, data.with_permuted_classes(order))
    if not isinstance(returned, Mapping) or not returned:
        raise CheckError(f"{check.place}: {check.id} returned no dictionary of observations")
    return {str(name): plain(value) for name, value in returned.items()}


def judge(check: Check, observations: Mapping[str, Any], expected: Expected) -> Judgement:
    """Compare a submission's observations with the expected ones and with the check's goals."""
    comparisons = {}
    for name, expected_value in expected.observations.items():
        if name not in observations:
            comparisons[name] = Comparison(0.0, None, "was not observed")
            continue
        goal = check.goals.get(name)
        if isinstance(goal, Goal):
            comparisons[name] = compare_with_goal(observations[name], goal)
        else:
            tolerance = check.tolerance_of(name)
            comparisons[name] = compare(observations[name], expected_value, tolerance)
    return Judgement(min(c.share for c in comparisons.values()), comparisons)


def compare_with_goal(observed: Any, goal: Goal) -> Comparison:
    """Compare a number with a goal; a text in its place says why there is no number."""
    if kind(observed) == TEXT:
        return Comparison(0.0, None, str(observed))
    if kind(observed) != NUMBER:
        return Comparison(0.0, None, f"got {describe_in_sentence(observed)}, expected a number")
    share = goal.share(float(observed))
    message = "" if share >= 1.0 else f"got {float(observed):.6g}, expected {goal}"
    return Comparison(share, None, message)


def structural_difference(
    trace: Iterable[TraceEntry], expected: Iterable[TraceEntry]
) -> str | None:
    """Where a student's answers first differ in structure from the reference's, in words.

    None if they do not. If a check breaks after such a difference, the submission is the cause; if
    it breaks without one, the check's author is.
    """
    for got, wanted in zip(trace, expected, strict=False):
        if got != wanted:
            return f"got {got.structure} from {got.subject}, expected {wanted.structure}"
    return None


def unrecordable(observations: Mapping[str, Any]) -> str | None:
    """Why these observations cannot serve as expected outputs, or None if they can."""
    for name, value in observations.items():
        if kind(value) == OBJECT:
            return (
                f"{name} is {describe_in_sentence(value)}; return arrays, numbers, strings or flags"
            )
        if kind(value) in (ARRAY, NUMBER) and not np.all(np.isfinite(value)):
            return f"{name} is not finite on the reference"
    return None
