"""Comparing numbers: floats with a tolerance, long integers, Decimals and Fractions exactly."""

from __future__ import annotations

import sys
from fractions import Fraction
from typing import Any

import numpy as np

from .comparison import RIGHT, Comparison, excess, show, wrong
from .simple_differences import simple_difference
from .tolerances import EXACT, FLOAT32, FLOAT64, Tolerance
from .values import is_finite

#: Integers of more bits than this are not exact as floats.
_EXACT_BITS = 53
#: As in `tolerances.rel_error`.
_SMALLEST = Fraction(1, 10**8)


def compare_numbers(observed: Any, expected: Any, tolerance: Tolerance) -> Comparison:
    """Compare two numbers: int, float, complex, NumPy's; the observed one may be a Fraction."""
    if not is_finite(observed):
        return wrong(f"got {observed}, which is not finite; expected {show(expected)}")
    if any(isinstance(value, complex) for value in (observed, expected)):
        pass
    elif any(map(_is_long, (observed, expected))):
        return _compare_exactly(observed, expected, tolerance)
    if isinstance(observed, Fraction):
        observed = as_float(observed)
    observed, expected = np.asarray(observed), np.asarray(expected)
    error = float(tolerance.errors(observed, expected))
    share = tolerance.share(error)
    if share >= 1.0:
        return Comparison(share, error, "")
    simple = simple_difference(observed, expected, tolerance)
    words = "; ".join(filter(None, (simple, excess(error, tolerance))))
    text = f"got {show(observed)}, expected {show(expected)}: {words}"
    return Comparison(share, error, text)


def compare_exact_numbers(observed: Any, expected: Any, tolerance: Tolerance) -> Comparison:
    """Compare two Decimals or two Fractions.

    They are not rounded as floats are, so that the tolerances for floats do not apply to them; one
    of the check's own does.
    """
    if not is_finite(observed):
        return wrong(f"got {observed}, which is not finite; expected {show(expected)}")
    floats = tolerance in (FLOAT64, FLOAT32)
    return _compare_exactly(observed, expected, EXACT if floats else tolerance)


def as_float(value: Any) -> float:
    """A real number as a float, an infinity if it is too large for one."""
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def _compare_exactly(observed: Any, expected: Any, tolerance: Tolerance) -> Comparison:
    x, y = _exact(observed), _exact(expected)
    if x == y:
        return RIGHT
    text = f"got {show(observed)}, expected {show(expected)}"
    if not any(error for error, _ in tolerance.tiers):
        return wrong(text)  # how large the error is would take long to compute, and is of no use
    # As a float it may be too small for anything but 0, and is not 0.
    difference, size = abs(Fraction(x) - Fraction(y)), abs(Fraction(x)) + abs(Fraction(y))
    error = max(float(difference / max(_SMALLEST, size)), sys.float_info.min)
    share = tolerance.share(error)
    message = "" if share >= 1.0 else f"{text}: {excess(error, tolerance)}"
    return Comparison(share, error, message)


def _is_long(value: Any) -> bool:
    number = isinstance(value, int) and not isinstance(value, bool)
    return number and int(value).bit_length() > _EXACT_BITS


def _exact(value: Any) -> Any:
    """A number that compares exactly with others: Python does so with all of its own."""
    return value.item() if isinstance(value, (np.ndarray, np.generic)) else value
