"""Comparing an observation with the expected output, with a message that teaches what differs.

Shape and kind are compared before values. Otherwise a broadcast or an empty array would pass
(``np.allclose([], [5.0])`` is true). An array with a NaN or an infinity is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from .compare_texts import NumbersInText, text_difference
from .picks import Picks
from .simple_differences import simple_difference
from .student import Handle
from .tolerances import Tolerance, widened
from .values import ARRAY, NUMBER, OBJECT, TEXT, describe, kind, number_word

#: How an observation is compared with the expected output.
Measure: TypeAlias = Tolerance | Picks | NumbersInText


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


def compare(observed: object, expected: object, tolerance: Measure) -> Comparison:
    """Compare one observation with its expected output (arrays, numbers, strings, flags, None)."""
    if kind(observed) != kind(expected):
        return _wrong(
            f"got {describe_in_sentence(observed)}, expected {describe_in_sentence(expected)}"
        )
    if isinstance(tolerance, Picks):
        share = tolerance.share(str(observed), str(expected))
        message = "" if share >= 1.0 else f"got picks {observed}, expected {expected}"
        return Comparison(share, None, message)
    if kind(expected) == TEXT:
        return _compare_texts(str(observed), str(expected), tolerance)
    if isinstance(tolerance, NumbersInText):  # of other observations of the same check
        tolerance = tolerance.numbers
    if kind(expected) == ARRAY:
        return _compare_arrays(np.asarray(observed), np.asarray(expected), tolerance)
    if kind(expected) == NUMBER:
        return _compare_numbers(np.asarray(observed), np.asarray(expected), tolerance)
    return RIGHT if observed == expected else _wrong(f"got {observed!r}, expected {expected!r}")


def describe_in_sentence(value: object) -> str:
    """What `describe` says of a value, with an article, for use in a sentence."""
    words = {"none": "None", "number": "a number", "text": "a string", "flag": "True or False"}
    if isinstance(value, tuple):
        return f"{len(value)} values {describe(value)}"
    if kind(value) == OBJECT:
        name = value._ref.type_name if isinstance(value, Handle) else type(value).__name__
        return f"an object of type {name}"
    return words.get(kind(value)) or f"an {describe(value)}"


def _compare_texts(
    observed: str, expected: str, tolerance: Tolerance | NumbersInText
) -> Comparison:
    if observed == expected:
        return RIGHT
    share, error = 0.0, None
    if isinstance(tolerance, NumbersInText):
        share, error = tolerance.share(observed, expected)
    return Comparison(share, error, "" if share >= 1 else text_difference(observed, expected))


def _compare_numbers(observed: Any, expected: Any, tolerance: Tolerance) -> Comparison:
    if not np.isfinite(observed):
        return _wrong(f"got {observed}, which is not finite; expected {_show(expected)}")
    error = float(tolerance.errors(observed, expected))
    share = tolerance.share(error)
    if share >= 1.0:
        return Comparison(share, error, "")
    simple = simple_difference(observed, expected, tolerance)
    excess = "; ".join(filter(None, (simple, _excess(error, tolerance))))
    text = f"got {_show(observed)}, expected {_show(expected)}: {excess}"
    return Comparison(share, error, text)


def _compare_arrays(observed: Any, expected: Any, tolerance: Tolerance) -> Comparison:
    got, wanted = number_word(observed.dtype), number_word(expected.dtype)
    if observed.shape != expected.shape:
        text = f"got shape {observed.shape}, expected {expected.shape}"
        comparable = got == wanted and np.all(np.isfinite(observed))
        simple = simple_difference(observed, expected, tolerance) if comparable else ""
        return _wrong(f"{text}: {simple}" if simple else text)
    if got != wanted:
        return _wrong(f"got elements of kind {got} ({observed.dtype}), expected {wanted}")
    if not expected.size:
        return RIGHT
    bad = ~np.isfinite(observed)
    if bad.any():
        return _wrong(_not_finite(observed, expected, bad))
    errors = tolerance.errors(observed, expected)
    error = float(errors.max())
    share = tolerance.share(error)
    message = "" if share >= 1.0 else _difference(observed, expected, errors, tolerance)
    return Comparison(share, error, message)


def _difference(observed: Any, expected: Any, errors: Any, tolerance: Tolerance) -> str:
    """How the arrays differ, how many elements do, the first and the worst with both values."""
    wrong = np.argwhere(errors > tolerance.widest)
    first = tuple(int(i) for i in wrong[0])
    # If 0 is expected, every relative error is 1. Among equal errors, take the largest difference.
    distance = np.where(errors == errors.max(), np.abs(widened(observed) - widened(expected)), -1.0)
    worst = tuple(int(i) for i in np.unravel_index(int(np.argmax(distance)), errors.shape))

    def element(index: tuple[int, ...]) -> str:
        where = ", ".join(map(str, index))
        return f"[{where}]: got {_show(observed[index])}, expected {_show(expected[index])}"

    simple = simple_difference(observed, expected, tolerance)
    lines = [
        *([simple] if simple else []),
        f"{len(wrong)} of {errors.size} elements differ: {_excess(float(errors.max()), tolerance)}",
        f"first at {element(first)}",
    ]
    if worst != first:
        lines.append(f"worst at {element(worst)}")
    return "\n".join(lines)


def _not_finite(observed: Any, expected: Any, bad: Any) -> str:
    index = tuple(int(i) for i in np.argwhere(bad)[0])
    where = ", ".join(map(str, index))
    return (
        f"{int(bad.sum())} of {observed.size} elements are not finite, "
        f"the first at [{where}]: got {observed[index]}, expected {_show(expected[index])}"
    )


def _excess(error: float, tolerance: Tolerance) -> str:
    measure = "error relative to the largest element" if tolerance.normwise else "relative error"
    return f"{measure} {error:.3g}, tolerance {tolerance.widest:.3g}"


def _show(number: Any) -> str:
    if number.dtype.kind not in "fc":
        return str(number.item())
    return f"{number.item() + 0.0:.10g}"  # no negative zero


def _wrong(message: str) -> Comparison:
    return Comparison(0.0, None, message)
