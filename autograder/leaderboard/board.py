"""The leaderboard: each student's best result in each phase, and the ranks that follow from these.

A board is immutable: a function that changes it returns another one. It keeps no predictions but
only how many were right, so nobody can find out a label from its file.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

from autograder.leaderboard.lookalikes import look_keys
from autograder.submissions.texts import caseless

FORMAT = 1

Labels = np.ndarray[Any, np.dtype[np.int64]]


class BestResult(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A student's best result in one phase.

    Attributes:
        right: how many predictions were right.
        accuracy: their share of all, for people who read the file; ranks follow from `right`.
        reached: when the student first had this result, UTC, ISO 8601.
        entries: how many valid entries; the same file twice in a row counts once.
        last_sha256: of the file that was scored last.
    """

    right: int
    accuracy: float
    reached: str
    entries: int
    last_sha256: str


class Competitor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A student on the board.

    Attributes:
        nickname: the one that they chose, cleaned; empty if they chose none.
        claimed: the position of that choice among all students' choices. If two choose the same
            nickname, the one who chose it first keeps it.
        best: by phase.
        faults: by phase, what was wrong with the last entry. The fault of phase 0 concerns the
            submission as a whole.
    """

    nickname: str = ""
    claimed: int = 0
    best: dict[int, BestResult] = {}
    faults: dict[int, str] = {}


class Board(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The content of ``leaderboard.json``.

    Attributes:
        labels_sha256: of the labels that predictions are scored by; a board is for these alone.
        count: how many predictions an entry has.
        salt: random, made once; anonymous names are derived from it.
        students: by their ids.
    """

    format: int = FORMAT
    labels_sha256: str
    count: int
    salt: str
    students: dict[str, Competitor] = {}


@dataclass(frozen=True)
class Standing:
    """A line of a phase's table; `name` may be shown to everybody, the id `student` to staff."""

    rank: int
    name: str
    student: str
    right: int
    count: int
    entries: int

    @property
    def accuracy(self) -> float:
        """The share of predictions that were right, from 0 to 1."""
        return self.right / self.count


def score(predictions: Labels, labels: Labels) -> int:
    """How many predictions (N,) equal the labels (N,)."""
    return int(np.count_nonzero(predictions == labels))


def new_board(labels: Labels) -> Board:
    """A board without students."""
    return Board(
        labels_sha256=hashlib.sha256(labels.astype("<i8").tobytes()).hexdigest(),
        count=len(labels),
        salt=secrets.token_hex(16),
    )


def add_entry(board: Board, student: str, phase: int, right: int, sha256: str, now: str) -> Board:
    """The board with a valid entry; the same file again counts as the same entry.

    Args:
        right: how many of its predictions are right.
        sha256: of its file.
        now: UTC, ISO 8601.
    """
    competitor = board.students.get(student, Competitor())
    faults = {key: fault for key, fault in competitor.faults.items() if key != phase}
    before = competitor.best.get(phase)
    if before is None:
        best = BestResult(right, right / board.count, now, 1, sha256)
    elif before.last_sha256 == sha256:
        best = before
    else:
        best = msgspec.structs.replace(before, entries=before.entries + 1, last_sha256=sha256)
        if right > before.right:
            best = msgspec.structs.replace(
                best, right=right, accuracy=right / board.count, reached=now
            )
    changed = msgspec.structs.replace(
        competitor, best=competitor.best | {phase: best}, faults=faults
    )
    return _replace(board, student, changed)


def set_faults(board: Board, student: str, faults: dict[int, str]) -> Board:
    """The board with the faults of a student's last submission, by phase.

    Earlier faults of other phases stay; an earlier fault of the whole submission does not.
    """
    competitor = board.students.get(student, Competitor())
    kept = {phase: fault for phase, fault in competitor.faults.items() if phase}
    return _replace(board, student, msgspec.structs.replace(competitor, faults=kept | faults))


def set_nickname(board: Board, student: str, nickname: str) -> Board:
    """The board with the nickname that a student chose; the same again changes nothing."""
    competitor = board.students.get(student, Competitor())
    if competitor.nickname == nickname:
        return board
    claimed = 1 + max((other.claimed for other in board.students.values()), default=0)
    changed = msgspec.structs.replace(competitor, nickname=nickname, claimed=claimed)
    return _replace(board, student, changed)


def _replace(board: Board, student: str, competitor: Competitor) -> Board:
    return msgspec.structs.replace(board, students=board.students | {student: competitor})


def standings(board: Board, phase: int) -> list[Standing]:
    """The table of a phase, in order: by right predictions, and where these are equal by name.

    Competitors with equally many right predictions share a rank.
    """
    names = shown_names(board)
    entered = {s: c.best[phase] for s, c in board.students.items() if phase in c.best}
    ordered = sorted(entered, key=lambda s: (-entered[s].right, caseless(names[s]), names[s]))
    ranks: dict[int, int] = {}
    for rank, student in enumerate(ordered, 1):
        ranks.setdefault(entered[student].right, rank)
    return [
        Standing(ranks[best.right], names[student], student, best.right, board.count, best.entries)
        for student in ordered
        for best in (entered[student],)
    ]


def shown_names(board: Board) -> dict[str, str]:
    """By student, the name that everybody may see; no two look the same to a reader.

    A nickname that is another student's id is not shown, since readers would take the score for
    that student's. If two students chose nicknames that look alike, the first one keeps it, and the
    other one gets a number. Anonymous names are given first, so that nobody can choose the
    anonymous name of somebody else.
    """
    students_by_letters: dict[str, set[str]] = {}
    for student in board.students:
        for letters in _letters(student):
            students_by_letters.setdefault(letters, set()).add(student)
    nicknames = {
        student: c.nickname
        for student, c in board.students.items()
        if c.nickname
        and not any(
            students_by_letters.get(letters, set()) - {student} for letters in _letters(c.nickname)
        )
    }
    taken: set[str] = set()
    names: dict[str, str] = {}
    for student in sorted(board.students.keys() - nicknames):
        digest = hmac.new(board.salt.encode(), student.encode(), "sha256").hexdigest()
        lengths = range(4, len(digest) + 1)
        candidates = (f"anonymous {digest[:length]}" for length in lengths)
        names[student] = next(name for name in candidates if taken.isdisjoint(look_keys(name)))
        taken |= look_keys(names[student])
    for student in sorted(nicknames, key=lambda s: (board.students[s].claimed, s)):
        name, number = nicknames[student], 1
        while not taken.isdisjoint(look_keys(name)):
            number += 1
            name = f"{nicknames[student]} ({number})"
        names[student] = name
        taken |= look_keys(name)
    return names


def _letters(name: str) -> set[str]:
    """The letters and digits of a name: equal for ``Anna Smith`` and the id ``anna_smith``.

    Two letters do not look like one here: Clark may call herself so beside the id ``dark``.
    """
    keys = look_keys(name, two_letters=False)
    return {re.sub(r"[\W_]+", "", key) or key for key in keys}
