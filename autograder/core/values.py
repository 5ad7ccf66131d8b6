"""The kinds of value that checks and a student's code exchange, and their descriptions."""

from __future__ import annotations

import itertools
import numbers
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

ARRAY, NUMBER, TEXT, FLAG, NONE, OBJECT = "array", "number", "text", "flag", "none", "object"

#: Structures are described to this depth.
_MAX_DEPTH = 3

#: The dtype.kind of arrays that count as values, and the word for it.
_DTYPES = {"b": "bool", "i": "integer", "u": "integer", "f": "float", "c": "complex"}


def kind(value: object) -> str:
    """``array number text flag none``, or ``object`` for what stays on the student's side."""
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
    """``float``, ``integer``, ``bool`` or ``complex``; two arrays must agree in it to be equal."""
    return _DTYPES.get(dtype.kind, str(dtype))


def describe(value: object, depth: int = 0) -> str:
    """The value's structure in words, without its content: ``array of float, shape (2, 3)``."""
    value_kind = kind(value)
    if value_kind == ARRAY:
        assert isinstance(value, np.ndarray)
        text = f"array of {number_word(value.dtype)}, shape {value.shape}"
        return text if np.all(np.isfinite(value)) else f"{text}, not finite"
    # A type checker cannot see that `kind` has found a number.
    if value_kind == NUMBER and not np.isfinite(value):  # type: ignore[call-overload]
        return "number, not finite"
    if value_kind != OBJECT:
        return value_kind
    if isinstance(value, (tuple, list)) and depth < _MAX_DEPTH:
        inside = ", ".join(_counted(describe(element, depth + 1) for element in value))
        return f"({inside})" if isinstance(value, tuple) else f"[{inside}]"
    if isinstance(value, dict) and depth < _MAX_DEPTH:
        items = sorted(value.items(), key=lambda item: str(item[0]))
        inside = ", ".join(f"{str(k)[:40]!r}: {describe(v, depth + 1)}" for k, v in items)
        return "{" + inside + "}"
    return OBJECT


def _counted(descriptions: Iterable[str]) -> Iterator[str]:
    """The descriptions; four or more equal ones in a row become one: ``100 times number``."""
    for text, group in itertools.groupby(descriptions):
        count = sum(1 for _ in group)
        yield from [text] * count if count < 4 else [f"{count} times {text}"]
