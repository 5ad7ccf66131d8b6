"""Running one check on one student: first observe, then judge the observations.

The reference and a submission are observed by the same code: the reference's observations are
recorded as the expected outputs, a submission's are compared with them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from .checks import Check
from .compare import compare, compare_with_goal
from .comparison import Comparison, describe_in_sentence
from .data import Data
from .errors import CheckError
from .functions import NEVER_CALLED, FunctionUse
from .goals import Goal
from .grader_data import GraderData
from .plain import no_value, plain
from .remote import Handle, RemoteName
from .scores import Score, share_by, unlike
from .student import Student, TraceEntry
from .tables import Table
from .values import OBJECT, SET, is_finite, is_pandas, kind


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
    """What a check's observations earn.

    Attributes:
        share: of the points: what the check's score gives, or the least of the comparisons' shares.
        comparisons: of the observations with the expected outputs, by name.
        flagged: for staff: why a person should look at the check itself, or empty.
    """

    share: float
    comparisons: Mapping[str, Comparison] = field(default_factory=dict)
    flagged: str = ""

    @property
    def message(self) -> str:
        """What differs, a paragraph for each observation; empty if nothing does."""
        differing = ((name, c.message) for name, c in self.comparisons.items() if c.message)
        return "\n".join(f"{name}: {message}" for name, message in differing)


def observe(
    check: Check,
    student: Student,
    data: Data | None = None,
    grader_data: GraderData | None = None,
) -> dict[str, Any]:
    """Run a check's body and return its observations in plain form.

    A training check gets `data`, its classes numbered anew. A check with an argument `grader_data`
    gets that. A handle or a name that the body returns is fetched by value. If it is of an object
    that is no value, the handle is kept, and `judge` gives it no points.

    Raises CheckError if the body returned no dictionary of observations, or if there are no data
    for a check that needs some. Whatever the body or the student's side raises passes through.
    """
    rng = np.random.RandomState(check.seed)
    further: dict[str, Any] = {}
    if check.reads_grader_data:
        if grader_data is None:
            raise CheckError(f"{check.place}: {check.id} reads grader_data, and there is none here")
        further["grader_data"] = grader_data
    if not check.training:
        returned = check.body(student, rng, **further)
    elif data is None:
        raise CheckError(f"{check.place}: {check.id} trains, and there are no data here")
    else:
        # Another seed than the check's: the student's generators have that one.
        secret = hashlib.sha256(f"classes of {check.id}".encode()).digest()
        order = np.random.RandomState(int.from_bytes(secret[:4], "big"))
        returned = check.body(student, rng, data.with_permuted_classes(order), **further)
    if not isinstance(returned, Mapping) or not returned:
        raise CheckError(
            f"{check.place}: {check.id} returned no dictionary of observations; a check asserts "
            "nothing, it returns what it saw by names of its own"
        )
    return {str(name): _observed(student, value) for name, value in returned.items()}


def _observed(student: Student, value: Any) -> Any:
    """An observation in plain form; what is on the student's side and is a value is fetched."""
    if isinstance(value, (Handle, RemoteName)):
        return student.get(value)

    def fetched(inside: Any) -> Any:
        if isinstance(inside, (Handle, RemoteName)):
            return student.get(inside)
        return no_value(inside) if is_pandas(inside) else inside

    return plain(value, fetched)


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
    if check.score is None:
        return Judgement(min(c.share for c in comparisons.values()), comparisons)
    return _scored(check.score, observations, expected, comparisons)


def _scored(
    score: Score,
    observations: Mapping[str, Any],
    expected: Expected,
    comparisons: Mapping[str, Comparison],
) -> Judgement:
    """What an author's score gives. It is not asked where an observation is of another kind.

    Nor where one holds an object, which the function could ask for more, or a NaN.
    """
    for name, value in expected.observations.items():
        if name not in observations or unlike(observations[name], value):
            return Judgement(0.0, comparisons)
        if unrecordable({name: observations[name]}) is not None:
            return Judgement(0.0, comparisons)
    share, flagged = share_by(score, observations)
    # What differs explains a share below 1; it is no difference at all where all is earned.
    return Judgement(
        share,
        {
            name: replace(c, share=share, message=c.message if share < 1 else "")
            for name, c in comparisons.items()
        },
        flagged,
    )


def structural_difference(
    trace: Iterable[TraceEntry], expected: Iterable[TraceEntry]
) -> str | None:
    """Where a student's answers first differ in structure from the reference's, in words.

    None if they do not. If a check breaks after such a difference, the submission is the cause; if
    it breaks without one, the check's author is.
    """
    for got, wanted in zip(trace, expected, strict=False):
        if got.unpacked != wanted.unpacked:
            return f"got {got.structure} from {got.subject}, expected {wanted.structure}"
    return None


def unrecordable(observations: Mapping[str, Any]) -> str | None:
    """Why these observations cannot serve as expected outputs, or None if they can."""
    return next((r for name, v in observations.items() for r in _reasons(v, name)), None)


def _instead_of(found: str) -> str:
    """What a check can return in the place of an object, which is described in words."""
    if "ndarray of dtype object" in found:
        return "return the list of its elements, x.tolist(), or an array of numbers"
    if "ndarray of dtype" in found:
        return "return arrays of numbers, flags or strings: its fields one by one, such as x['a']"
    if "Masked" in found:
        return "return an array without masked elements, such as x.filled(0), and its mask"
    return "return arrays, numbers, strings or other values"


def _reasons(value: Any, place: str) -> Iterator[str]:
    """Why a value, or something that it holds, cannot be recorded."""
    if kind(value) == OBJECT:
        found = describe_in_sentence(value)
        yield f"{place} is {found}; {_instead_of(found)}"
    elif not is_finite(value):
        yield f"{place} is not finite on the reference"
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _reasons(item, f"{place}[{key!r}]")
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from _reasons(item, f"{place}[{index}]")
    elif kind(value) == SET:
        for item in value:
            yield from _reasons(item, f"{place}{{…}}")
    elif isinstance(value, Table):  # missing cells are kept, and are not finite
        for column in value.columns:
            if isinstance(column.values, list):
                yield from _reasons(column.values, f"{place}[{column.name!r}]")
