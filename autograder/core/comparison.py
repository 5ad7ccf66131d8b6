"""The result of comparing one observation, and the words that all comparisons use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .remote import Handle
from .tables import Table
from .tolerances import Tolerance
from .values import (
    ARRAY,
    BYTES,
    DATE,
    DATETIME,
    DECIMAL,
    DICT,
    FLAG,
    FRACTION,
    LIST,
    NONE,
    NUMBER,
    OBJECT,
    RANGE,
    SET,
    TEXT,
    TIME,
    TIMEDELTA,
    TUPLE,
    describe,
    kind,
    type_name,
)  # fmt: skip

#: A value in a message has this many characters at most.
_SHORT = 200
_IN_SENTENCE = {
    NONE: "None", NUMBER: "a number", TEXT: "a string", FLAG: "True or False", BYTES: "bytes",
    DECIMAL: "a Decimal", FRACTION: "a Fraction", RANGE: "a range", DATE: "a date",
    TIME: "a time", DATETIME: "a datetime", TIMEDELTA: "a timedelta",
}  # fmt: skip
_CONTAINERS = {LIST: "a list", TUPLE: "a tuple", DICT: "a dictionary", SET: "a set"}


@dataclass(frozen=True)
class Comparison:
    """The result of comparing one observation.

    Attributes:
        share: of the points, 0 to 1.
        error: the largest error, measured as the tolerance says; None if there is no number.
        message: the difference in words, with values; empty if the observation is right.
    """

    share: float
    error: float | None
    message: str


RIGHT = Comparison(1.0, 0.0, "")

#: What compares a value inside of another: observed, expected, tolerance, path.
Compare = Callable[[Any, Any, Tolerance, str], Comparison]


def wrong(message: str) -> Comparison:
    """The result for an observation that earns nothing."""
    return Comparison(0.0, None, message)


def wrong_kind(observed: object, expected: object) -> Comparison:
    """The result for an observation of another kind."""
    if {kind(observed), kind(expected)} == {LIST, TUPLE}:
        got, wanted = (_CONTAINERS[kind(value)] for value in (observed, expected))
        return wrong(f"got {got}, expected {wanted}")
    return wrong(f"got {describe_in_sentence(observed)}, expected {describe_in_sentence(expected)}")


def describe_in_sentence(value: object) -> str:
    """What `describe` says of a value, with an article, for use in a sentence."""
    found = kind(value)
    if isinstance(value, tuple):
        count = "1 value" if len(value) == 1 else f"{len(value)} values"
        return f"{count} {describe(value)}"
    if isinstance(value, (set, frozenset)):
        return f"{'a' if value else 'an'} {describe(value)}"
    if found in _CONTAINERS:
        return f"{_CONTAINERS[found]} {describe(value)}"
    if isinstance(value, Table):
        article = "an" if value.form == "Index" else "a"
        return f"{article} {value.describe()}"
    if found == OBJECT:
        name = value._ref.type_name if isinstance(value, Handle) else type_name(value)
        return f"an object of type {name}"
    assert found == ARRAY or found in _IN_SENTENCE
    return _IN_SENTENCE.get(found) or f"an {describe(value)}"


def show(value: Any) -> str:
    """A value in a message: a number with ten digits, anything else as Python writes it."""
    if hasattr(value, "dtype"):
        if value.dtype.kind in "fc":
            return f"{value.item() + 0.0:.10g}"  # no negative zero
        if value.dtype.kind == "M":
            return str(np.datetime_as_string(value, unit="auto"))
        if value.dtype.kind == "m":
            return str(value)
        value = value.item()
    if isinstance(value, (float, complex)):
        return f"{value + 0.0:.10g}"
    return short(str(value) if kind(value) in _PLAINLY else repr(value))


_PLAINLY = (NUMBER, DECIMAL, FRACTION, DATE, TIME, DATETIME, TIMEDELTA)


def short(text: str) -> str:
    """A text of at most some hundred characters; what is left out is said."""
    if len(text) <= _SHORT:
        return text
    half = _SHORT // 2
    return f"{text[:half]}…{text[-half:]} ({len(text)} characters)"


def excess(error: float, tolerance: Tolerance) -> str:
    """How large the error is, and how large it may be."""
    measure = "error relative to the largest element" if tolerance.normwise else "relative error"
    return f"{measure} {error:.3g}, tolerance {tolerance.widest:.3g}"


def merged(parts: Iterable[tuple[str, Comparison]], what: str) -> Comparison:
    """The result for a container, of the results for what it holds, by path.

    It earns the least share of all. The first that differ are told. Once it can earn nothing and
    enough is told, the rest is not looked at.

    Args:
        what: its values, in a word of the plural.
    """
    seen: list[Comparison] = []
    lines: list[str] = []
    for path, found in parts:
        if found.message and len(lines) == _TOLD:
            more = f"more {what} differ"
            if min(c.share for c in seen) <= 0:
                return wrong("\n".join([*lines, more]))
            lines.append(more)
        elif found.message and len(lines) < _TOLD:
            lines.append(_at(path, found.message))
        seen.append(found)
    share = min((c.share for c in seen), default=1.0)
    return Comparison(share, largest_error(seen), "\n".join(lines))


def largest_error(parts: Sequence[Comparison]) -> float | None:
    """The largest error of some comparisons; None if one differs that has none."""
    if any(c.message and c.error is None for c in parts):
        return None
    return max((c.error for c in parts if c.error is not None), default=0.0)


#: So many differences inside of a container are told one by one.
_TOLD = 3


def differing(count: int, total: int, what: str) -> str:
    """How many of some things differ; `what` they are, in a word of the plural."""
    return f"{count} of {total} {what} {'differs' if count == 1 else 'differ'}"


def missing_and_extra(
    missing: Sequence[Any],
    extra: Sequence[Any],
    named: Callable[[Sequence[Any]], str],
    nouns: tuple[str, str] = ("", ""),
) -> list[str]:
    """What is missing, and what is there and should not be, in a part of a sentence each.

    Args:
        named: the names of some of them as a text.
        nouns: what stands before one name, and before several.
    """
    parts = [(missing, "is missing", "are missing"), (extra, "is too many", "are too many")]
    words = []
    for things, single, plural in parts:
        if things:
            noun, verb = (nouns[0], single) if len(things) == 1 else (nouns[1], plural)
            words.append(f"{noun} {named(things)} {verb}".strip())
    return words


def _at(path: str, message: str) -> str:
    """A message with its place, unless it already begins with a deeper one."""
    return message if message.startswith("at ") else f"at {path}: {message}"
