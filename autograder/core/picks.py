"""Questions with options: how a student writes the picks, and what share they earn."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile

from .errors import StudentError

#: An option: ``1``, ``1.``, ``1)``, ``(1)`` or ``[1]``; ``1.3`` is something else.
_ITEM = r"(?:\( ?\d{1,3} ?\)|\[ ?\d{1,3} ?\]|\d{1,3}(?:[.)](?!\d))?)"
#: What may stand between two options; between brackets it may also be nothing.
_BETWEEN = r"(?:(?: ?(?:[,;&]|and|和|与|及))+ ?| |(?<=[)\]])(?=[(\[]))"
_LIST = re.compile(rf"{_ITEM}(?:{_BETWEEN}{_ITEM})*", re.IGNORECASE)
#: A word and a colon, such as ``Answer:``, in any language.
_LABEL = re.compile(r"^[^\W\d]+ ?: ?")
_ENCLOSED = re.compile(r"\[([^\[\]()]*)\]|\(([^\[\]()]*)\)")
_EMPHASIS = re.compile(r"[\s*_`>]+")
_BULLET = re.compile(r"^[-+•] ")
#: Characters of other keyboards, and the plain ones: full-width forms, circled digits.
_TO_PLAIN: dict[int, int | str] = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **{0x2460 + n: f" {n + 1} " for n in range(20)},
    **str.maketrans("、。【】", ",.[]"),
}
#: A longer line is never read as picks; this bounds the work of the patterns above.
_LONGEST = 200


@dataclass(frozen=True)
class Picks:
    """How picks are judged: all or nothing, or a share for each right one.

    Attributes:
        partial: every right pick earns an equal share, and every wrong one takes as much away, down
            to 0. If False, only exactly the right picks earn the points.
    """

    partial: bool

    def share(self, picks: str, expected: str) -> float:
        """The share of the points that picks earn, 0 to 1; both as `read_picks` returns them."""
        picked, right = set(picks.split(",")), set(expected.split(","))
        if picked == right or not self.partial:
            return float(picked == right)
        return max(0.0, (len(picked & right) - len(picked - right)) / len(right))


#: One option is right.
ONE = Picks(partial=False)
#: Select all that apply.
SELECT_ALL = Picks(partial=True)


def read_picks(text: str) -> str:
    """The picks in an answer, sorted, as ``"1,3"``.

    They stand in the first line that is not empty, or one in each of the first lines. ``Answer:``
    may precede them, and an explanation may follow below. Numbers may be separated by commas,
    spaces or "and", and may be in brackets, as long as the meaning is clear.

    Raises StudentError for anything else; its message says how to write picks.
    """
    lines = [_plain(line) for line in text.splitlines() if line.strip()]
    if lines:
        lines[0] = _LABEL.sub("", lines[0])
    rows = [_numbers(line) for line in lines if line]
    column = list(takewhile(lambda row: len(row) == 1, rows))
    picked = column or rows[:1]
    below = rows[len(picked) : len(picked) + 1]
    # Numbers in the next line may be more picks or not: the meaning is not clear.
    if not any(picked) or any(below):
        raise StudentError(
            "ValueError",
            "the picks could not be read: write the numbers of the options in one line, "
            "separated by commas, for example: Answer: 1, 3",
        )
    return ",".join(map(str, sorted({number for row in picked for number in row})))


def _plain(line: str) -> str:
    """A line without emphasis, a list's bullet, and punctuation around it."""
    if len(line) > _LONGEST:
        return "a sentence"
    plain = _EMPHASIS.sub(" ", line.translate(_TO_PLAIN)).strip(" .,;")
    return _BULLET.sub("", plain)


def _numbers(line: str) -> list[int]:
    """The numbers in a line that holds only numbers; none if it holds anything else."""
    enclosed = _ENCLOSED.fullmatch(line)
    inner = (enclosed[1] or enclosed[2] or "").strip() if enclosed else line
    return [int(number) for number in re.findall(r"\d+", inner)] if _LIST.fullmatch(inner) else []
