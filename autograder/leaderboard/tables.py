"""The leaderboard's tables: one with nicknames alone for everybody, one with ids for staff."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text

from autograder.leaderboard.board import Board, Standing, standings
from autograder.render.clean_text import one_line
from autograder.render.format_numbers import percent
from autograder.render.grades_csv import plain_number, plain_text

_PUBLIC = ("phase", "rank", "nickname", "accuracy", "right", "of", "entries")
_STAFF = (*_PUBLIC, "student", "fault")


@dataclass(frozen=True)
class Row:
    """A line that everybody may see; `accuracy` is in percent."""

    rank: int
    name: str
    accuracy: float
    right: int
    entries: int


@dataclass(frozen=True)
class PhaseTable:
    """What everybody may see of a phase; an entry has `count` predictions."""

    phase: int
    count: int
    rows: tuple[Row, ...]


def phase_tables(board: Board, phases: int) -> list[PhaseTable]:
    """The table of every phase from 1 to `phases`, empty ones too."""
    return [
        PhaseTable(phase, board.count, tuple(map(_row, standings(board, phase))))
        for phase in range(1, phases + 1)
    ]


def _row(standing: Standing) -> Row:
    return Row(
        standing.rank,
        one_line(standing.name),
        100 * standing.accuracy,
        standing.right,
        standing.entries,
    )


def public_csv(board: Board, phases: int) -> str:
    """What everybody may see, as CSV; accuracy from 0 to 1."""
    cells = (
        _cells(phase, standing)
        for phase in range(1, phases + 1)
        for standing in standings(board, phase)
    )
    return _csv(_PUBLIC, cells)


def staff_csv(board: Board, phases: int) -> str:
    """The same with ids and the last faults; with a row also for a student without a valid entry.

    The fault of a submission as a whole is in every row of its student. If the student has no
    other row, it has a row without a phase.
    """
    with_faults = {phase for c in board.students.values() for phase in c.faults if phase}
    rows: list[list[str]] = []
    written: set[tuple[str, int]] = set()
    for phase in sorted(with_faults | set(range(1, phases + 1))):
        for standing in standings(board, phase):
            student = standing.student
            faults = board.students[student].faults
            written |= {(student, phase), (student, 0)}
            fault = "; ".join(faults[key] for key in (phase, 0) if key in faults)
            rows.append([*_cells(phase, standing), plain_text(student), plain_text(fault)])
        rows += _fault_rows(board, phase, written)
    return _csv(_STAFF, [*rows, *_fault_rows(board, 0, written)])


def _fault_rows(board: Board, phase: int, written: set[tuple[str, int]]) -> Iterator[list[str]]:
    """Rows for the faults of a phase that are in no row yet."""
    for student, competitor in sorted(board.students.items()):
        if phase in competitor.faults and (student, phase) not in written:
            blank = [""] * (len(_PUBLIC) - 1)
            fault = plain_text(competitor.faults[phase])
            yield [str(phase or ""), *blank, plain_text(student), fault]


def _cells(phase: int, standing: Standing) -> list[str]:
    return [
        str(phase),
        str(standing.rank),
        plain_text(standing.name),
        plain_number(standing.accuracy),
        str(standing.right),
        str(standing.count),
        str(standing.entries),
    ]


def _csv(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue()


def text_lines(board: Board, phases: int) -> Iterator[Text]:
    """The tables for a terminal or a pipe, a line for each student, with aligned columns."""
    for table in phase_tables(board, phases):
        if table.phase > 1:
            yield Text()
        yield Text(f"Phase {table.phase}", "bold")
        if not table.rows:
            yield Text("no valid entry yet")
            continue
        width = max(cell_len(row.name) for row in table.rows)
        for row in table.rows:
            name = row.name + " " * (width - cell_len(row.name))
            right = f"{row.right}/{table.count}"
            yield Text(
                f"{row.rank:>4}  {name}  {percent(row.accuracy):>7}  {right:>11}  "
                f"{row.entries:>3} {'entry' if row.entries == 1 else 'entries'}"
            )
