"""Finds arguments of ``@check(...)`` that no check can have: what they are is said in `Check`."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_args

from autograder.core.checks import Check
from autograder.core.compare import Measure
from autograder.core.goals import Goal, GoalByData

#: What NumPy takes as a seed.
_SEEDS = range(2**32)
_TOLERANCE = "a Tolerance, such as Tolerance(((1e-6, 1.0),)), or a dictionary of one for each name"
_GOAL = "a dictionary of a goal for each name, such as {'error': at_most(1e-6)}"


def find_wrong_arguments(checks: Iterable[Check]) -> Iterator[str]:
    """A sentence, with its place, for each argument of a check that is of another kind."""
    for check in checks:
        for argument, value, wanted in _wrong(check):
            yield f"{check.place}: check {check.name} has {argument}={value!r}; it is {wanted}"


def _wrong(check: Check) -> Iterator[tuple[str, Any, str]]:
    """The arguments that are wrong: name, value, and what it should be."""
    if type(check.seed) is not int or check.seed not in _SEEDS:
        yield "seed", check.seed, "a whole number from 0 to 4294967295"
    if check.seconds is not None and not _is_time(check.seconds):
        yield "seconds", check.seconds, "a number above 0"
    for name in ("visible", "training"):
        if not isinstance(getattr(check, name), bool):
            yield name, getattr(check, name), "True or False"
    for name in ("hint", "when"):
        if not isinstance(getattr(check, name), str):
            yield name, getattr(check, name), "a text"
    if check.score is not None and not callable(check.score):
        yield "score", check.score, "a function that takes the observations and returns 0 to 1"
    if not all(isinstance(need, str) for need in check.needs):
        yield "needs", list(check.needs), 'a list of questions, such as ["root"]'
    if check.question in check.needs:
        yield "needs", list(check.needs), "for other questions than its own; leave it out"
    if not all(isinstance(one, get_args(Measure)) for one in _values(check.tolerance)):
        yield "tolerance", check.tolerance, _TOLERANCE
    if not all(isinstance(one, (Goal, GoalByData)) for one in check.goals.values()):
        yield "goals", dict(check.goals), _GOAL


def _is_time(value: Any) -> bool:
    return isinstance(value, (int, float)) and value > 0 and math.isfinite(value)


def _values(one_or_many: Any) -> list[Any]:
    return list(one_or_many.values()) if isinstance(one_or_many, Mapping) else [one_or_many]
