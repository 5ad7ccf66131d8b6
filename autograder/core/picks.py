"""Questions with options: the picks of a student, how they are written and what they earn."""

from __future__ import annotations

import re
from dataclasses import dataclass

from autograder.core.errors import StudentError

#: ``Answer: 1, 3``, the word in any language or left out.
_LINE = re.compile(r"(?:[^\W\d]+ ?[:\uff1a] ?)?(\d{1,3}(?:[ ,;\u3001\uff0c]+\d{1,3})*)")
_EMPHASIS = re.compile(r"[\s*_`>]+")
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
    """The picks in an answer, sorted, as ``"1,3"``: its first line that is not empty holds them.

    Raises StudentError if that line is something else; what stands below it is an explanation.
    """
    line = next((line for line in text.splitlines() if line.strip()), "")
    plain = _EMPHASIS.sub(" ", line[:_LONGEST]).strip(" .")
    found = _LINE.fullmatch(plain)
    if found is None or len(line) > _LONGEST:
        raise StudentError(
            "ValueError",
            "the picks could not be read: write their numbers in the first line of the answer, "
            "for example: Answer: 1, 3",
        )
    numbers = sorted({int(number) for number in re.findall(r"\d+", found[1])})
    return ",".join(map(str, numbers))
