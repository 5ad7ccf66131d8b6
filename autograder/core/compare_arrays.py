"""Comparing arrays: shape and kind of element before values.

Otherwise a broadcast or an empty array would pass (``np.allclose([], [5.0])`` is true). An array
with a NaN or an infinity is wrong.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .comparison import RIGHT, Comparison, differing, excess, show, wrong
from .simple_differences import simple_difference
from .tolerances import Tolerance, widened
from .values import is_finite, number_word

#: The dtype.kind of elements that are compared with a tolerance.
NUMBERS = "biufc"


def compare_arrays(
    observed: Any, expected: Any, tolerance: Tolerance, path: str = ""
) -> Comparison:
    """Compare two arrays. `path` stands before the place of an element in the message."""
    got, wanted = number_word(observed.dtype), number_word(expected.dtype)
    if observed.shape != expected.shape:
        text = f"got shape {observed.shape}, expected {expected.shape}"
        numbers = expected.dtype.kind in NUMBERS
        comparable = got == wanted and numbers and is_finite(observed)
        simple = simple_difference(observed, expected, tolerance) if comparable else ""
        return wrong(f"{text}: {simple}" if simple else text)
    if got != wanted:
        return wrong(f"got elements of kind {got} ({observed.dtype}), expected {wanted}")
    if not expected.size:
        return RIGHT
    if expected.dtype.kind not in NUMBERS:
        return _compare_exactly(observed, expected, path)
    bad = ~np.isfinite(observed)
    if bad.any():
        return wrong(_not_finite(observed, expected, bad, path))
    errors = tolerance.errors(observed, expected)
    error = float(errors.max())
    share = tolerance.share(error)
    message = "" if share >= 1.0 else _difference(observed, expected, errors, tolerance, path)
    return Comparison(share, error, message)


def _compare_exactly(observed: Any, expected: Any, path: str) -> Comparison:
    """Compare arrays of strings, bytes, datetimes or timedeltas."""
    try:
        different = np.asarray(observed != expected)
    except (OverflowError, TypeError):  # datetimes of units that do not fit into one
        return wrong(f"got elements of {observed.dtype}, expected {expected.dtype}")
    if not different.any():
        return RIGHT
    places = np.argwhere(different)
    first = tuple(int(i) for i in places[0])
    return wrong(
        f"{differing(len(places), expected.size, 'elements')}\n"
        f"first at {_element(observed, expected, first, path)}"
    )


def _element(observed: Any, expected: Any, index: tuple[int, ...], path: str) -> str:
    where = ", ".join(map(str, index))
    return f"{path}[{where}]: got {show(observed[index])}, expected {show(expected[index])}"


def _difference(observed: Any, expected: Any, errors: Any, tolerance: Tolerance, path: str) -> str:
    """How the arrays differ, how many elements do, the first and the worst with both values."""
    places = np.argwhere(errors > tolerance.widest)
    first = tuple(int(i) for i in places[0])
    # If 0 is expected, every relative error is 1. Among equal errors, take the largest difference.
    distance = np.where(errors == errors.max(), np.abs(widened(observed) - widened(expected)), -1.0)
    worst = tuple(int(i) for i in np.unravel_index(int(np.argmax(distance)), errors.shape))
    simple = simple_difference(observed, expected, tolerance)
    lines = [
        *([simple] if simple else []),
        f"{differing(len(places), errors.size, 'elements')}: "
        f"{excess(float(errors.max()), tolerance)}",
        f"first at {_element(observed, expected, first, path)}",
    ]
    if worst != first:
        lines.append(f"worst at {_element(observed, expected, worst, path)}")
    return "\n".join(lines)


def _not_finite(observed: Any, expected: Any, bad: Any, path: str) -> str:
    index = tuple(int(i) for i in np.argwhere(bad)[0])
    where = ", ".join(map(str, index))
    count = int(bad.sum())
    text = f"{count} of {observed.size} elements are not finite, the first at"
    if count == 1:
        text = f"1 of {observed.size} elements is not finite, at"
    return f"{text} {path}[{where}]: got {observed[index]}, expected {show(expected[index])}"
