"""Copies of values in their plainest form: what is sent, recorded and compared.

A subclass becomes its base class without a call of its own methods: what a value is counts, not
what it says of itself.
"""

from __future__ import annotations

import datetime
import itertools
from collections import deque
from collections.abc import Callable, Iterator, KeysView, ValuesView
from collections.abc import Set as AbstractSet
from decimal import Decimal
from fractions import Fraction
from typing import Any, NoReturn

import numpy as np

from .errors import NoKey, NotPlain, StudentError, TooManyValues
from .pandas_tables import table_of
from .tables import Column, Table
from .values import (
    ARRAY,
    BYTES,
    CONTAINERS,
    DATE,
    DATETIME,
    DECIMAL,
    DICT,
    FLAG,
    FRACTION,
    LIST,
    MAX_DEPTH,
    MAX_DIGITS,
    MAX_EXPONENT,
    MAX_ITEMS,
    MAX_VALUES,
    NONE,
    NUMBER,
    OBJECT,
    RANGE,
    TABLE,
    TEXT,
    TIME,
    TIMEDELTA,
    TUPLE,
    is_pandas,
    kind,
)  # fmt: skip

#: The bits of an integer of `MAX_DIGITS` digits.
MAX_BITS = int(MAX_DIGITS * 3.321928094887362)
#: How many characters of a type's name are told.
MAX_NAME = 100
Other = Callable[[Any], Any]


def plain(value: Any, other: Other | None = None) -> Any:
    """A copy of a value in its plainest form, with all that it holds.

    No subclass, native byte order, NumPy's numbers as arrays of shape (); inside of containers as
    NumPy's numbers.

    Args:
        other: is called for whatever is no value, or is too deep inside of others, and returns
            what to have in its place. By default `NotPlain` is raised for it.

    Raises NotPlain, or StudentError for a value that is too large.
    """
    try:
        copied = _Copier(other).copy(value, 0)
    except TooManyValues:
        if other is None:
            raise
        _refuse(f"more than {MAX_VALUES} values")
    is_number = isinstance(copied, np.generic) and kind(copied) == NUMBER
    return np.asarray(copied) if is_number else copied


def no_value(thing: Any) -> NoReturn:
    """For `plain`: raise TypeError, for the author of a check who sends or returns such a thing."""
    name = type(thing).__name__
    held = "; it has a cell that is none" if is_pandas(thing) else ""
    raise TypeError(f"{name} is no value that can be sent or recorded{held}")


def plain_values(value: Any) -> Any:
    """A copy of what a callback takes or returns, in plainest form; NumPy's numbers stay NumPy's.

    Raises TypeError for what is no value, or is too large.
    """
    try:
        return plain([value], _not_for_callback)[0]
    except StudentError as error:
        raise TypeError(f"the callback cannot take or return it: {error.message}") from None


def _not_for_callback(thing: Any) -> NoReturn:
    name = type(thing).__name__[:MAX_NAME]
    raise TypeError(f"the callback takes and returns plain values, not a {name}")


def taken(value: Any) -> Any:
    """The list of what an iterator or a view of a dictionary yields; any other value as it is.

    Raises StudentError for more than `MAX_ITEMS` items, and whatever the iterator raises.
    """
    if not isinstance(value, (Iterator, KeysView, ValuesView, AbstractSet, deque)):
        return value
    if isinstance(value, (set, frozenset)):
        return value
    items = list(itertools.islice(value, MAX_ITEMS + 1))
    if len(items) > MAX_ITEMS:
        _refuse(f"more than {MAX_ITEMS} items")
    return items


def integer(value: int) -> int:
    """An integer of the base class. Raises StudentError if it has more than `MAX_DIGITS` digits."""
    number = int.__int__(value)
    if number.bit_length() > MAX_BITS:
        _refuse(f"an integer of more than {MAX_DIGITS} digits")
    return number


def decimal(value: Decimal) -> Decimal:
    """A Decimal of the base class. Raises StudentError if it is too long or too large."""
    _sign, digits, exponent = Decimal.as_tuple(value)
    if len(digits) > MAX_DIGITS:
        _refuse(f"a Decimal of more than {MAX_DIGITS} digits")
    if isinstance(exponent, int):
        largest = exponent + len(digits) - 1
        if max(abs(exponent), abs(largest)) > MAX_EXPONENT:
            _refuse(f"a Decimal with an exponent beyond {MAX_EXPONENT}")
    return Decimal(value)


def _refuse(what: str) -> NoReturn:
    raise StudentError("OverflowError", f"{what} cannot be sent")


class _Copier:
    """Copies one value; it counts what was copied."""

    def __init__(self, other: Other | None) -> None:
        self._other = other
        self._left = MAX_VALUES

    def copy(self, value: Any, depth: int) -> Any:
        self._left -= 1
        found = kind(value)
        if self._left < 0:
            raise TooManyValues
        if found in CONTAINERS and depth < MAX_DEPTH:
            return self._container(value, found, depth + 1)
        if found == TABLE and depth < MAX_DEPTH:
            try:
                return self._table(table_of(value), depth + 1)
            except TooManyValues:
                raise
            except NotPlain:  # it has a cell that is no value
                found = OBJECT
        if found in (*CONTAINERS, TABLE, OBJECT):
            if self._other:
                return self._other(value)
            raise NotPlain
        return _COPIES[found](value)

    def _container(self, value: Any, found: str, depth: int) -> Any:
        if found == LIST:
            return [self.copy(item, depth) for item in list.__iter__(value)]
        if found == TUPLE:
            return tuple(self.copy(item, depth) for item in tuple.__iter__(value))
        try:
            if found == DICT:
                return {
                    self._key(key, depth): self.copy(item, depth) for key, item in dict.items(value)
                }
            iterate = frozenset.__iter__ if isinstance(value, frozenset) else set.__iter__
            items = (self._key(item, depth) for item in iterate(value))
            return frozenset(items) if isinstance(value, frozenset) else set(items)
        except NoKey:
            if self._other:
                return self._other(value)
            raise NotPlain from None

    def _key(self, value: Any, depth: int) -> Any:
        """A dictionary's key or a set's element: it can be hashed."""
        try:
            copied = self._strictly(value, depth)
            hash(copied)
        except TooManyValues:
            raise
        except (NotPlain, TypeError):
            raise NoKey from None
        if isinstance(copied, np.generic) and copied.dtype.kind in "iufc":
            return copied.item()
        return copied

    def _strictly(self, value: Any, depth: int) -> Any:
        """A copy of what must be a value. Raises NotPlain if it is none."""
        other, self._other = self._other, None
        try:
            return self.copy(value, depth)
        finally:
            self._other = other

    def _table(self, table: Table, depth: int) -> Table:
        return Table(
            table.form, self._columns(table.columns, depth), self._columns(table.index, depth)
        )

    def _columns(self, columns: tuple[Column, ...], depth: int) -> tuple[Column, ...]:
        """Cells are values: what is none makes the table none."""
        return tuple(
            Column(
                self._name(column.name),
                column.dtype,
                self._strictly(column.values, depth + 1),
                None if column.codes is None else np.array(column.codes, np.uint8),
            )
            for column in columns
        )

    def _name(self, name: Any) -> Any:
        try:
            return self._key(name, MAX_DEPTH - 2)
        except NoKey:
            raise NotPlain from None


def _array(value: Any) -> Any:
    array = np.array(value, copy=True, subok=False)
    if array.dtype.kind == "T":
        array = np.array(array.tolist(), dtype=np.str_).reshape(array.shape)
    if array.dtype == np.dtype("M8"):  # of no unit, as NaT alone is
        array = array.astype("M8[s]")
    return array.astype(array.dtype.newbyteorder("="), copy=False)


def _number(value: Any) -> Any:
    if isinstance(value, (np.ndarray, np.generic)):
        return _array(value)[()]
    if isinstance(value, int):
        return integer(value)
    if isinstance(value, float):
        return float.__float__(value)
    if isinstance(value, complex):
        return complex.__complex__(value)
    return float(value)


def _text(value: Any) -> str:
    return str.__str__(value) if isinstance(value, str) else str(value)


def _bytes(value: Any) -> bytes:
    if isinstance(value, (np.ndarray, np.generic)):
        return bytes(value.item())
    return bytes(memoryview(value))


def _fraction(value: Fraction) -> Fraction:
    top, bottom = (integer(number) for number in Fraction.as_integer_ratio(value))
    return Fraction(top, bottom)


def _moment(value: Any) -> Any:
    """A datetime or a timedelta; NumPy's stay NumPy's, without the class of a subclass."""
    if isinstance(value, (np.ndarray, np.generic)):
        return _array(value)[()]
    if isinstance(value, datetime.timedelta):
        return datetime.timedelta(value.days, value.seconds, value.microseconds)
    if not isinstance(value.year, int):  # pandas' NaT
        return np.datetime64("NaT", "s")
    return datetime.datetime.combine(_date(value), _time(value))


def _date(value: Any) -> datetime.date:
    return datetime.date(value.year, value.month, value.day)


def _time(value: Any) -> datetime.time:
    """A time, of a datetime too; its zone becomes the difference to UTC."""
    offset = value.utcoffset()
    zone = None if offset is None else datetime.timezone(offset)
    return datetime.time(
        value.hour, value.minute, value.second, value.microsecond, zone, fold=value.fold
    )


def _range(value: range) -> range:
    return range(*(integer(number) for number in (value.start, value.stop, value.step)))


_COPIES: dict[str, Other] = {
    NONE: lambda value: None,
    FLAG: bool,
    NUMBER: _number,
    TEXT: _text,
    BYTES: _bytes,
    ARRAY: _array,
    DECIMAL: decimal,
    FRACTION: _fraction,
    DATE: _date,
    TIME: _time,
    DATETIME: _moment,
    TIMEDELTA: _moment,
    RANGE: _range,
}
