"""The leaderboard as tables: for everybody by nickname alone, for staff with ids and faults."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text

from autograder.leaderboard.board import Board, Standing, standings
from autograder.render.clean_text import one_line
from autograder.render.grades_csv import plain_number, plain_text
from autograder.render.format_numbers import percent

_PUBLIC = ("phase", "rank", "nickname", "accuracy", "right", "of", "entries")
_STAFF = (*_PUBLIC, "student", "fault")


@dataclass(frozen=True)
class Row:
    """A line that everybody may see; `accuracy` in percent."""

    rank: int
    name: str
    accuracy: float
    right: int
    entries: int


@dataclass(frozen=True)
class PhaseTable:
    """What everybody may see of a phase; `count` predictions make an entry."""

    phase: int
    count: int
    rows: tuple[Row, ...]


def phase_tables(board: Board, phases: int) -> list[PhaseTable]:
    """The table of every phase from 1 to `phases`, empty ones too."""
    return [
        PhaseTable(phase, board.count, tuple(map(_row, standings(board, phase))))
        for phase in range(1, phases + 1)
    ]


def _row(one: Standing) -> Row:
    return Row(one.rank, one_line(one.name), 100 * one.accuracy, one.right, one.entries)


def public_csv(board: Board, phases: int) -> str:
    """What everybody may see, as CSV; accuracy from 0 to 1."""
    cells = (_cells(phase, one) for phase, one in _all(board, range(1, phases + 1)))
    return _csv(_PUBLIC, cells)


def staff_csv(board: Board, phases: int) -> str:
    """The same with ids and what was wrong last; a row too for who has no valid entry there.

    What is wrong with a submission as a whole stands in the student's every row, or in one without
    a phase.
    """
    beyond = {key for one in board.students.values() for key in one.faults if key}
    rows: list[list[str]] = []
    told: set[tuple[str, int]] = set()
    for phase in sorted(beyond | set(range(1, phases + 1))):
        for _, one in _all(board, [phase]):
            faults = board.students[one.student].faults
            told |= {(one.student, phase), (one.student, 0)}
            fault = "; ".join(faults[key] for key in (phase, 0) if key in faults)
            rows.append([*_cells(phase, one), plain_text(one.student), plain_text(fault)])
        rows += _faulty(board, phase, told)
    return _csv(_STAFF, [*rows, *_faulty(board, 0, told)])


def _faulty(board: Board, phase: int, told: set[tuple[str, int]]) -> Iterator[list[str]]:
    """Rows of those without an entry whose fault in a phase no other row tells."""
    for student, one in sorted(board.students.items()):
        if phase in one.faults and (student, phase) not in told:
            blank = [""] * (len(_PUBLIC) - 1)
            yield [str(phase or ""), *blank, plain_text(student), plain_text(one.faults[phase])]


def _all(board: Board, phases: Iterable[int]) -> Iterator[tuple[int, Standing]]:
    return ((phase, one) for phase in phases for one in standings(board, phase))


def _cells(phase: int, one: Standing) -> list[str]:
    numbers = [plain_number(one.accuracy), str(one.right), str(one.count), str(one.entries)]
    return [str(phase), str(one.rank), plain_text(one.name), *numbers]


def _csv(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue()


def lines(board: Board, phases: int) -> Iterator[Text]:
    """The tables for a terminal or a pipe, a line a student; columns are aligned by spaces."""
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
