"""Comparing texts: what differs, in words, and texts in which numbers may differ a little."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

import numpy as np

from .tolerances import FLOAT64, Tolerance

#: A number in a text. It does not begin inside of a word or of another number.
_NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?")
#: Of a longer line, in characters, only the part where it differs is shown.
_SHOWN = 120


@dataclass(frozen=True)
class NumbersInText:
    """How a text with numbers in it is compared, such as a printed table.

    The words between the numbers must be the same; how much white space is between them does not
    count. The numbers may differ as a tolerance says.

    Attributes:
        numbers: the tolerance.
    """

    numbers: Tolerance = FLOAT64

    def share(self, text: str, expected: str) -> tuple[float, float | None]:
        """The share of the points, 0 to 1; and the largest error, None if the words differ."""
        if _words(text) != _words(expected):
            return 0.0, None
        got, wanted = (np.array(_NUMBER.findall(t), np.float64) for t in (text, expected))
        if not got.size:
            return 1.0, 0.0
        if not np.all(np.isfinite(got)):
            return 0.0, None
        error = float(self.numbers.errors(got, wanted).max())
        return self.numbers.share(error), error


def _words(text: str) -> list[list[str]]:
    """The words between the numbers of a text."""
    return [part.split() for part in _NUMBER.split(text)]


def text_difference(text: str, expected: str) -> str:
    """What differs, in words: the first line that does, if there are several."""
    simple = _simple(text, expected)
    lines, wanted = text.split("\n"), expected.split("\n")
    if len(lines) == len(wanted) == 1:
        return f"{simple}{_got(text, expected)}"
    pairs = enumerate(itertools.zip_longest(lines, wanted), 1)
    number, (got, other) = next((n, pair) for n, pair in pairs if pair[0] != pair[1])
    if got is None:
        return f"{simple}line {number} is missing, expected {_cut(other, other)!r}"
    if other is None:
        return f"{simple}line {number} is one too many, got {_cut(got, got)!r}"
    return f"{simple}line {number}: {_got(got, other)}"


def _simple(text: str, expected: str) -> str:
    if "".join(text.split()) == "".join(expected.split()):
        return "only white space differs; "
    return "only capitals differ; " if text.casefold() == expected.casefold() else ""


def _got(text: str, expected: str) -> str:
    return f"got {_cut(text, expected)!r}, expected {_cut(expected, text)!r}"


def _cut(text: str, other: str) -> str:
    """The text, or of a long one the part around the place where it differs from another."""
    if len(text) <= _SHOWN:
        return text
    same = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(text, other, strict=False))
    first = max(0, sum(1 for _ in same) - _SHOWN // 2)
    last = first + _SHOWN
    return f"{'…' if first else ''}{text[first:last]}{'…' if last < len(text) else ''}"
