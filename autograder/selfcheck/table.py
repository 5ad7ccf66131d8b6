"""Showing results: lines in a terminal, a small table in a notebook."""

from __future__ import annotations

import html
from collections import Counter
from typing import TextIO

from .results import Result

_MARKS = {
    "passed": "✓",
    "partly right": "~",
    "not right": "✗",
    "missing": "·",
    "error": "!",
    "broken": "?",
    "picks read": "✓",
    "picks not read": "!",
}
_COLOURS = {
    "passed": 32,
    "partly right": 33,
    "not right": 31,
    "missing": 90,
    "error": 31,
    "broken": 34,
    "picks read": 32,
    "picks not read": 31,
}


class Table:
    """Results that show themselves, as HTML in a notebook and as text elsewhere.

    True if every check passed.

    Args:
        results: in the order of the checks.
        asked: how many checks were to be run; more than there are results if it was stopped.
    """

    def __init__(self, results: list[Result], asked: int | None = None) -> None:
        self.results = results
        self._asked = len(results) if asked is None else asked

    def __bool__(self) -> bool:
        return len(self.results) == self._asked and all(r.passed for r in self.results)

    def __repr__(self) -> str:
        return "\n".join([*(_text(result) for result in self.results), self._totals()])

    def _totals(self) -> str:
        stopped = f"Stopped after {len(self.results)} of {self._asked} checks: "
        return (stopped if len(self.results) < self._asked else "") + totals(self.results)

    def _repr_html_(self) -> str:
        """What a notebook shows; everything that came from code is escaped."""
        rows = "".join(_row(result) for result in self.results)
        return f"<table>{rows}</table><p>{html.escape(self._totals())}</p>"


def write(result: Result, stream: TextIO, colour: bool) -> None:
    """Write one result, with colours where a person looks at a terminal."""
    text = _text(result)
    if colour:
        first, newline, rest = text.partition("\n")
        text = f"\033[{_COLOURS[result.outcome]}m{first}\033[0m{newline}{rest}"
    print(_printable(text, stream), file=stream, flush=True)


def totals(results: list[Result]) -> str:
    """``3 passed, 1 not right; 4.5 of 7 points of the visible checks``."""
    if not results:
        return "There is no visible check for this; it is graded once it is handed in."
    counts = Counter("not written yet" if r.outcome == "missing" else r.outcome for r in results)
    words = ", ".join(f"{count} {outcome}" for outcome, count in counts.items())
    score = sum(result.share * result.check.points for result in results)
    points = sum(result.check.points for result in results)
    if not points:  # picks alone are read, not judged
        return words
    return f"{words}; {score:g} of {points:g} points of the visible checks"


def _text(result: Result) -> str:
    check = result.check
    head = f"{_MARKS[result.outcome]} {check.question}: {check.title}"
    lines = result.message.splitlines()
    if result.outcome == "missing" and lines:
        return f"{head} — {lines[0]}"
    return "\n".join([head, *(f"      {line}" for line in lines)])


def _row(result: Result) -> str:
    check = result.check
    colour = {"passed": "green", "picks read": "green", "missing": "gray"}.get(
        result.outcome, "firebrick"
    )
    message = f"<pre>{html.escape(result.message)}</pre>" if result.message else ""
    return (
        f'<tr><td style="color:{colour}">{_MARKS[result.outcome]}</td>'
        f'<td style="text-align:left">{html.escape(check.question)}</td>'
        f'<td style="text-align:left">{html.escape(check.title)}{message}</td></tr>'
    )


def _printable(text: str, stream: TextIO) -> str:
    """The text in what the stream can write; an old terminal may know no ticks."""
    encoding = getattr(stream, "encoding", None) or "ascii"
    return text.encode(encoding, "replace").decode(encoding)
