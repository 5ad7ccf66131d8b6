"""Solution regions: finding them in a text, refusing every marker that is not exactly right.

A region in code, and one in a Markdown cell::

    # BEGIN SOLUTION affine_forward              <!-- BEGIN SOLUTION inline_depth -->
    # TODO: what the student is told.            <!-- TODO: what the student is asked. -->
    out = x @ w + b                              Because every layer ...
    # END SOLUTION affine_forward                <!-- END SOLUTION inline_depth -->

A marker that is overlooked would publish a solution, so a comment that merely resembles one is an
error too. Every error is a MarkerError and begins with ``file:line``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from autograder.core.stubs import TODO
from autograder.errors import MarkerError

#: What a region may be called: ``question`` or ``question.part``.
REGION_ID = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)?")

#: A comment so similar to a marker's words is taken for one that went wrong.
_RESEMBLANCE = 0.8


@dataclass(frozen=True)
class Syntax:
    """How a comment is written that has a line for itself."""

    opening: str
    closing: str = ""

    def comment(self, text: str) -> str:
        """`text` as a comment."""
        return f"{self.opening}{text}{self.closing}"


CODE = Syntax("# ")
PROSE = Syntax("<!-- ", " -->")


@dataclass(frozen=True)
class Spelling:
    """The words of a pair of markers; the region's id follows them, and then the tail."""

    begin: str
    end: str
    tail: str = ""

    def opening(self, region: str) -> str:
        """The text of the first marker of a region."""
        return f"{self.begin} {region}{self.tail}"

    def closing(self, region: str) -> str:
        """The text of the last marker of a region."""
        return f"{self.end} {region}{self.tail}"


SOLUTION = Spelling("BEGIN SOLUTION", "END SOLUTION")
YOUR_CODE = Spelling("BEGIN YOUR CODE", "END YOUR CODE")
YOUR_ANSWER = Spelling("BEGIN YOUR ANSWER", "END YOUR ANSWER")


@dataclass(frozen=True)
class Region:
    """The lines between two markers.

    Attributes:
        id: ``question`` or ``question.part``.
        file: as given to `find_regions`.
        line, end: the numbers of the lines with the two markers.
        indent: the white space before the markers.
        todo: the lines of the opening TODO comment, as they stand; empty only in a student's file.
        body: the lines after it, as they stand: the answer.
    """

    id: str
    file: str
    line: int
    end: int
    indent: str
    todo: tuple[str, ...]
    body: tuple[str, ...]

    @property
    def answer_line_numbers(self) -> range:
        """The numbers of the lines of `body`."""
        return range(self.end - len(self.body), self.end)


@dataclass(frozen=True)
class MarkerLine:
    """A well-formed BEGIN or END line."""

    begins: bool
    id: str
    line: int
    indent: str


def find_regions(
    text: str,
    file: str = "<text>",
    *,
    syntax: Syntax = CODE,
    spelling: Spelling = SOLUTION,
    first_line: int = 1,
) -> tuple[Region, ...]:
    """The solution regions of a text, in order.

    Args:
        file: named in errors.
        syntax: CODE, or PROSE for the text of a Markdown cell.
        first_line: the number of the text's first line in that file.

    Raises MarkerError for a marker that is stray, crossed, nested, unnamed, ill-named, duplicated,
    unclosed or almost one, and for a region that does not open with a TODO comment.
    """
    regions = []
    for begin, end in find_pairs(text, file, syntax, spelling, first_line):
        lines = text.split("\n")[begin.line - first_line + 1 : end.line - first_line]
        length = todo_length(lines, begin.indent, syntax)
        if length == 0:
            wanted = syntax.comment(f"{TODO}...")
            raise MarkerError(
                file,
                begin.line,
                f"region {begin.id} does not open with a TODO; write {wanted!r} on the line below "
                f"{spelling.begin}, indented like it: it is all that a student will see",
            )
        todo, body = tuple(lines[:length]), tuple(lines[length:])
        regions.append(Region(begin.id, file, begin.line, end.line, begin.indent, todo, body))
    return tuple(regions)


def find_pairs(
    text: str, file: str, syntax: Syntax, spelling: Spelling, first_line: int = 1
) -> list[tuple[MarkerLine, MarkerLine]]:
    """The pairs of markers of a text, in order; raises MarkerError as `find_regions` does."""
    markers = list(_markers(text, file, syntax, spelling, first_line))
    pairs: list[tuple[MarkerLine, MarkerLine]] = []
    opened: MarkerLine | None = None
    for place, marker in enumerate(markers):
        if marker.begins:
            if opened is not None:
                raise _overlap(file, opened, marker, markers[place + 1 :])
            opened = marker
            continue
        if opened is None or opened.id != marker.id:
            raise _stray(file, marker, opened, spelling)
        if opened.indent != marker.indent:
            raise MarkerError(
                file, marker.line, f"indent {spelling.end} {marker.id} like line {opened.line}"
            )
        pairs.append((opened, marker))
        opened = None
    if opened is not None:
        raise MarkerError(
            file,
            opened.line,
            f"region {opened.id} is never closed; "
            f"add {syntax.comment(spelling.closing(opened.id))!r} after its last line",
        )
    _check_unique((begin.id, file, begin.line) for begin, _ in pairs)
    return pairs


def check_unique(regions: Iterable[Region]) -> None:
    """Raise MarkerError for an id that two regions bear, in one file or in two."""
    _check_unique((region.id, region.file, region.line) for region in regions)


def _check_unique(places: Iterable[tuple[str, str, int]]) -> None:
    seen: dict[str, str] = {}
    for region, file, line in places:
        if region in seen:
            raise MarkerError(
                file,
                line,
                f"there is a region {region} already, at {seen[region]}; give each its own id, "
                f"for example {region.partition('.')[0]}.second",
            )
        seen[region] = f"{file}:{line}"


def _overlap(
    file: str, opened: MarkerLine, inner: MarkerLine, later: list[MarkerLine]
) -> MarkerError:
    """The error for a region that begins inside another."""
    closing = next((m.id for m in later if not m.begins and m.id in (opened.id, inner.id)), None)
    how = "crosses" if closing == opened.id != inner.id else "is nested in"
    return MarkerError(
        file,
        inner.line,
        f"region {inner.id} {how} region {opened.id}, which is open since line {opened.line}; "
        "close the first before the second begins",
    )


def _stray(
    file: str, marker: MarkerLine, opened: MarkerLine | None, spelling: Spelling
) -> MarkerError:
    """The error for an END that closes nothing."""
    if opened is None:
        advice = f"no region is open here; add {spelling.opening(marker.id)} or remove the line"
    else:
        advice = f"the region open here is {opened.id}, since line {opened.line}"
    return MarkerError(file, marker.line, f"stray {spelling.end} {marker.id}: {advice}")


def _markers(
    text: str, file: str, syntax: Syntax, spelling: Spelling, first_line: int
) -> Iterator[MarkerLine]:
    """Every marker of a text; raises MarkerError for one that is not well-formed."""
    words = "|".join(re.escape(word) for word in (spelling.begin, spelling.end))
    exact = re.compile(
        rf"([ \t]*){re.escape(syntax.opening)}({words})(?: (.*?))?"
        rf"{re.escape(spelling.tail)}{re.escape(syntax.closing)}\s*"
    )
    for number, line in enumerate(text.split("\n"), first_line):
        found = exact.fullmatch(line)
        if found is None:
            if _resembles_marker(line, spelling):
                form = syntax.comment(spelling.opening("id"))
                raise MarkerError(
                    file,
                    number,
                    f"{line.strip()!r} looks like a marker and is none; a marker stands alone on "
                    f"its line and reads exactly {form!r}, or {spelling.end} instead",
                )
            continue
        indent, word, region = found.groups()
        if not region:
            raise MarkerError(
                file,
                number,
                f"{word} has no id; name the question it answers: {word} question{spelling.tail}",
            )
        if not REGION_ID.fullmatch(region):
            raise MarkerError(
                file,
                number,
                f"{region!r} cannot be a region's id; write question or question.part, "
                "in small letters, digits and underscores",
            )
        yield MarkerLine(word == spelling.begin, region, number, indent)


def _resembles_marker(line: str, spelling: Spelling) -> bool:
    """Whether some comment in a line, of either syntax, begins almost like a marker."""
    for comment in re.split(r"#+|<!--", line)[1:]:
        said = re.findall(r"[A-Za-z]+", comment)
        for words in (spelling.begin, spelling.end):
            start = " ".join(said[: len(words.split())]).upper()
            if SequenceMatcher(None, start, words).ratio() >= _RESEMBLANCE:
                return True
    return False


def todo_length(lines: Sequence[str], indent: str, syntax: Syntax) -> int:
    """How many lines the TODO comment takes that opens a region; 0 if there is none."""
    opening = f"{indent}{syntax.opening}{TODO}"
    if not lines or not lines[0].startswith(opening):
        return 0
    if syntax.closing:
        ends = (n for n, line in enumerate(lines, 1) if line.rstrip().endswith("-->"))
        return next(ends, 0)
    comment = indent + syntax.opening.rstrip()
    return next((n for n, line in enumerate(lines) if not line.startswith(comment)), len(lines))
