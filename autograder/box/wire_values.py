"""The forms of numbers and datetimes on the wire, where MessagePack has none of its own."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import msgspec

from autograder.core.errors import StudentError, WireError
from autograder.core.plain import MAX_BITS, decimal, integer

_DECIMAL = re.compile(r"-?(\d{1,5000}(E[+-]\d{1,6})?|Infinity|s?NaN)", re.ASCII)
#: What a Decimal that is not finite has for an exponent, and its text.
_NOT_FINITE = {"F": "Infinity", "n": "NaN", "N": "sNaN"}
#: The integers that MessagePack has.
_SMALLEST, _LARGEST = -(1 << 63), (1 << 64) - 1


class Integers(msgspec.Struct, tag="i", array_like=True, forbid_unknown_fields=True):
    """A long integer, a Fraction or a range: one, two or three integers of any length."""

    form: str
    numbers: list[bytes]


class Complex(msgspec.Struct, tag="c", array_like=True, forbid_unknown_fields=True):
    """A complex number."""

    real: float
    imaginary: float


class DecimalText(msgspec.Struct, tag="d", array_like=True, forbid_unknown_fields=True):
    """A Decimal."""

    text: str


class Bytes(msgspec.Struct, tag="b", array_like=True, forbid_unknown_fields=True):
    """Bytes. MessagePack has them, but msgspec does not tell them from texts in a union."""

    data: bytes


class Moment(msgspec.Struct, tag="w", array_like=True, forbid_unknown_fields=True):
    """A date, a time, a datetime or a timedelta, as its numbers.

    Attributes:
        offset: of a time or a datetime, its difference to UTC in microseconds.
    """

    form: str
    numbers: list[int]
    offset: int | None = None
    fold: int = 0


Number = Integers | Complex | DecimalText | Bytes


def pack_number(value: Any) -> Any:
    """A number, a range or bytes as a node. Raises WireError if it is too long."""
    try:
        if isinstance(value, int):
            whole = integer(value)
            return whole if _SMALLEST <= whole <= _LARGEST else Integers("int", [_bytes(whole)])
        if isinstance(value, float):
            return float.__float__(value)
        if isinstance(value, complex):
            plain = complex.__complex__(value)
            return Complex(plain.real, plain.imag)
        if isinstance(value, Decimal):
            return DecimalText(_text(decimal(value)))
        if isinstance(value, Fraction):
            return Integers("fraction", [_bytes(n) for n in Fraction.as_integer_ratio(value)])
        if isinstance(value, range):
            return Integers("range", [_bytes(n) for n in (value.start, value.stop, value.step)])
        return Bytes(bytes(memoryview(value)))
    except StudentError as error:
        raise WireError(error.message) from None


def number(node: Number) -> Any:
    """What a node stands for. Raises WireError if it is malformed."""
    try:
        if isinstance(node, Bytes):
            return node.data
        if isinstance(node, Complex):
            return complex(node.real, node.imaginary)
        if isinstance(node, DecimalText):
            if not _DECIMAL.fullmatch(node.text):
                raise WireError("a Decimal that is none")
            return decimal(Decimal(node.text))
        made = _MADE_OF_INTEGERS.get((node.form, len(node.numbers)))
        if made is None:
            raise WireError("a number of no known form")
        return made(*map(_integer, node.numbers))
    except (ValueError, ArithmeticError) as error:
        raise WireError(f"a number that is none: {error}") from None
    except StudentError as error:
        raise WireError(error.message) from None


_MADE_OF_INTEGERS: dict[tuple[str, int], Callable[..., Any]] = {
    ("int", 1): int,
    ("fraction", 2): Fraction,
    ("range", 3): range,
}


def pack_moment(value: Any) -> Moment:
    """A date, a time, a datetime or a timedelta as a node."""
    if isinstance(value, datetime.timedelta):
        return Moment("timedelta", [value.days, value.seconds, value.microseconds])
    if isinstance(value, datetime.datetime):
        numbers = [value.year, value.month, value.day, *_clock(value)]
        return Moment("datetime", numbers, _offset(value), value.fold)
    if isinstance(value, datetime.date):
        return Moment("date", [value.year, value.month, value.day])
    return Moment("time", _clock(value), _offset(value), value.fold)


def moment(node: Moment) -> Any:
    """What a node stands for. Raises WireError if it is malformed."""
    count = {"date": 3, "time": 4, "datetime": 7, "timedelta": 3}.get(node.form)
    if count != len(node.numbers):
        raise WireError("a moment of no known form")
    try:
        if node.form == "date":
            return datetime.date(*node.numbers)
        if node.form == "timedelta":
            return datetime.timedelta(*node.numbers)
        zone = None
        if node.offset is not None:
            zone = datetime.timezone(datetime.timedelta(microseconds=node.offset))
        made: Any = datetime.time if node.form == "time" else datetime.datetime
        return made(*node.numbers, zone, fold=node.fold)
    except (ValueError, OverflowError) as error:
        raise WireError(f"a moment that is none: {error}") from None


def _clock(value: Any) -> list[int]:
    return [value.hour, value.minute, value.second, value.microsecond]


def _offset(value: Any) -> int | None:
    offset = value.utcoffset()
    return None if offset is None else offset // datetime.timedelta(microseconds=1)


def _text(value: Decimal) -> str:
    """A Decimal's digits and exponent; `str` would write some without, and some with a point."""
    sign, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):  # a NaN may have digits too
        return f"{'-' * sign}{_NOT_FINITE[exponent]}"
    return f"{'-' * sign}{''.join(map(str, digits))}E{exponent:+d}"


def _bytes(value: int) -> bytes:
    whole = integer(value)
    return whole.to_bytes(whole.bit_length() // 8 + 1, "little", signed=True)


def _integer(data: bytes) -> int:
    if len(data) > MAX_BITS // 8 + 1:
        raise WireError("an integer that is too long")
    return integer(int.from_bytes(data, "little", signed=True))
