"""The leaderboard's tables: one with nicknames alone for everybody, one with ids for staff."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text

from autograder.leaderboard.board import ANONYMOUS, Board, Standing, standings
from autograder.render.clean_text import one_line
from autograder.render.format_numbers import percent
from autograder.render.grades_csv import plain_number, plain_text

_OF_CLASSES = ("phase", "rank", "nickname", "accuracy", "right", "of", "entries")
_OF_NUMBERS = ("phase", "rank", "nickname", "rmse", "of", "entries")
_OF_STAFF = ("student", "fault")


@dataclass(frozen=True)
class Row:
    """A line that everybody may see.

    Attributes:
        accuracy: in percent; None if numbers are predicted.
        score: as it is shown: how many predictions are right, or their RMSE.
    """

    rank: int
    name: str
    accuracy: float | None
    score: str
    entries: int


@dataclass(frozen=True)
class PhaseTable:
    """What everybody may see of a phase; an entry has `count` predictions.

    They are ranked by their RMSE if they are `numbers`, else by how many are right.
    """

    phase: int
    count: int
    numbers: bool
    rows: tuple[Row, ...]


def phase_tables(board: Board, phases: int, anonymous: str = ANONYMOUS) -> list[PhaseTable]:
    """The table of every phase from 1 to `phases`, empty ones too.

    Args:
        anonymous: see `board.shown_names`.
    """
    return [
        PhaseTable(phase, board.count, board.numbers is True, rows)
        for phase in range(1, phases + 1)
        for rows in (tuple(map(_row, standings(board, phase, anonymous))),)
    ]


def _row(standing: Standing) -> Row:
    return Row(
        standing.rank,
        one_line(standing.name),
        None if standing.accuracy is None else 100 * standing.accuracy,
        _score_text(standing.score),
        standing.entries,
    )


def _score_text(score: int | float) -> str:
    return str(score) if isinstance(score, int) else f"{score:.6g}"


def _columns(board: Board) -> tuple[str, ...]:
    return _OF_NUMBERS if board.numbers is True else _OF_CLASSES


def public_csv(board: Board, phases: int) -> str:
    """What everybody may see, as CSV; accuracy from 0 to 1."""
    cells = (
        _cells(phase, standing)
        for phase in range(1, phases + 1)
        for standing in standings(board, phase)
    )
    return _csv(_columns(board), cells)


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
    return _csv((*_columns(board), *_OF_STAFF), [*rows, *_fault_rows(board, 0, written)])


def _fault_rows(board: Board, phase: int, written: set[tuple[str, int]]) -> Iterator[list[str]]:
    """Rows for the faults of a phase that are in no row yet."""
    for student, competitor in sorted(board.students.items()):
        if phase in competitor.faults and (student, phase) not in written:
            blank = [""] * (len(_columns(board)) - 1)
            fault = plain_text(competitor.faults[phase])
            yield [str(phase or ""), *blank, plain_text(student), fault]


def _cells(phase: int, standing: Standing) -> list[str]:
    accuracy = [] if standing.accuracy is None else [plain_number(standing.accuracy)]
    return [
        str(phase),
        str(standing.rank),
        plain_text(standing.name),
        *accuracy,
        _score_text(standing.score),
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
        measure = ": RMSE, the smaller the better" if table.numbers else ""
        yield Text(f"Phase {table.phase}{measure}", "bold")
        if not table.rows:
            yield Text("no valid entry yet")
            continue
        width = max(cell_len(row.name) for row in table.rows)
        for row in table.rows:
            name = row.name + " " * (width - cell_len(row.name))
            score = f"{row.score:>11}"
            if not table.numbers:
                right = f"{row.score}/{table.count}"
                score = f"{percent(row.accuracy):>7}  {right:>11}"
            yield Text(
                f"{row.rank:>4}  {name}  {score}  "
                f"{row.entries:>3} {'entry' if row.entries == 1 else 'entries'}"
            )
