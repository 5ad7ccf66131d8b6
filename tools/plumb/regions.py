"""Finds the solution regions of a text, refusing every marker that is not exactly right.

A region in code, and one in a Markdown cell::

    # BEGIN SOLUTION affine_forward              <!-- BEGIN SOLUTION inline_depth -->
    # TODO: what the student should do.          <!-- TODO: what the student should answer. -->
    out = x @ w + b                              Because every layer ...
    # END SOLUTION affine_forward                <!-- END SOLUTION inline_depth -->

Without a TODO the student gets a plain one. Lines such as ``# PROMPT rate = ...`` below the TODO
are the student's code in the place of a stub that raises.

An overlooked marker would publish a solution, so a comment that only resembles a marker is an error
too. Every error is a MarkerError and begins with ``file:line``.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from autograder.core.stubs import TODO
from autograder.errors import MarkerError
from autograder.harness import MarkerWords

#: The form of a region's id: ``question`` or ``question.part``.
REGION_ID = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)?")

#: A comment at least this similar to a marker's words counts as a misspelled marker.
_RESEMBLANCE = 0.8


@dataclass(frozen=True)
class Syntax:
    """How a comment on a line of its own is written."""

    opening: str
    closing: str = ""

    def comment(self, text: str) -> str:
        """`text` as a comment."""
        return f"{self.opening}{text}{self.closing}"


CODE = Syntax("# ")
PROSE = Syntax("<!-- ", " -->")


SOLUTION = MarkerWords("BEGIN SOLUTION", "END SOLUTION")

#: Markers of other tools for tests that students do not get.
_HIDDEN_TESTS = re.compile(r"\s*#+ *(BEGIN|END) (HIDDEN TESTS|MARK SCHEME|TESTS)\b.*")

#: What a student is told where the author wrote no TODO.
_PLAIN_TODO = {CODE: "write your code here.", PROSE: "write your answer here."}
#: How a line of a solution opens that is the student's code, in the place of a stub.
PROMPT = "PROMPT "


@dataclass(frozen=True)
class Region:
    """The lines between two markers.

    Attributes:
        id: ``question`` or ``question.part``.
        file: as given to `find_regions`.
        line, end: the numbers of the lines with the two markers.
        indent: the white space before the markers.
        todo: the lines of the opening TODO comment, unchanged, or those of a plain TODO; empty only
            in a student's file.
        body: the lines after the TODO and the prompt, unchanged: the answer.
        prompt: the lines that the student gets in the place of a stub; most regions have none.
    """

    id: str
    file: str
    line: int
    end: int
    indent: str
    todo: tuple[str, ...]
    body: tuple[str, ...]
    prompt: tuple[str, ...] = ()

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
    words: MarkerWords = SOLUTION,
    first_line: int = 1,
) -> tuple[Region, ...]:
    """The solution regions of a text, in order.

    Args:
        file: named in errors.
        syntax: CODE, or PROSE for the text of a Markdown cell.
        words: the words of the markers to look for.
        first_line: the number of the text's first line in that file.

    Raises MarkerError for a marker that is stray, crossed, nested, duplicated, unclosed, misspelled
    or without a valid id, for a prompt that does not stand below the
    TODO, for a TODO that is misspelled, and for an empty region.
    """
    regions = []
    for begin, end in find_pairs(text, file, syntax, words, first_line):
        lines = text.split("\n")[begin.line - first_line + 1 : end.line - first_line]
        length = todo_length(lines, begin.indent, syntax)
        todo = tuple(lines[:length])
        if not todo:
            _require_no_other_todo(lines, begin, file, syntax)
            plain = syntax.comment(f"{TODO}{_PLAIN_TODO[syntax]}")
            todo = (begin.indent + plain,)
        prompt = _prompt(lines[length:], begin, file, syntax)
        body = tuple(lines[length + len(prompt) :])
        if prompt and _without_layout(prompt) == _without_layout(body):
            raise MarkerError(
                file,
                begin.line,
                f"the PROMPT of region {begin.id} is its answer, which students would get; write "
                "what they are to change, such as '# PROMPT rate = ...'",
            )
        regions.append(
            Region(begin.id, file, begin.line, end.line, begin.indent, todo, body, prompt)
        )
    return tuple(regions)


def _without_layout(lines: Iterable[str]) -> str:
    """The code in lines in another layout, without comments; the lines as they are if no Python."""
    text = textwrap.dedent("\n".join(lines))
    try:
        return ast.unparse(ast.parse(text))
    except SyntaxError:
        return text


def _require_no_other_todo(
    lines: Sequence[str], begin: MarkerLine, file: str, syntax: Syntax
) -> None:
    """Raise MarkerError for a region that is empty, or whose first comment looks like a TODO."""
    if not lines:
        raise MarkerError(file, begin.line, f"region {begin.id} is empty: it needs an answer")
    if re.match(r"(#|<!--)\W*todo\b", lines[0].strip(), re.IGNORECASE):
        expected = syntax.comment(f"{TODO}...")
        raise MarkerError(
            file,
            begin.line,
            f"region {begin.id} opens with a comment that looks like a TODO but is not one; write "
            f"{expected!r}, indented like the marker above it: it is all that a student will see",
        )


def _prompt(lines: Sequence[str], begin: MarkerLine, file: str, syntax: Syntax) -> tuple[str, ...]:
    """The student's code in the lines below a TODO, without the comment signs."""
    if syntax != CODE:
        return ()
    opening = f"{begin.indent}{CODE.opening}{PROMPT}"
    length = next((n for n, line in enumerate(lines) if not line.startswith(opening)), len(lines))
    if any(re.match(r"\s*#\s*PROMPT\b", line) for line in lines[length:]):
        raise MarkerError(
            file,
            begin.line,
            f"region {begin.id} has a PROMPT line in another place or without code; PROMPT lines "
            "such as '# PROMPT rate = ...' stand together below the TODO, indented like the "
            "markers",
        )
    return tuple(begin.indent + line.removeprefix(opening) for line in lines[:length])


def find_pairs(
    text: str, file: str, syntax: Syntax, words: MarkerWords, first_line: int = 1
) -> list[tuple[MarkerLine, MarkerLine]]:
    """The pairs of markers of a text, in order; raises MarkerError as `find_regions` does."""
    markers = list(_markers(text, file, syntax, words, first_line))
    pairs: list[tuple[MarkerLine, MarkerLine]] = []
    opened: MarkerLine | None = None
    for index, marker in enumerate(markers):
        if marker.begins:
            if opened is not None:
                raise _overlap(file, opened, marker, markers[index + 1 :])
            opened = marker
            continue
        if opened is None or opened.id != marker.id:
            raise _stray(file, marker, opened, words)
        if opened.indent != marker.indent:
            raise MarkerError(
                file, marker.line, f"indent {words.end} {marker.id} like line {opened.line}"
            )
        pairs.append((opened, marker))
        opened = None
    if opened is not None:
        raise MarkerError(
            file,
            opened.line,
            f"region {opened.id} is never closed; "
            f"add {syntax.comment(words.closing(opened.id))!r} after its last line",
        )
    _check_unique((begin.id, file, begin.line) for begin, _ in pairs)
    return pairs


def check_unique(regions: Iterable[Region]) -> None:
    """Raise MarkerError for an id that two regions have, in one file or in two."""
    _check_unique((region.id, region.file, region.line) for region in regions)


def _check_unique(places: Iterable[tuple[str, str, int]]) -> None:
    first: dict[str, str] = {}
    for region, file, line in places:
        if region in first:
            raise MarkerError(
                file,
                line,
                f"there is a region {region} already, at {first[region]}; give each its own id, "
                f"for example {region.partition('.')[0]}.second",
            )
        first[region] = f"{file}:{line}"


def _overlap(
    file: str, opened: MarkerLine, inner: MarkerLine, later: list[MarkerLine]
) -> MarkerError:
    """The error for a region that begins inside another."""
    closing = next((m.id for m in later if not m.begins and m.id in (opened.id, inner.id)), None)
    relation = "crosses" if closing == opened.id != inner.id else "is nested in"
    return MarkerError(
        file,
        inner.line,
        f"region {inner.id} {relation} region {opened.id}, which is open since line {opened.line}; "
        "close the first before the second begins",
    )


def _stray(
    file: str, marker: MarkerLine, opened: MarkerLine | None, words: MarkerWords
) -> MarkerError:
    """The error for an END marker that closes no region."""
    if opened is None:
        advice = f"no region is open here; add {words.opening(marker.id)} or remove the line"
    else:
        advice = f"the region open here is {opened.id}, since line {opened.line}"
    return MarkerError(file, marker.line, f"stray {words.end} {marker.id}: {advice}")


def _markers(
    text: str, file: str, syntax: Syntax, words: MarkerWords, first_line: int
) -> Iterator[MarkerLine]:
    """Every marker of a text; raises MarkerError for one that is not well-formed."""
    begin_or_end = "|".join(map(re.escape, (words.begin, words.end)))
    exact = re.compile(
        rf"([ \t]*){re.escape(syntax.opening)}({begin_or_end})(?: (.*?))?"
        rf"{re.escape(words.tail)}{re.escape(syntax.closing)}\s*"
    )
    for number, line in enumerate(text.split("\n"), first_line):
        found = exact.fullmatch(line)
        if found is None:
            if syntax == CODE and _HIDDEN_TESTS.fullmatch(line):
                raise MarkerError(
                    file,
                    number,
                    f"{line.strip()!r} is a marker of another tool, and students would get these "
                    "tests; write them as checks in checks.py, and delete them here",
                )
            if _resembles_marker(line, words):
                example = syntax.comment(words.opening("id"))
                raise MarkerError(
                    file,
                    number,
                    f"{line.strip()!r} looks like a marker but is not one; a marker stands alone "
                    f"on its line and reads exactly {example!r}, or begins with {words.end}",
                )
            continue
        indent, word, region = found.groups()
        if not region:
            raise MarkerError(
                file,
                number,
                f"{word} has no id; name the question it answers: {word} question{words.tail}",
            )
        if not REGION_ID.fullmatch(region):
            raise MarkerError(
                file,
                number,
                f"{region!r} cannot be a region's id; write question or question.part, "
                "in small letters, digits and underscores",
            )
        yield MarkerLine(word == words.begin, region, number, indent)


def _resembles_marker(line: str, words: MarkerWords) -> bool:
    """Whether a comment in a line, of either syntax, begins almost like a marker.

    So does a line of nothing but a marker: in Markdown a comment of Python is none.
    """
    if re.fullmatch(rf"\s*({re.escape(words.begin)}|{re.escape(words.end)})( [\w.]+)?\s*", line):
        return True
    for comment in re.split(r"#+|<!--", line)[1:]:
        in_comment = re.findall(r"[A-Za-z]+", comment)
        for marker in (words.begin, words.end):
            start = " ".join(in_comment[: len(marker.split())]).upper()
            if SequenceMatcher(None, start, marker).ratio() >= _RESEMBLANCE:
                return True
    return False


def todo_length(lines: Sequence[str], indent: str, syntax: Syntax) -> int:
    """The number of lines of the TODO comment that opens a region; 0 if there is none."""
    opening = f"{indent}{syntax.opening}{TODO}"
    if not lines or not lines[0].startswith(opening):
        return 0
    if syntax.closing:
        ends = (n for n, line in enumerate(lines, 1) if line.rstrip().endswith("-->"))
        return next(ends, 0)
    comment, prompt = indent + syntax.opening.rstrip(), f"{indent}{syntax.opening}{PROMPT}"
    rest = (
        n for n, line in enumerate(lines) if not line.startswith(comment) or line.startswith(prompt)
    )
    return next(rest, len(lines))
