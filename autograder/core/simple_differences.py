"""Differences that have a simple shape, and so often a simple cause, in words.

A gradient that was not divided by N, a transposed matrix, a padding that was cut off on one side:
each is one sentence, while a list of elements that differ hides it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from .tolerances import Tolerance, widened

Array = np.ndarray[Any, Any]

#: No claim is made with a wider tolerance than this.
_CLAIMED = 1e-3
#: Arrays of more axes are not compared in another order of the axes.
_MOST_AXES = 4
#: Factors up to this, and one over them, are simple enough to be no accident for a single number.
_SIMPLE = 100
#: With this many elements that are not 0, any common factor is no accident.
_ENOUGH = 3


def simple_difference(observed: Array, expected: Array, tolerance: Tolerance) -> str:
    """The difference of two arrays or numbers in a few words, if it has a simple shape; else empty.

    Both are finite and of one kind. They may differ in shape: then it is said if their values
    agree in another order of the axes, or in the expected shape.
    """
    same = _Same(tolerance)
    with np.errstate(all="ignore"):  # what overflows is not the same
        if observed.shape != expected.shape:
            return next(_differences_in_shape(observed, expected, same), "")
        return next(_differences_in_value(observed, expected, same), "")


class _Same:
    """Whether arrays agree within a tolerance."""

    def __init__(self, tolerance: Tolerance) -> None:
        self._tolerance = tolerance
        self._limit = min(tolerance.widest, _CLAIMED)

    def __call__(self, x: Array, y: Array) -> bool:
        return bool(np.all(self.elements(x, y)))

    def elements(self, x: Array, y: Array) -> Array:
        """Which elements agree."""
        return np.asarray(self._tolerance.errors(x, y) <= self._limit)


def _differences_in_shape(observed: Array, expected: Array, same: _Same) -> Iterator[str]:
    order = _order_of_axes(observed, expected, same)
    if order:
        yield order
    elif observed.size == expected.size and same(observed.reshape(expected.shape), expected):
        yield "the values are right, the shape is not"


def _differences_in_value(observed: Array, expected: Array, same: _Same) -> Iterator[str]:
    x, y = widened(observed), widened(expected)
    if not x.ndim and {observed.dtype.kind, expected.dtype.kind} != {"f"}:
        return  # twice a small whole number may be chance
    if x.ndim and np.any(y) and not np.any(x):
        yield "all values are 0"
    yield from _scaled(x, y, same)
    order = _order_of_axes(x, y, same)
    if order:
        yield order
    yield from _shifted(x, y, same)
    if x.ndim > 1:
        right = same.elements(x, y)
        yield from _one_slice(right)
        yield from _border(right)


def _scaled(x: Array, y: Array, same: _Same) -> Iterator[str]:
    """All values are k times the expected ones."""
    if x.dtype.kind == "c":
        return
    largest = np.unravel_index(int(np.argmax(np.abs(y))), y.shape)
    factor = x[largest] / y[largest]
    if not factor or not np.isfinite(factor) or not np.isfinite(1 / factor):
        return
    words = _factor_in_words(factor, x.shape)
    simple = words[:1] != "~"
    if not simple and _looks_whole(words):
        return
    if (simple or np.count_nonzero(y) >= _ENOUGH) and same(x, factor * y):
        subject = "all values are" if x.ndim else "it is"
        yield f"{subject} {words.removeprefix('~')} times the expected"


def _factor_in_words(factor: Any, shape: tuple[int, ...]) -> str:
    """``2``, ``-1``, ``1/5 (5 is the length of the first axis)``; ``~0.37`` if it is not simple."""
    for value, form in ((factor, "{}"), (1 / factor, "1/{}")):
        whole = round(float(value))
        if 1 <= abs(whole) <= _SIMPLE and abs(value - whole) <= 1e-6 * abs(whole):
            sign = "-" if whole < 0 else ""
            words = sign + form.format(abs(whole))
            if shape and abs(whole) == shape[0] > 1:
                words += f" ({shape[0]} is the length of the first axis)"
            return words
    return f"~{factor:.6g}"


def _looks_whole(words: str) -> bool:
    """Whether a factor that is not simple reads as a whole number: it is one but for rounding."""
    return float(words.removeprefix("~")).is_integer()


def _order_of_axes(x: Array, y: Array, same: _Same) -> str:
    """The values of x are those of y with its axes in another order."""
    if not 1 < x.ndim <= _MOST_AXES or x.ndim != y.ndim:
        return ""
    for order in _orders(x.ndim):
        turned = y.transpose(order)
        if turned.shape == x.shape and same(x, turned):
            if x.ndim == 2:
                return "it is the expected array, transposed"
            return f"it is the expected array with its axes in the order {order}"
    return ""


def _orders(count: int) -> Iterator[tuple[int, ...]]:
    """All orders of the axes but the usual one."""
    for index in np.ndindex(*(count,) * count):
        if len(set(index)) == count and index != tuple(range(count)):
            yield index


def _shifted(x: Array, y: Array, same: _Same) -> Iterator[str]:
    """All values are the expected ones plus a constant."""
    if x.dtype.kind == "c" or x.size < _ENOUGH:
        return
    shift = float(np.median(x - y))
    if same(x, y + shift) and same(x - y, np.full_like(x, shift)):
        yield f"all values are the expected plus {shift:.6g}"


def _one_slice(right: Array) -> Iterator[str]:
    """All is right but for one index of an axis: an example, a row, a channel."""
    for axis, length in enumerate(right.shape):
        others = tuple(a for a in range(right.ndim) if a != axis)
        wrong = np.flatnonzero(~np.all(right, axis=others))
        if length > 1 and len(wrong) == 1 and np.count_nonzero(~right) > 1:
            where = ", ".join([":"] * axis + [str(int(wrong[0]))])
            what = "one example or row" if axis == 0 else "one index of an axis"
            yield f"right but for {what}, [{where}]"


def _border(right: Array) -> Iterator[str]:
    """All is right but for the border of the last two axes, as of images."""
    if min(right.shape[-2:]) < 3 or not np.all(right[..., 1:-1, 1:-1]):
        return
    sides = {
        "first row": right[..., 0, 1:-1], "last row": right[..., -1, 1:-1],
        "first column": right[..., 1:-1, 0], "last column": right[..., 1:-1, -1],
    }  # fmt: skip
    wrong = [name for name, elements in sides.items() if not np.all(elements)]
    if len(wrong) == len(sides):
        yield "right but for the border (of the last two axes)"
    elif wrong:
        yield f"right but for the border (of the last two axes): {', '.join(wrong)}"
