"""Questions with options: the picks of a student, how they are written and what they earn."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile

from .errors import StudentError

#: An option: ``1``, ``1.``, ``1)``, ``(1)`` or ``[1]``; ``1.3`` is something else.
_ITEM = r"(?:\( ?\d{1,3} ?\)|\[ ?\d{1,3} ?\]|\d{1,3}(?:[.)](?!\d))?)"
#: What may stand between two; brackets may also follow each other closely.
_BETWEEN = r"(?:(?: ?(?:[,;&]|and|和|与|及))+ ?| |(?<=[)\]])(?=[(\[]))"
_LIST = re.compile(rf"{_ITEM}(?:{_BETWEEN}{_ITEM})*", re.IGNORECASE)
#: ``Answer:``, in any language.
_LABEL = re.compile(r"^[^\W\d]+ ?: ?")
_ENCLOSED = re.compile(r"\[([^\[\]()]*)\]|\(([^\[\]()]*)\)")
_EMPHASIS = re.compile(r"[\s*_`>]+")
_BULLET = re.compile(r"^[-+•] ")
#: What other keyboards write for what is read here: full-width forms, circled digits.
_PLAIN: dict[int, int | str] = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **{0x2460 + n: f" {n + 1} " for n in range(20)},
    **str.maketrans("、。【】", ",.[]"),
}
#: Picks take no longer line; a pattern is never tried on more.
_LONGEST = 200


@dataclass(frozen=True)
class Picks:
    """How picks are judged: all or nothing, or a share for each right one.

    Attributes:
        partial: every right pick earns its share and every wrong one costs as much; never below
            nothing. Otherwise only exactly the right picks earn anything.
    """

    partial: bool

    def share(self, came: str, wanted: str) -> float:
        """The share of the points that picks earn, 0 to 1; both as `read_picks` gives them."""
        picked, right = set(came.split(",")), set(wanted.split(","))
        if picked == right or not self.partial:
            return float(picked == right)
        return max(0.0, (len(picked & right) - len(picked - right)) / len(right))


#: One option is right.
ONE = Picks(partial=False)
#: Select all that apply.
SELECT_ALL = Picks(partial=True)


def read_picks(text: str) -> str:
    """The picks in an answer, sorted, as ``"1,3"``.

    They stand in the first line that is not empty, or one in each of the first lines, behind
    ``Answer:`` or without it; what stands below is an explanation. Numbers may be separated and
    bracketed as people do, as long as nothing else can be meant.

    Raises StudentError, saying how to write them, for anything else.
    """
    lines = [_plain(line) for line in text.splitlines() if line.strip()]
    if lines:
        lines[0] = _LABEL.sub("", lines[0])
    rows = [_numbers(line) for line in lines if line]
    column = list(takewhile(lambda row: len(row) == 1, rows))
    picked = column or rows[:1]
    below = rows[len(picked) : len(picked) + 1]
    # More numbers in the next line may be picks or may not.
    if not any(picked) or any(below):
        raise StudentError(
            "ValueError",
            "the picks could not be read: write the numbers of the options in one line, "
            "separated by commas, for example: Answer: 1, 3",
        )
    return ",".join(map(str, sorted({number for row in picked for number in row})))


def _plain(line: str) -> str:
    """A line without emphasis, a list's bullet, and what may stand at its end."""
    if len(line) > _LONGEST:
        return "a sentence"
    plain = _EMPHASIS.sub(" ", line.translate(_PLAIN)).strip(" .,;")
    return _BULLET.sub("", plain)


def _numbers(line: str) -> list[int]:
    """The numbers in a line that holds nothing else; none if it does."""
    enclosed = _ENCLOSED.fullmatch(line)
    inner = (enclosed[1] or enclosed[2] or "").strip() if enclosed else line
    return [int(number) for number in re.findall(r"\d+", inner)] if _LIST.fullmatch(inner) else []
