"""Running one check on one student: observe, then judge. The same path records and compares."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .checks import Check
from .compare import Comparison, compare, with_article
from .data import Data
from .errors import CheckError
from .goals import Goal
from .objects import plain
from .student import Student
from .values import ARRAY, NUMBER, OBJECT, TEXT, kind


@dataclass(frozen=True)
class Expected:
    """What the reference gave for one check.

    Attributes:
        observations: by name; those with a goal are kept too, for people to look at.
        trace: the structure of everything its calls returned, see `Student.trace`.
    """

    observations: Mapping[str, Any]
    trace: tuple[str, ...] = ()


@dataclass(frozen=True)
class Judgement:
    """A check's verdict: the least share of its observations, each with its comparison."""

    share: float
    comparisons: Mapping[str, Comparison] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """What differs, one observation a paragraph; empty if nothing does."""
        differing = ((name, c.message) for name, c in self.comparisons.items() if c.message)
        return "\n".join(f"{name}: {message}" for name, message in differing)


def observe(check: Check, student: Student, data: Data | None = None) -> dict[str, Any]:
    """Run a check's body and return its observations in plain form.

    A training check gets `data`, its classes renamed. An object that stayed on the student's side
    may stand where a value should: it is kept as it is, and judged wrong.

    Raises CheckError if the body returned no dictionary of observations, and whatever the body or
    the student's side raises.
    """
    rng = np.random.RandomState(check.seed)
    if not check.training:
        returned = check.body(student, rng)
    elif data is None:
        raise CheckError(f"{check.place}: {check.id} trains, and there are no data here")
    else:
        # Not by the check's seed: the student's side has generators of that seed.
        secret = hashlib.sha256(f"classes of {check.id}".encode()).digest()
        names = np.random.RandomState(int.from_bytes(secret[:4], "big"))
        returned = check.body(student, rng, data.renamed(names))
    if not isinstance(returned, Mapping) or not returned:
        raise CheckError(f"{check.place}: {check.id} returned no dictionary of observations")
    return {str(name): plain(value) for name, value in returned.items()}


def judge(check: Check, observations: Mapping[str, Any], expected: Expected) -> Judgement:
    """Compare a submission's observations with the expected ones and with the check's goals."""
    comparisons = {}
    for name, wanted in expected.observations.items():
        if name not in observations:
            comparisons[name] = Comparison(0.0, None, "was not observed")
            continue
        goal = check.goals.get(name)
        if isinstance(goal, Goal):
            comparisons[name] = reach(observations[name], goal)
        else:
            comparisons[name] = compare(observations[name], wanted, check.tolerance_of(name))
    return Judgement(min(c.share for c in comparisons.values()), comparisons)


def reach(observed: Any, goal: Goal) -> Comparison:
    """Compare a number with a goal."""
    if kind(observed) == TEXT:
        return Comparison(0.0, None, str(observed))
    if kind(observed) != NUMBER:
        return Comparison(0.0, None, f"got {with_article(observed)}, expected a number")
    share = goal.share(float(observed))
    message = "" if share >= 1.0 else f"got {float(observed):.6g}, the goal is {goal}"
    return Comparison(share, None, message)


def structural_difference(trace: list[str], expected: tuple[str, ...]) -> str | None:
    """Where a student's answers first had another structure than the reference's, in words.

    A check that breaks after a departure was broken by the submission; one that breaks without
    any was broken by its author.
    """
    for came, wanted in zip(trace, expected, strict=False):
        if came != wanted:
            subject, _, structure = came.partition(" -> ")
            return f"{subject} returned {structure}; expected {wanted.partition(' -> ')[2]}"
    return None


def unrecordable(observations: Mapping[str, Any]) -> str | None:
    """Why these observations cannot serve as expected outputs, or None if they can."""
    for name, value in observations.items():
        what = kind(value)
        if what == OBJECT:
            return f"{name} is {with_article(value)}; return arrays, numbers, strings or flags"
        if what in (ARRAY, NUMBER) and not np.all(np.isfinite(value)):
            return f"{name} is not finite on the reference"
    return None
