"""The kinds of value that cross between a check and a student's code, and their description."""

from __future__ import annotations

import itertools
import numbers
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

import numpy as np

#: What crosses by value. A 0-d array and a NumPy scalar count as numbers.
Value: TypeAlias = "np.ndarray[Any, Any] | np.generic | float | int | str | bool | None"

ARRAY, NUMBER, TEXT, FLAG, NONE, OBJECT = "array", "number", "text", "flag", "none", "object"

#: Structures are described to this depth.
_DEEPEST = 3

#: dtype.kind of the arrays that count as values, with the word a person would use.
_DTYPES = {"b": "bool", "i": "integer", "u": "integer", "f": "float", "c": "complex"}


def kind(value: object) -> str:
    """One of ``array number text flag none``, or ``object`` for anything that has to stay put."""
    if value is None:
        return NONE
    if isinstance(value, (bool, np.bool_)):
        return FLAG
    if isinstance(value, (np.ndarray, np.generic)):
        if value.dtype.kind not in _DTYPES or value.dtype.itemsize > 16:
            return TEXT if isinstance(value, np.str_) else OBJECT
        if value.ndim:
            return ARRAY
        return FLAG if value.dtype.kind == "b" else NUMBER
    if isinstance(value, str):
        return TEXT
    return NUMBER if isinstance(value, numbers.Real) else OBJECT


def number_word(dtype: np.dtype[Any]) -> str:
    """``float``, ``integer``, ``bool`` or ``complex``: what must agree between two arrays."""
    return _DTYPES.get(dtype.kind, str(dtype))


def describe(value: object, depth: int = 0) -> str:
    """The value's structure in words, without its content: ``array of float, shape (2, 3)``."""
    what = kind(value)
    if what == ARRAY:
        assert isinstance(value, np.ndarray)
        text = f"array of {number_word(value.dtype)}, shape {value.shape}"
        return text if np.all(np.isfinite(value)) else f"{text}, not finite"
    # `kind` has said that it is a number, which a type checker cannot see.
    if what == NUMBER and not np.isfinite(value):  # type: ignore[call-overload]
        return "number, not finite"
    if what != OBJECT:
        return what
    if isinstance(value, (tuple, list)) and depth < _DEEPEST:
        inside = ", ".join(_counted(describe(element, depth + 1) for element in value))
        return f"({inside})" if isinstance(value, tuple) else f"[{inside}]"
    if isinstance(value, dict) and depth < _DEEPEST:
        items = sorted(value.items(), key=lambda item: str(item[0]))
        inside = ", ".join(f"{str(k)[:40]!r}: {describe(v, depth + 1)}" for k, v in items)
        return "{" + inside + "}"
    return OBJECT


def _counted(descriptions: Iterable[str]) -> Iterator[str]:
    """Many equal ones in a row as one with their number: ``100 times number``."""
    for text, alike in itertools.groupby(descriptions):
        number = sum(1 for _ in alike)
        yield from [text] * number if number < 4 else [f"{number} times {text}"]
