"""Comparing tables: names, their order, kinds of element, index, missing cells, then values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from .compare_arrays import NUMBERS
from .comparison import (
    RIGHT,
    Compare,
    Comparison,
    differing,
    excess,
    largest_error,
    missing_and_extra,
    show,
    wrong,
)
from .tables import Column, Table, rows_in_words
from .tolerances import Tolerance

#: So many cells of a column, and so many columns, are told one by one.
_TOLD = 3
#: Names of columns in a message.
_NAMED = 10

Array = np.ndarray[Any, Any]


def compare_tables(
    observed: Table, expected: Table, tolerance: Tolerance, compare: Compare
) -> Comparison:
    """Compare two tables; the first cells that differ are told."""
    difference = next(_differences_in_structure(observed, expected), "")
    if difference:
        return wrong(difference)
    results = [
        _compare_columns(got, wanted, where, expected, tolerance, compare)
        for where, got, wanted in _pairs(observed, expected)
    ]
    bad = [r.message for r in results if r.message]
    lines = bad[:_TOLD]
    if len(bad) > _TOLD:
        lines.append(f"{len(bad)} of {len(results)} columns and levels of the index differ")
    return Comparison(
        min((r.share for r in results), default=1.0),
        largest_error(results),
        "\n".join(lines),
    )


def _differences_in_structure(observed: Table, expected: Table) -> Iterator[str]:
    if observed.form != expected.form:
        forms = [f"{'an' if t.form == 'Index' else 'a'} {t.form}" for t in (observed, expected)]
        yield f"got {forms[0]}, expected {forms[1]}"
    yield from _differences_in_names(observed, expected)
    if len(observed) != len(expected):
        yield f"got {rows_in_words(len(observed))}, expected {len(expected)}"
    if len(observed.index) != len(expected.index):
        count = len(observed.index)
        levels = "1 level" if count == 1 else f"{count} levels"
        yield f"got an index of {levels}, expected {len(expected.index)}"
    for got, wanted in zip(observed.index, expected.index, strict=True):
        if got.name != wanted.name:
            yield f"the index is named {show_name(got.name)}, expected {show_name(wanted.name)}"
    kinds = [
        f"{where}: got elements of kind {_kind_of(got)}, expected {wanted.word}"
        for where, got, wanted in _pairs(observed, expected)
        if _are_of_two_kinds(got, wanted)
    ]
    if kinds:
        yield "\n".join(kinds[:_TOLD])


def _differences_in_names(observed: Table, expected: Table) -> Iterator[str]:
    got, wanted = observed.names, expected.names
    if got == wanted:
        return
    if expected.form != "DataFrame":
        yield f"the {expected.form} is named {_names(got)}, expected {_names(wanted)}"
        return
    missing, extra = ([n for n in a if n not in b] for a, b in ((wanted, got), (got, wanted)))
    words = missing_and_extra(missing, extra, _names, ("the column", "the columns"))
    yield "; ".join(words) or f"got the columns {_names(got)}, expected {_names(wanted)}"


def _pairs(observed: Table, expected: Table) -> Iterator[tuple[str, Column, Column]]:
    """The levels of the index and the columns of both tables, with a name for each pair."""
    for got, wanted in zip(observed.index, expected.index, strict=True):
        where = "index" if len(expected.index) == 1 else f"index {show_name(wanted.name)}"
        yield where, got, wanted
    for got, wanted in zip(observed.columns, expected.columns, strict=True):
        alone = expected.form != "DataFrame" and len(expected.columns) == 1
        yield "values" if alone else f"column {show_name(wanted.name)}", got, wanted


def _are_of_two_kinds(got: Column, wanted: Column) -> bool:
    if got.word == wanted.word:
        return False
    # Without any cell that is there, a column of strings cannot be told from one of objects.
    empty = any(isinstance(c.values, list) and bool(np.all(c.missing)) for c in (got, wanted))
    return not (empty and {got.word, wanted.word} == {"string", "object"})


def _kind_of(column: Column) -> str:
    return column.word if column.word == column.dtype else f"{column.word} ({column.dtype[:40]})"


def _compare_columns(
    got: Column,
    wanted: Column,
    where: str,
    table: Table,
    tolerance: Tolerance,
    compare: Compare,
) -> Comparison:
    """Compare two columns of one length and one kind of element."""
    if isinstance(got.values, range) and isinstance(wanted.values, range):
        # Perhaps of a table without columns, and then of any length.
        if got.values == wanted.values:
            return RIGHT
        return wrong(f"{where}: got {got.values}, expected {wanted.values}")
    got, wanted = _listed(got), _listed(wanted)
    if isinstance(got.values, np.ndarray) and isinstance(wanted.values, np.ndarray):
        errors = _errors(got, wanted, tolerance)
        error = float(errors.max(initial=0.0))
        rows = np.flatnonzero(errors > tolerance.widest)
        known = wanted.values.dtype.kind in NUMBERS and np.isfinite(error)
        words = f": {excess(error, tolerance)}" if known else ""
        told = {
            int(row): f"got {_cell(got, row)}, expected {_cell(wanted, row)}"
            for row in rows[:_TOLD]
        }
        share = tolerance.share(error)
    else:
        cells = [_compare_cells(got, wanted, row, tolerance, compare) for row in range(len(got))]
        rows = np.flatnonzero([bool(cell.message) for cell in cells])
        largest = largest_error(cells)
        known, error = largest is not None, largest or 0.0
        words, told = "", {int(row): cells[row].message for row in rows[:_TOLD]}
        share = min((cell.share for cell in cells), default=1.0)
    if share >= 1.0:
        return Comparison(share, error if known else None, "")
    lines = [f"{where}: {differing(len(rows), len(got), 'cells')}{words}"]
    lines += [f"{_row(table, row)}: {message}" for row, message in told.items()]
    return Comparison(share, error if known else None, "\n".join(lines))


def _errors(got: Column, wanted: Column, tolerance: Tolerance) -> Array:
    """The error of every cell of two arrays; infinite where only one is missing."""
    errors = np.where(got.missing != wanted.missing, np.inf, 0.0)
    present = np.flatnonzero(~(got.missing | wanted.missing))
    x, y = np.asarray(got.values)[present], np.asarray(wanted.values)[present]
    measured = np.where(x == y, 0.0, np.inf)  # two equal infinities are equal
    if x.dtype.kind in NUMBERS and y.dtype.kind in NUMBERS:  # of a category, one may be of texts
        finite = np.isfinite(x) & np.isfinite(y)
        measured[finite] = tolerance.errors(x[finite], y[finite])
    errors[present] = measured
    return errors


def _compare_cells(
    got: Column, wanted: Column, row: int, tolerance: Tolerance, compare: Compare
) -> Comparison:
    gone = got.missing[row], wanted.missing[row]
    if any(gone):
        return (
            RIGHT if all(gone) else wrong(f"got {_cell(got, row)}, expected {_cell(wanted, row)}")
        )
    return compare(got.values[row], wanted.values[row], tolerance, "")


def _listed(column: Column) -> Column:
    """The column; a range as an array. Another column of its length is one, so it is not large."""
    if not isinstance(column.values, range):
        return column
    values = column.values
    array = np.arange(values.start, values.stop, values.step)
    return Column(column.name, column.dtype, array)


def _cell(column: Column, row: int, shown: Callable[[Any], str] = show) -> str:
    gone = not isinstance(column.values, range) and column.missing[row]
    return column.missing_word(row) if gone else shown(column.values[row])


def _row(table: Table, row: int) -> str:
    """The row in words, by its number and by what stands in the index, if that is another."""
    levels = [_cell(column, row, show_name) for column in table.index]
    return f"row {row}" if levels in ([], [str(row)]) else f"row {row} (index {', '.join(levels)})"


def show_name(name: Any) -> str:
    """A column's name in a message: a string in double quotes."""
    return f'"{name[:40]}"' if isinstance(name, str) else show(name)


def _names(names: Sequence[Any]) -> str:
    more = f" (and {len(names) - _NAMED} more)" if len(names) > _NAMED else ""
    return ", ".join(map(show_name, names[:_NAMED])) + more
