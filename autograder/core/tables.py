"""A table by value: what a pandas DataFrame, Series or Index holds, without pandas.

A check gets a `Table` for a DataFrame, a Series or an Index, whether pandas is installed or not.
Given as an argument, it is one of pandas' again on the student's side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

FORMS = ("DataFrame", "Series", "Index")
#: The words for missing cells, by their number in `Column.codes`; 0 is a cell that is there.
MISSING = ("", "None", "NaN", "NaT", "<NA>")
#: The words of a column's kind of element, by dtype.kind.
_WORDS = {
    "b": "bool", "i": "integer", "u": "integer", "f": "float", "c": "complex",
    "U": "string", "M": "datetime", "m": "timedelta",
}  # fmt: skip
_MAX_ROWS = 2**62
#: So many columns are described.
_DESCRIBED = 20
#: Characters of a time zone or of the kind of a Period in a message.
_MAX_NAME = 40
_MISFIT = "a table whose parts do not fit together"

Array = np.ndarray[Any, Any]
Values = Array | list[Any] | range


@dataclass(frozen=True, eq=False)
class Column:
    """One column of a table, or one level of its index.

    Attributes:
        name: a plain value; None if it has none.
        dtype: as pandas spells it, ``int64`` or ``category``.
        values: an array (N,), of strings with "" for missing ones; a range; or a list of other
            plain values with None for missing ones.
        codes: which cells are missing, (N,) uint8, by their place in `MISSING`; None if no cell
            is. A NaN or NaT in an array has no code.

    Raises ValueError if these do not fit together.
    """

    name: Any
    dtype: str
    values: Values
    codes: Array | None = None

    def __post_init__(self) -> None:
        values, codes = self.values, self.codes
        if isinstance(values, np.ndarray):
            if values.ndim != 1 or values.dtype.kind not in _WORDS:
                raise ValueError(_MISFIT)
        elif isinstance(values, range):
            if max(map(abs, (values.start, values.stop, values.step))) > _MAX_ROWS:
                raise ValueError(_MISFIT)
        elif not isinstance(values, list):
            raise ValueError(_MISFIT)
        if codes is not None and (
            not isinstance(codes, np.ndarray)
            or codes.dtype != np.uint8
            or codes.shape != (len(values),)
            or bool(np.any(codes >= len(MISSING)))
        ):
            raise ValueError(_MISFIT)
        if not isinstance(self.dtype, str):
            raise ValueError(_MISFIT)
        try:
            hash(self.name)
        except (TypeError, ValueError):
            raise ValueError(_MISFIT) from None

    def __len__(self) -> int:
        return len(self.values)

    @cached_property
    def missing(self) -> Array:
        """Which cells are missing, (N,) of flags."""
        if isinstance(self.values, range):
            return np.zeros(0, bool)
        missing = np.zeros(len(self.values), bool)
        if self.codes is not None:
            missing |= self.codes > 0
        if isinstance(self.values, np.ndarray) and self.values.dtype.kind in "fcMm":
            missing |= np.isnan(self.values)
        return missing

    @property
    def zone(self) -> str:
        """The time zone of a column of datetimes; empty if it has none."""
        dtype, _, zone = self.dtype.partition(", ")
        return zone.rstrip("]") if dtype.startswith("datetime64[") else ""

    @cached_property
    def word(self) -> str:
        """The kind of its elements: ``integer float string bool datetime category object``…

        Datetimes of two time zones are of two kinds, and so are Periods of two lengths.
        """
        if self.dtype == "category":
            return "category"
        word = self._word_of_values()
        if word == "datetime" and self.zone:
            return f"datetime in {self.zone[:_MAX_NAME]}"
        if word == "string" and self.dtype.startswith("period["):
            return self.dtype[:_MAX_NAME]
        return "interval" if word == "string" and self.dtype.startswith("interval[") else word

    def _word_of_values(self) -> str:
        if isinstance(self.values, range):
            return "integer"
        if isinstance(self.values, np.ndarray):
            return _WORDS[self.values.dtype.kind]
        present = [v for v, gone in zip(self.values, self.missing, strict=True) if not gone]
        return "string" if present and all(isinstance(v, str) for v in present) else "object"

    def missing_word(self, row: int) -> str:
        """The word for the missing cell of a row."""
        if self.codes is not None and self.codes[row]:
            return MISSING[self.codes[row]]
        array = isinstance(self.values, np.ndarray) and self.values.dtype.kind in "Mm"
        return MISSING[3 if array else 2]


@dataclass(frozen=True, eq=False)
class Table:
    """The content of a DataFrame, a Series or an Index.

    ``table["x"]`` is a column's values: an array, or a list if they are neither numbers nor
    strings nor datetimes.

    Attributes:
        form: ``DataFrame``, ``Series`` or ``Index``.
        columns: of a Series one; of an Index its levels.
        index: the levels of its index; none for an Index.

    Raises ValueError if these do not fit together.
    """

    form: str
    columns: tuple[Column, ...]
    index: tuple[Column, ...] = ()

    def __post_init__(self) -> None:
        if self.form not in FORMS:
            raise ValueError(_MISFIT)
        if (self.form == "Series") and len(self.columns) != 1:
            raise ValueError(_MISFIT)
        if (self.form == "Index") == bool(self.index) or (
            self.form == "Index" and not self.columns
        ):
            raise ValueError(_MISFIT)
        if len({len(column) for column in (*self.columns, *self.index)}) > 1:
            raise ValueError(_MISFIT)

    def __len__(self) -> int:
        return len((*self.columns, *self.index)[0])

    def __getitem__(self, name: Any) -> Values:
        for column in self.columns:
            if column.name == name:
                return column.values
        raise KeyError(name)

    @property
    def names(self) -> list[Any]:
        """The names of its columns, in order."""
        return [column.name for column in self.columns]

    @property
    def shape(self) -> tuple[int, int]:
        """The numbers of its rows and columns."""
        return len(self), len(self.columns)

    def describe(self) -> str:
        """Its structure in words, without its content."""
        listed = [
            c.word if c.name is None else f"{str(c.name)[:40]!r} ({c.word})"
            for c in self.columns[:_DESCRIBED]
        ]
        listed += ["…"] * (len(self.columns) > _DESCRIBED)
        return f"{self.form} of {rows_in_words(len(self))}: {', '.join(listed)}"

    def parts(self) -> list[Any]:
        """Its content as nested lists of plain values, for `from_parts`."""
        return [self.form, _parts(self.columns), _parts(self.index)]


def rows_in_words(count: int) -> str:
    """How many rows: ``1 row``, ``2 rows``."""
    return "1 row" if count == 1 else f"{count} rows"


def from_parts(parts: Any) -> Table:
    """A table from what `Table.parts` gave. Raises ValueError if it does not fit together."""
    try:
        form, columns, index = parts
        return Table(form, _columns(columns), _columns(index))
    except (TypeError, ValueError):
        raise ValueError(_MISFIT) from None


def _parts(columns: Sequence[Column]) -> list[Any]:
    return [[c.name, c.dtype, c.values, c.codes] for c in columns]


def _columns(parts: Any) -> tuple[Column, ...]:
    return tuple(Column(*each) for each in parts)
