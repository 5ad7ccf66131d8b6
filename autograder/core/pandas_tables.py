"""pandas' DataFrames, Series and Indexes as tables by value, and back.

pandas is no dependency of ours. It is asked for here only if the student's code or the check uses
it. Nothing is pickled.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

import numpy as np

from .tables import MISSING, Column, Table

#: Of an array of strings, each of which takes as much room as the longest.
_MAX_CHARACTERS = 4_000_000
#: What the elements of pandas' own dtypes are, by dtype.kind.
_BASES: dict[str, Any] = {"b": bool, "i": np.int64, "u": np.uint64, "f": np.float64}


def table_of(value: Any) -> Table:
    """The content of a DataFrame, a Series or an Index; a `Table` as it is.

    A subclass is read as its base class. Cells that are neither numbers nor datetimes come as they
    are; a Period or an Interval as its text.
    """
    if isinstance(value, Table):
        return value
    pandas = sys.modules["pandas"]
    if isinstance(value, pandas.DataFrame):
        frame = pandas.DataFrame(value)
        names = list(frame.columns)
        columns = [_column(n, frame.iloc[:, i], pandas) for i, n in enumerate(names)]
        return Table("DataFrame", tuple(columns), _levels(frame.index, pandas))
    if isinstance(value, pandas.Series):
        series = pandas.Series(value)
        column = _column(series.name, series, pandas)
        return Table("Series", (column,), _levels(series.index, pandas))
    return Table("Index", _levels(value, pandas))


def pandas_of(table: Table) -> Any:
    """A table as an object of pandas, which is imported. Raises ImportError if it is not there."""
    pandas = importlib.import_module("pandas")
    if table.form == "Index":
        return _index(table.columns, pandas)
    index = _index(table.index, pandas)
    series = [
        pandas.Series(_cells(column, pandas), index=index, name=column.name)
        for column in table.columns
    ]
    if table.form == "Series":
        return series[0]
    # Two columns may have one name, so that they are named afterwards.
    frame = pandas.DataFrame(dict(enumerate(series)), index=index)
    names = [column.name for column in table.columns]
    if not names:
        return frame
    if all(isinstance(name, tuple) for name in names):
        frame.columns = pandas.MultiIndex.from_tuples(names)
    else:
        frame.columns = names
    return frame


def _levels(index: Any, pandas: Any) -> tuple[Column, ...]:
    if isinstance(index, pandas.MultiIndex):
        return tuple(
            _column(index.names[level], index.get_level_values(level), pandas)
            for level in range(index.nlevels)
        )
    if isinstance(index, pandas.RangeIndex):
        return (Column(index.name, "int64", range(index.start, index.stop, index.step)),)
    return (_column(index.name, index, pandas),)


def _column(name: Any, cells: Any, pandas: Any) -> Column:
    """A Series or an Index of one level as a column."""
    dtype = cells.dtype
    if isinstance(dtype, pandas.CategoricalDtype):
        inner = _column(name, cells.astype(dtype.categories.dtype), pandas)
        return Column(name, "category", inner.values, inner.codes)
    if isinstance(dtype, pandas.DatetimeTZDtype):
        in_utc = pandas.DatetimeIndex(cells).tz_convert("UTC").tz_localize(None)
        return Column(name, str(dtype), _array(in_utc))
    if isinstance(dtype, np.dtype) and dtype.kind in "biufcMm":
        return Column(name, str(dtype), _array(cells))
    missing = np.asarray(pandas.isna(cells), dtype=bool)
    base = _BASES.get(getattr(dtype, "kind", ""))
    if base is not None:  # pandas' own integers, floats and flags, which may be missing
        array = cells.to_numpy(dtype=base, na_value=base(0))
        return Column(name, str(dtype), array, _codes([4 * gone for gone in missing]))
    found = [_code(cell, gone, pandas) for cell, gone in zip(cells, missing, strict=True)]
    spelled = isinstance(dtype, (pandas.PeriodDtype, pandas.IntervalDtype))
    values = [
        None if code else str(cell) if spelled else cell
        for cell, code in zip(cells, found, strict=True)
    ]
    return Column(name, str(dtype), _texts(values) if _are_texts(values) else values, _codes(found))


def _are_texts(values: list[Any]) -> bool:
    """Whether they are strings or missing, and not so long that an array would waste much."""
    texts = [value for value in values if value is not None]
    if not texts or not all(isinstance(value, str) for value in texts):
        return False
    return len(values) * max(map(str.__len__, texts)) <= _MAX_CHARACTERS


def _texts(values: list[Any]) -> Any:
    return np.array(["" if value is None else str.__str__(value) for value in values], np.str_)


def _array(cells: Any) -> Any:
    return np.array(cells.to_numpy(), copy=True, subok=False)


def _codes(codes: list[int]) -> Any:
    return np.array(codes, np.uint8) if any(codes) else None


def _code(cell: Any, gone: bool, pandas: Any) -> int:
    """Which word says that this cell is missing; 0 if it is there."""
    if not gone:
        return 0
    if cell is None:
        return 1
    if cell is pandas.NaT:
        return 3
    return 4 if cell is pandas.NA else 2


def _index(levels: tuple[Column, ...], pandas: Any) -> Any:
    if len(levels) > 1:
        arrays = [_cells(column, pandas) for column in levels]
        return pandas.MultiIndex.from_arrays(arrays, names=[c.name for c in levels])
    (column,) = levels
    if isinstance(column.values, range):
        return pandas.RangeIndex(column.values, name=column.name)
    return pandas.Index(_cells(column, pandas), name=column.name)


def _cells(column: Column, pandas: Any) -> Any:
    """A column's cells as something that pandas makes a Series or an Index of."""
    values = column.values
    if isinstance(values, range):
        return np.arange(values.start, values.stop, values.step)
    if column.zone:
        return pandas.DatetimeIndex(values).tz_localize("UTC").tz_convert(column.zone)
    whole = isinstance(values, np.ndarray) and values.dtype.kind != "U" and column.codes is None
    if whole and column.dtype != "category":
        return values
    listed = values if isinstance(values, list) else values.tolist()
    cells = [
        _missing(column, row, pandas) if gone else listed[row]
        for row, gone in enumerate(column.missing)
    ]
    if column.dtype == "category":
        return pandas.Categorical(cells)
    # The text of an Interval cannot be read as one.
    dtype = object if column.dtype.startswith("interval") else column.dtype
    return pandas.array(cells, dtype=dtype)


def _missing(column: Column, row: int, pandas: Any) -> Any:
    found = {MISSING[1]: None, MISSING[2]: float("nan"), MISSING[3]: pandas.NaT}
    return found.get(column.missing_word(row), pandas.NA)
