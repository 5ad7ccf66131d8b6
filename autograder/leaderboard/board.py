"""The leaderboard: each student's best result in each phase, and the ranks that follow from these.

A board is immutable: a function that changes it returns another one. It keeps no predictions but
only their score: of classes, how many were right; of numbers, the root of the mean squared error
(RMSE), of which the smaller is better. So nobody can read a label in its file.
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
from msgspec import UNSET, UnsetType

from autograder.core.data import root_of_mean, squared_error
from autograder.leaderboard.lookalikes import look_keys
from autograder.submissions.texts import caseless

FORMAT = 1
#: What the name of who chose none begins with.
ANONYMOUS = "anonymous"

#: Classes (N,), int64, or numbers (N, ...), float64; predictions are of the same kind and shape.
Labels = np.ndarray[Any, np.dtype[Any]]


class BestResult(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A student's best result in one phase, by `right` and `accuracy`, or by `rmse`.

    Attributes:
        right: how many predicted classes were right.
        accuracy: their share of all, for people who read the file; ranks follow from `right`.
        rmse: of predicted numbers, as `score` rounds it.
        reached: when the student first had this result, UTC, ISO 8601.
        entries: how many valid entries; the same file twice in a row counts once.
        last_sha256: of the file that was scored last.
    """

    right: int | UnsetType = UNSET
    accuracy: float | UnsetType = UNSET
    rmse: float | UnsetType = UNSET
    reached: str
    entries: int
    last_sha256: str

    def __post_init__(self) -> None:
        """Raises ValueError, by which a file with something else is damaged."""
        if len({self.right is UNSET, self.accuracy is UNSET, self.rmse is not UNSET}) > 1:
            raise ValueError("a result has either `right` and `accuracy` or `rmse`")

    @property
    def score(self) -> int | float:
        """What `score` returned: an int for classes, a float for numbers."""
        if self.right is not UNSET:
            return self.right
        assert self.rmse is not UNSET
        return self.rmse


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
        numbers: True if these are numbers; the file of a board of classes does not have it.
        salt: random, made once; anonymous names are derived from it.
        students: by their ids.
    """

    format: int = FORMAT
    labels_sha256: str
    count: int
    numbers: bool | UnsetType = UNSET
    salt: str
    students: dict[str, Competitor] = {}


@dataclass(frozen=True)
class Standing:
    """A line of a phase's table; `name` may be shown to everybody, the id `student` to staff.

    The score is an int for classes, and a float for numbers, see `score`.
    """

    rank: int
    name: str
    student: str
    score: int | float
    count: int
    entries: int

    @property
    def accuracy(self) -> float | None:
        """The share of predicted classes that were right, from 0 to 1; None for numbers."""
        return self.score / self.count if isinstance(self.score, int) else None


def are_numbers(labels: Labels) -> bool:
    """Whether numbers are to be predicted, not classes."""
    return labels.dtype.kind == "f"


def score(predictions: Labels, labels: Labels) -> int | float:
    """How many predicted classes equal the labels, or the RMSE of predicted numbers.

    The RMSE is rounded to six digits: everybody may see it, and an exact one tells more of the
    labels. It also makes those equal that look equal.
    """
    if not are_numbers(labels):
        return int(np.count_nonzero(predictions == labels))
    rmse = root_of_mean(squared_error(predictions, labels), labels.size)
    return float(f"{rmse:.6g}")


def new_board(labels: Labels) -> Board:
    """A board without students."""
    numbers = are_numbers(labels)
    content = labels.astype("<f8" if numbers else "<i8").tobytes()
    return Board(
        labels_sha256=hashlib.sha256(content).hexdigest(),
        count=len(labels),
        numbers=numbers or UNSET,
        salt=secrets.token_hex(16),
    )


def add_entry(
    board: Board, student: str, phase: int, score: int | float, sha256: str, now: str
) -> Board:
    """The board with a valid entry; the same file again counts as the same entry.

    Args:
        score: of its predictions, see `score`.
        sha256: of its file.
        now: UTC, ISO 8601.
    """
    competitor = board.students.get(student, Competitor())
    faults = {key: fault for key, fault in competitor.faults.items() if key != phase}
    before = competitor.best.get(phase)
    best = _first_result(board, score, sha256, now)
    if before is not None and before.last_sha256 == sha256:
        best = before
    elif before is not None:
        better = _order(score) < _order(before.score)
        best = msgspec.structs.replace(
            best if better else before, entries=before.entries + 1, last_sha256=sha256
        )
    changed = msgspec.structs.replace(
        competitor, best=competitor.best | {phase: best}, faults=faults
    )
    return _replace(board, student, changed)


def _first_result(board: Board, score: int | float, sha256: str, now: str) -> BestResult:
    if isinstance(score, int):
        return BestResult(
            right=score, accuracy=score / board.count, reached=now, entries=1, last_sha256=sha256
        )
    return BestResult(rmse=score, reached=now, entries=1, last_sha256=sha256)


def _order(score: int | float) -> float:
    """By what scores are ordered, the best first: more right ones, or a smaller error."""
    return -score if isinstance(score, int) else score


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


def standings(board: Board, phase: int, anonymous: str = ANONYMOUS) -> list[Standing]:
    """The table of a phase, in order: by score, the best first, and where it is equal by name.

    Competitors with equal scores share a rank.

    Args:
        anonymous: see `shown_names`.
    """
    names = shown_names(board, anonymous)
    entered = {s: c.best[phase] for s, c in board.students.items() if phase in c.best}
    order = {student: _order(best.score) for student, best in entered.items()}
    ordered = sorted(entered, key=lambda s: (order[s], caseless(names[s]), names[s]))
    ranks: dict[int | float, int] = {}
    for rank, student in enumerate(ordered, 1):
        ranks.setdefault(entered[student].score, rank)
    return [
        Standing(ranks[best.score], names[student], student, best.score, board.count, best.entries)
        for student in ordered
        for best in (entered[student],)
    ]


def shown_names(board: Board, anonymous: str = ANONYMOUS) -> dict[str, str]:
    """By student, the name that everybody may see; no two look the same to a reader.

    A nickname that is another student's id is not shown, since readers would take the score for
    that student's. If two students chose nicknames that look alike, the first one keeps it, and the
    other one gets a number. Anonymous names are given first, so that nobody can choose the
    anonymous name of somebody else.

    Args:
        anonymous: the word that anonymous names begin with, in a reader's language.
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
        candidates = (f"{anonymous} {digest[:length]}" for length in lengths)
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
