"""Showing results: lines in a terminal, a small table in a notebook."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TextIO

from ..core.language import IN_ENGLISH, Language
from .results import (
    BROKEN,
    ERROR,
    FAILED,
    MISSING,
    PARTIAL,
    PASSED,
    PICKS_NOT_READ,
    PICKS_READ,
    Result,
)

#: What stands before a result.
_SYMBOLS = {
    PASSED: "✓",
    PARTIAL: "~",
    FAILED: "✗",
    MISSING: "·",
    ERROR: "!",
    BROKEN: "?",
    PICKS_READ: "✓",
    PICKS_NOT_READ: "!",
}
#: A terminal's colour codes.
_COLOURS = {
    PASSED: 32,
    PARTIAL: 33,
    FAILED: 31,
    MISSING: 90,
    ERROR: 31,
    BROKEN: 34,
    PICKS_READ: 32,
    PICKS_NOT_READ: 31,
}
#: The titles of the columns in a notebook.
_HEAD = ("", "Question", "Check", "Points")
_LEFT = "text-align:left; vertical-align:top; background:transparent; overflow-wrap:normal"
#: Notebooks give code a background of its own, which would be a box in the table.
_MONOSPACE = (
    "font-family:monospace; background:transparent; color:inherit; border:none; padding:0; "
    "margin:0; white-space:pre-wrap"
)


class Table:
    """Results that show as HTML in a notebook and as text elsewhere; true if all checks passed.

    Args:
        results: in the order of the checks.
        planned: how many checks were to be run; if there are fewer results, it was stopped.
        titles: of the questions, by their ids.
        say: translates what is shown.
        remarks: sentences on what grading will run otherwise.
    """

    def __init__(
        self,
        results: list[Result],
        planned: int | None = None,
        titles: Mapping[str, str] | None = None,
        say: Language = IN_ENGLISH,
        remarks: Sequence[str] = (),
    ) -> None:
        self.results = results
        self._remarks = [f"! {say(remark)}" for remark in remarks]
        self._planned = len(results) if planned is None else planned
        self._titles = titles or {}
        self._say = say

    def __bool__(self) -> bool:
        return len(self.results) == self._planned and all(r.passed for r in self.results)

    def __repr__(self) -> str:
        lines = [_text(result, self._say) for result in self.results]
        return "\n".join([*lines, self._totals(), *self._remarks])

    def _totals(self) -> str:
        stopped = f"Stopped after {len(self.results)} of {self._planned} checks: "
        stopped = stopped if len(self.results) < self._planned else ""
        return self._say(stopped + totals(self.results))

    def _repr_html_(self) -> str:
        """What a notebook shows; everything that a student's code made is escaped."""
        head = "".join(f'<th style="{_LEFT}">{self._say(title)}</th>' for title in _HEAD)
        rows = "".join(_row(result, self._titles, self._say) for result in self.results)
        table = f'<table style="background:transparent"><tr>{head}</tr>{rows}</table>'
        lines = map(html.escape, [self._totals(), *self._remarks])
        return table + "".join(f"<p>{line}</p>" for line in lines)


def write(result: Result, stream: TextIO, colour: bool, say: Language = IN_ENGLISH) -> None:
    """Write one result; `colour` is for a terminal."""
    text = _text(result, say)
    if colour:
        first, newline, rest = text.partition("\n")
        text = f"\033[{_COLOURS[result.outcome]}m{first}\033[0m{newline}{rest}"
    print(printable(text, stream), file=stream, flush=True)


def totals(results: list[Result]) -> str:
    """``3 passed, 1 not right; 4.5 of 7 points of the visible checks``."""
    if not results:
        return "There is no visible check for this; it is graded once it is handed in."
    counts = Counter("not written yet" if r.outcome == MISSING else r.outcome for r in results)
    words = ", ".join(f"{count} {outcome}" for outcome, count in counts.items())
    score = sum(result.share * result.check.points for result in results)
    points = sum(result.check.points for result in results)
    if not points:  # only picks, which are read and not judged
        return words
    return f"{words}; {score:g} of {points:g} points of the visible checks"


def _text(result: Result, say: Language) -> str:
    check = result.check
    head = f"{_SYMBOLS[result.outcome]} {check.question}: {check.title}"
    lines = _message(result, say).splitlines()
    if result.outcome == MISSING and lines:
        return f"{head} — {lines[0]}"
    return "\n".join([head, *(f"      {line}" for line in lines)])


def _message(result: Result, say: Language) -> str:
    """The message in the student's language; of a traceback, the last line alone is ours."""
    above, newline, last = result.message.rpartition("\n")
    text = say(result.message) if result.outcome != ERROR else f"{above}{newline}{say(last)}"
    return "\n".join(filter(None, [text, say(result.graded_as)]))


def _row(result: Result, titles: Mapping[str, str], say: Language) -> str:
    check = result.check
    colours = {PASSED: "green", PICKS_READ: "green", MISSING: "gray"}
    colour = "firebrick" if result.graded_as else colours.get(result.outcome, "firebrick")
    title = html.escape(titles.get(check.question, ""))
    message = f'<pre style="{_MONOSPACE}">{html.escape(_message(result, say))}</pre>'
    points = f"{result.share * check.points:g}&nbsp;/&nbsp;{check.points:g}" if check.points else ""
    cells = (
        f'<span style="color:{colour}">{_SYMBOLS[result.outcome]}</span>',
        f'{title} <code style="{_MONOSPACE}">{html.escape(check.question)}</code>',
        html.escape(check.title) + (message if result.message or result.graded_as else ""),
        points,
    )
    return "<tr>" + "".join(f'<td style="{_LEFT}">{cell}</td>' for cell in cells) + "</tr>"


def printable(text: str, stream: TextIO) -> str:
    """The text without characters that the stream cannot write; an old terminal has no ticks."""
    encoding = getattr(stream, "encoding", None) or "ascii"
    return text.encode(encoding, "replace").decode(encoding)
