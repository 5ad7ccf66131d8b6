"""The leaderboard: the best of each student by phase, and the ranks that follow from it.

A board is a value; what changes it returns another one. It keeps no predictions, only how many
were right, so that its file tells nobody a label.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import unicodedata
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

FORMAT = 1

Labels = np.ndarray[Any, np.dtype[np.int64]]


class Best(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A student's best in one phase.

    Attributes:
        right: predictions that were right.
        accuracy: their share of all, for whoever reads the file; ranks follow from `right`.
        reached: when so many were right for the first time, UTC, ISO 8601.
        entries: valid entries, of which the same file twice in a row is one.
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
        nickname: as they chose it, cleaned; empty if they chose none.
        claimed: when they chose it, as a running number: who was first keeps a name.
        best: by phase.
        faults: by phase, what was wrong with the last entry; by 0, with the whole submission.
    """

    nickname: str = ""
    claimed: int = 0
    best: dict[int, Best] = {}
    faults: dict[int, str] = {}


class Board(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``leaderboard.json``, the whole of it.

    Attributes:
        labels_sha256: of what the predictions are scored by: others give another board.
        count: how many predictions make an entry.
        salt: random, made once; anonymous names are drawn from it.
        students: by their id.
    """

    format: int = FORMAT
    labels_sha256: str
    count: int
    salt: str
    students: dict[str, Competitor] = {}


@dataclass(frozen=True)
class Standing:
    """A line of a phase's table; `name` is what everybody may see, `student` is for staff."""

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
    """How many predictions (N,) are those of the labels (N,)."""
    return int(np.count_nonzero(predictions == labels))


def new_board(labels: Labels) -> Board:
    """A board without students."""
    return Board(
        labels_sha256=hashlib.sha256(labels.astype("<i8").tobytes()).hexdigest(),
        count=len(labels),
        salt=secrets.token_hex(16),
    )


def enter(board: Board, student: str, phase: int, right: int, sha256: str, now: str) -> Board:
    """The board with a valid entry; the same file again is the same entry.

    Args:
        right: predictions of it that are right.
        sha256: of its file.
        now: UTC, ISO 8601.
    """
    one = board.students.get(student, Competitor())
    faults = {key: fault for key, fault in one.faults.items() if key != phase}
    known = one.best.get(phase)
    if known is None:
        best = Best(right, right / board.count, now, 1, sha256)
    elif known.last_sha256 == sha256:
        best = known
    else:
        best = msgspec.structs.replace(known, entries=known.entries + 1, last_sha256=sha256)
        if right > known.right:
            best = msgspec.structs.replace(
                best, right=right, accuracy=right / board.count, reached=now
            )
    changed = msgspec.structs.replace(one, best=one.best | {phase: best}, faults=faults)
    return _with(board, student, changed)


def refuse(board: Board, student: str, faults: dict[int, str]) -> Board:
    """The board with what is wrong with a student's last submission, by phase."""
    one = board.students.get(student, Competitor())
    kept = {phase: fault for phase, fault in one.faults.items() if phase}
    return _with(board, student, msgspec.structs.replace(one, faults=kept | faults))


def rename(board: Board, student: str, nickname: str) -> Board:
    """The board with the nickname that a student chose; the same again changes nothing."""
    one = board.students.get(student, Competitor())
    if one.nickname == nickname:
        return board
    claimed = 1 + max((other.claimed for other in board.students.values()), default=0)
    changed = msgspec.structs.replace(one, nickname=nickname, claimed=claimed)
    return _with(board, student, changed)


def _with(board: Board, student: str, record: Competitor) -> Board:
    return msgspec.structs.replace(board, students=board.students | {student: record})


def standings(board: Board, phase: int) -> list[Standing]:
    """The ranks of a phase: by right predictions, ties share theirs, within one by name."""
    names = shown_names(board)
    entered = {s: one.best[phase] for s, one in board.students.items() if phase in one.best}
    ordered = sorted(entered, key=lambda s: (-entered[s].right, name_key(names[s]), names[s]))
    ranks: dict[int, int] = {}
    for place, student in enumerate(ordered, 1):
        ranks.setdefault(entered[student].right, place)
    return [
        Standing(ranks[best.right], names[student], student, best.right, board.count, best.entries)
        for student in ordered
        for best in (entered[student],)
    ]


def shown_names(board: Board) -> dict[str, str]:
    """By student, the name that everybody may see; no two are the same to a reader.

    A nickname that is another student's id is not shown, for it would put a score on them. Of two
    that chose the same one the first keeps it. Anonymous names are given before all others, so
    that nobody can choose one that is somebody's.
    """
    owners: dict[str, set[str]] = {}
    for student in board.students:
        owners.setdefault(_letters(student), set()).add(student)
    wishes = {
        student: one.nickname
        for student, one in board.students.items()
        if one.nickname and not owners.get(_letters(one.nickname), set()) - {student}
    }
    taken: set[str] = set()
    names: dict[str, str] = {}
    for student in sorted(board.students.keys() - wishes):
        digest = hmac.new(board.salt.encode(), student.encode(), "sha256").hexdigest()
        lengths = range(4, len(digest) + 1)
        drawn = (f"anonymous {digest[:length]}" for length in lengths)
        names[student] = next(name for name in drawn if name not in taken)
        taken.add(names[student])
    for student in sorted(wishes, key=lambda s: (board.students[s].claimed, s)):
        name, number = wishes[student], 1
        while name_key(name) in taken:
            number += 1
            name = f"{wishes[student]} ({number})"
        names[student] = name
        taken.add(name_key(name))
    return names


def name_key(name: str) -> str:
    """What is the same for two names that a reader takes for one."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def _letters(name: str) -> str:
    """A name without what file names lose: ``Anna Smith`` is ``anna_smith``."""
    return re.sub(r"[\W_]+", "", name_key(name)) or name_key(name)
