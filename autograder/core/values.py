"""The kinds of value that checks and a student's code exchange, and their descriptions.

What crosses, and how an observation is compared with its expected output:

=============================  ===========================================================
value                          is right if
=============================  ===========================================================
number: int, float, complex,   its error is within the check's tolerance; int and float are one
NumPy's numbers                kind. NaN and infinity are wrong
flag, None, text, bytes        it is equal
array of numbers or flags      shape and kind of element are equal, errors within the tolerance
array of strings, bytes,       shape and kind of element are equal, and every element is
datetimes, timedeltas
Decimal, Fraction              it is equal; a tolerance of the check's own (not FLOAT64 or
                               FLOAT32, which are for floats) is measured exactly
date, time, datetime,          it is equal; NumPy's and Python's are one kind
timedelta
range                          it has the same numbers, told by its start, stop and step
list, tuple                    it is of the same type and length, and every element is right
dictionary                     it has the same keys, in any order, and every value is right
set, frozenset                 it has the same elements; numbers within the tolerance
generator, iterator            the list of its items is right; `MAX_ITEMS` at most
pandas' DataFrame, Series,     names, their order, kinds of element, index, missing cells are
Index                          equal, and every cell is right; a check sees a `tables.Table`
=============================  ===========================================================

Any other object stays on the student's side; a check holds a handle of it. `objects` says when a
list, a dictionary or a set comes by value and when as a handle.

A subclass is sent as its base class, without its own methods. Sizes are bounded: see `MAX_VALUES`,
`MAX_DEPTH`, `MAX_ITEMS`, `MAX_DIGITS` and `MAX_EXPONENT`.
"""

from __future__ import annotations

import datetime
import itertools
import numbers
import sys
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from .tables import Table

ARRAY, NUMBER, TEXT, FLAG, NONE, OBJECT = "array", "number", "text", "flag", "none", "object"
BYTES, DECIMAL, FRACTION, RANGE = "bytes", "decimal", "fraction", "range"
DATE, TIME, DATETIME, TIMEDELTA = "date", "time", "datetime", "timedelta"
LIST, TUPLE, DICT, SET, TABLE = "list", "tuple", "dictionary", "set", "table"

#: Kinds that hold other values and can be changed in place, or hold what can be.
CONTAINERS = (LIST, TUPLE, DICT, SET)

#: The most values that one value may hold, an array counting as one.
MAX_VALUES = 100_000
#: Values in values are sent to this depth.
MAX_DEPTH = 10
#: An iteration of more items than this counts as endless.
MAX_ITEMS = 10_000
#: The most decimal digits of an integer, of a Decimal, and of a Fraction's two numbers.
MAX_DIGITS = 4_000
#: The largest exponent of a Decimal, and the smallest with a minus sign.
MAX_EXPONENT = 4_000

#: Structures are described to this depth.
_MAX_DESCRIBED_DEPTH = 3
#: A description names this many elements or keys at most.
_MAX_DESCRIBED = 100

#: The dtype.kind of arrays that count as values, and the word for it.
_DTYPES = {
    "b": "bool", "i": "integer", "u": "integer", "f": "float", "c": "complex",
    "U": "string", "T": "string", "S": "bytes", "M": "datetime", "m": "timedelta",
}  # fmt: skip
#: The kinds of NumPy's scalars.
_SCALARS = {"b": FLAG, "U": TEXT, "T": TEXT, "S": BYTES, "M": DATETIME, "m": TIMEDELTA}
#: In this order: a flag is an integer too, a datetime is a date.
_KINDS: tuple[tuple[Any, str], ...] = (
    (str, TEXT),
    (Fraction, FRACTION),
    ((numbers.Real, complex), NUMBER),
    (Decimal, DECIMAL),
    ((bytes, bytearray), BYTES),
    (datetime.datetime, DATETIME),
    (datetime.date, DATE),
    (datetime.time, TIME),
    (datetime.timedelta, TIMEDELTA),
    (range, RANGE),
    (list, LIST),
    (tuple, TUPLE),
    (dict, DICT),
    ((set, frozenset), SET),
    (Table, TABLE),
)
#: pandas' classes that are tables.
_PANDAS = ("DataFrame", "Series", "Index")

#: The name of a class, whatever the class says of itself.
class_name: Callable[[type], str] = type.__dict__["__name__"].__get__


def kind(value: object) -> str:
    """The kind of a value, one of this module's words; `OBJECT` for what is no value.

    A container is of its kind whatever it holds.
    """
    if value is None:
        return NONE
    if isinstance(value, (bool, np.bool_)):
        return FLAG
    if isinstance(value, (np.ndarray, np.generic)):
        if _hides_elements(value):
            return OBJECT
        dtype = value.dtype
        if dtype.kind not in _DTYPES or (dtype.kind in "fc" and dtype.itemsize > 16):
            return OBJECT
        return ARRAY if value.ndim else _SCALARS.get(dtype.kind, NUMBER)
    for types, found in _KINDS:
        if isinstance(value, types):
            return found
    return TABLE if is_pandas(value) else OBJECT


def _hides_elements(value: object) -> bool:
    """Whether it is a masked array some of whose elements are masked: those are no numbers."""
    masked = sys.modules.get("numpy.ma")
    return masked is not None and isinstance(value, masked.MaskedArray) and masked.is_masked(value)


def type_name(value: object) -> str:
    """The name of its class; of an array with its dtype, since that may be what makes it none."""
    name = class_name(type(value))
    return f"{name} of dtype {value.dtype}" if type(value) is np.ndarray else name


def is_pandas(value: object) -> bool:
    """Whether it is a DataFrame, a Series or an Index. pandas is asked only if somebody uses it."""
    pandas = sys.modules.get("pandas")
    classes = (getattr(pandas, name, None) for name in _PANDAS)
    return any(isinstance(each, type) and isinstance(value, each) for each in classes)


def number_word(dtype: np.dtype[Any]) -> str:
    """``float``, ``integer``, ``string``…; two arrays must agree in it to be equal."""
    return _DTYPES.get(dtype.kind, str(dtype))


def is_finite(value: Any) -> bool:
    """Whether a number, a datetime or an array has no NaN, no infinity and no NaT.

    Other values are finite: only what a value itself is, is looked at, not what it holds.
    """
    found = kind(value)
    if found == DECIMAL:
        return bool(value.is_finite())
    if found == NUMBER and isinstance(value, int):
        return True  # it may be too large for NumPy
    if isinstance(value, (np.ndarray, np.generic)) and value.dtype.kind in "UST":
        return True
    if found in (ARRAY, NUMBER) or isinstance(value, np.generic):
        return bool(np.all(np.isfinite(value)))
    return True


def describe(value: object, depth: int = 0) -> str:
    """The value's structure in words, without its content: ``array of float, shape (2, 3)``."""
    value_kind = kind(value)
    if value_kind == ARRAY:
        assert isinstance(value, np.ndarray)
        text = f"array of {number_word(value.dtype)}, shape {value.shape}"
        return text if is_finite(value) else f"{text}, not finite"
    if value_kind == NUMBER and not is_finite(value):
        return "number, not finite"
    if isinstance(value, Table):
        return value.describe()
    if value_kind not in CONTAINERS:
        return value_kind
    if depth >= _MAX_DESCRIBED_DEPTH:
        return OBJECT
    if isinstance(value, dict):
        items = sorted(value.items(), key=lambda item: str(item[0]))
        inside = _listed(f"{str(k)[:40]!r}: {describe(v, depth + 1)}" for k, v in items)
        return "{" + inside + "}"
    assert isinstance(value, (list, tuple, set, frozenset))
    if isinstance(value, (set, frozenset)):
        words = sorted(describe(element, depth + 1) for element in value)
        return f"set of {_listed(_counted(words))}" if words else "empty set"
    inside = _listed(_counted(describe(element, depth + 1) for element in value))
    return f"({inside})" if isinstance(value, tuple) else f"[{inside}]"


def _listed(descriptions: Iterable[str]) -> str:
    words = list(itertools.islice(descriptions, _MAX_DESCRIBED + 1))
    if len(words) > _MAX_DESCRIBED:
        words[-1] = "…"
    return ", ".join(words)


def _counted(descriptions: Iterable[str]) -> Iterator[str]:
    """The descriptions; four or more equal ones in a row become one: ``100 times number``."""
    for text, group in itertools.groupby(descriptions):
        count = sum(1 for _ in group)
        yield from [text] * count if count < 4 else [f"{count} times {text}"]
