"""Turns a solution into a student's text, or back: pure functions on one text.

`strip` replaces the answer of every region by a stub. `fill` puts answers into a student's text.
`solve` gives the solution as a student would have written it. For every text without an error
``fill(strip(text), answers_of(text)) == solve(text)``.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import msgspec

from autograder.core.stubs import definition_stub, is_prose_todo, prose_todo, stub_statement
from autograder.errors import MarkerError
from autograder.harness import YOUR_ANSWER, YOUR_CODE, MarkerWords
from plumb.region_ids import definitions_in
from plumb.regions import CODE, PROSE, Region, Syntax, find_pairs, find_regions, todo_length

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class Style(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words of the students' markers; a variant may choose other words."""

    code: MarkerWords = YOUR_CODE
    prose: MarkerWords = YOUR_ANSWER

    def words(self, syntax: Syntax) -> MarkerWords:
        """The words of the markers in code or in prose."""
        return self.prose if syntax == PROSE else self.code


STYLE = Style()


def strip(
    text: str,
    file: str = "<text>",
    *,
    syntax: Syntax = CODE,
    style: Style = STYLE,
    first_line: int = 1,
) -> str:
    """The text as a student gets it: every solution region keeps its TODO and loses its answer.

    A region in code ends in raise NotImplementedError("TODO: <id>"), or in its prompt; a region in
    prose shows the TODO in italics. `file` and `first_line` are for errors, as in `find_regions`.

    Raises MarkerError for a wrong marker, for a student's marker in a solution, and for a region
    whose body cannot be removed because the rest would not be Python.
    """
    regions = _solution_regions(text, file, syntax, style, first_line)

    def stubbed(region: Region) -> list[str]:
        whole = definitions_in(text, region, first_line) if syntax == CODE else []
        return _stub(region, syntax, style, whole)

    stub = _replace(text, regions, first_line, stubbed)
    if syntax == CODE and _is_python(text) and not _is_python(stub):
        for region in regions:
            alone = _replace(text, [region], first_line, stubbed)
            if not _is_python(alone):
                if region.prompt:
                    raise MarkerError(
                        file,
                        region.line,
                        f"with the PROMPT of region {region.id} in its place, the text is not "
                        "Python; a PROMPT is whole statements, such as '# PROMPT rate = ...'",
                    )
                raise MarkerError(
                    file,
                    region.line,
                    f"without the body of region {region.id} the rest is not Python; "
                    "a region holds whole statements, all indented at least like its markers",
                )
    return stub


def solve(
    text: str,
    file: str = "<text>",
    *,
    syntax: Syntax = CODE,
    style: Style = STYLE,
    first_line: int = 1,
) -> str:
    """The text with its answers, and with the students' markers around them."""
    regions = _solution_regions(text, file, syntax, style, first_line)

    def solved(region: Region) -> list[str]:
        return _written(region, _shown_todo(region, syntax), region.body, syntax, style)

    return _replace(text, regions, first_line, solved)


def leave_out(
    text: str,
    ids: Collection[str],
    file: str = "<text>",
    *,
    syntax: Syntax = CODE,
    style: Style = STYLE,
    first_line: int = 1,
) -> str:
    """The text with the answers, but with the stubs of some regions."""
    regions = _solution_regions(text, file, syntax, style, first_line)

    def lines(region: Region) -> list[str]:
        if region.id in ids:
            whole = definitions_in(text, region, first_line) if syntax == CODE else []
            return _stub(region, syntax, style, whole)
        return _written(region, _shown_todo(region, syntax), region.body, syntax, style)

    return _replace(text, regions, first_line, lines)


def keep_solutions(text: str, ids: Collection[str], file: str = "<text>") -> str:
    """The text with the answers of some regions as plain code, without markers and TODO."""
    regions = [region for region in find_regions(text, file) if region.id in ids]
    return _replace(text, regions, 1, lambda region: list(region.body))


def fill(
    text: str,
    answers: Mapping[str, Sequence[str]],
    file: str = "<text>",
    *,
    syntax: Syntax = CODE,
    style: Style = STYLE,
) -> str:
    """A student's text with other lines in its regions, in place of the stub or a former answer.

    Args:
        answers: the lines for each region, indented as in the file. A region without an entry
            stays as it is; an entry without a region belongs to another file and is ignored.
    """
    regions = [
        r for r in student_regions(text, file, syntax=syntax, style=style) if r.id in answers
    ]

    def filled(region: Region) -> list[str]:
        return _written(region, region.todo, answers[region.id], syntax, style)

    return _replace(text, regions, 1, filled)


def answers_of(
    text: str, file: str = "<text>", *, syntax: Syntax = CODE, style: Style = STYLE
) -> dict[str, tuple[str, ...]]:
    """The lines of every region by id, without the TODO, of a solution or of a student's text."""
    regions = find_regions(text, file, syntax=syntax)
    regions += student_regions(text, file, syntax=syntax, style=style)
    return {region.id: region.body for region in regions}


def student_regions(
    text: str, file: str = "<text>", *, syntax: Syntax = CODE, style: Style = STYLE
) -> tuple[Region, ...]:
    """The regions of a student's text; its author may have deleted a TODO."""
    all_lines = text.split("\n")
    regions = []
    for begin, end in find_pairs(text, file, syntax, style.words(syntax)):
        lines = all_lines[begin.line : end.line - 1]
        if syntax == PROSE:
            length = int(bool(lines) and is_prose_todo(lines[0]) and lines[0].endswith("*"))
            blank = int(lines[length : length + 1] == [""])
        else:
            length, blank = todo_length(lines, begin.indent, syntax), 0
        todo, body = tuple(lines[:length]), tuple(lines[length + blank :])
        regions.append(Region(begin.id, file, begin.line, end.line, begin.indent, todo, body))
    return tuple(regions)


def _solution_regions(
    text: str, file: str, syntax: Syntax, style: Style, first_line: int
) -> tuple[Region, ...]:
    """The solution regions of a text; raises MarkerError if it has a student's markers."""
    for marker, _ in find_pairs(text, file, syntax, style.words(syntax), first_line):
        raise MarkerError(
            file, marker.line, f"this marker of {marker.id} is a student's; write BEGIN SOLUTION"
        )
    return find_regions(text, file, syntax=syntax, first_line=first_line)


def _stub(region: Region, syntax: Syntax, style: Style, whole: Sequence[Definition]) -> list[str]:
    """The lines that replace a solution region in a student's file.

    Args:
        whole: the functions and classes that are all of the region. Each keeps its name and raises
            when it is called: if the text itself raised, everything below would be lost too.
    """
    body = region.prompt or tuple(
        region.indent + line
        for node in whole
        for line in definition_stub(node.name, region.id, is_class=isinstance(node, ast.ClassDef))
    )
    body = body or (region.indent + stub_statement(region.id),)
    todo = _shown_todo(region, syntax)
    return _written(region, todo, () if syntax == PROSE else body, syntax, style)


def _shown_todo(region: Region, syntax: Syntax) -> tuple[str, ...]:
    """The TODO of a solution region as a student sees it; in Markdown it is not a comment."""
    if syntax != PROSE:
        return region.todo
    words = " ".join(line.strip() for line in region.todo)
    return (prose_todo(words.removeprefix("<!--").removesuffix("-->").strip()),)


def _written(
    region: Region, todo: Sequence[str], body: Sequence[str], syntax: Syntax, style: Style
) -> list[str]:
    """The lines of a student's region, its markers included."""
    words = style.words(syntax)
    begin, end = (
        region.indent + syntax.comment(marker)
        for marker in (words.opening(region.id), words.closing(region.id))
    )
    blank = [""] if syntax == PROSE and body else []
    return [begin, *todo, *blank, *body, end]


def _replace(
    text: str, regions: Iterable[Region], first_line: int, lines: Callable[[Region], list[str]]
) -> str:
    """The text with other lines in place of some regions, markers included."""
    result = text.split("\n")
    for region in sorted(regions, key=lambda region: region.line, reverse=True):
        result[region.line - first_line : region.end - first_line + 1] = lines(region)
    return "\n".join(result)


def _is_python(text: str) -> bool:
    """Whether a text parses as Python; a text with a notebook's magic commands does not."""
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True
