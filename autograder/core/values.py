"""The kinds of value that cross between a check and a student's code, and their description."""

from __future__ import annotations

import numbers
from typing import Any, TypeAlias

import numpy as np

#: What crosses by value. A 0-d array and a NumPy scalar count as numbers.
Value: TypeAlias = "np.ndarray[Any, Any] | np.generic | float | int | str | bool | None"

ARRAY, NUMBER, TEXT, FLAG, NONE, OBJECT = "array", "number", "text", "flag", "none", "object"

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


def describe(value: object) -> str:
    """The value's structure in words, without its content: ``array of float, shape (2, 3)``."""
    what = kind(value)
    if what == ARRAY:
        assert isinstance(value, np.ndarray)
        return f"array of {number_word(value.dtype)}, shape {value.shape}"
    if what != OBJECT:
        return what
    if isinstance(value, tuple):
        return f"({', '.join(describe(element) for element in value)})"
    return OBJECT
