"""Finds what contradicts itself in the sources of a small assignment."""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from autograder.core.checks import Check
from autograder.core.student import RESERVED_NAMES
from autograder.harness import Kind
from plumb.derive import FoundQuestion, names_asked_for
from plumb.notebooks import cell_tree
from plumb.region_ids import name_of
from plumb.sources import SourceCell

_CHECK_CALL = re.compile(r"""\bcheck\(\s*["'](\w+)["']\s*\)""")


def find_mistakes(
    questions: Sequence[FoundQuestion],
    notebooks: Mapping[str, Sequence[SourceCell]],
    checks: Iterable[Check],
    checked: Collection[str],
) -> Iterator[str]:
    """What contradicts itself: a sentence each, which begins with the place.

    Args:
        checked: the questions that have checks.
    """
    known = [question.id for question in questions]
    for check in checks:
        for word, names in (("names", [check.question]), ("needs", check.needs)):
            for name in names:
                if name not in known:
                    yield (
                        f"{check.place}: check {check.name} {word} the question {name!r}, and no "
                        f"solution region has that id; {_instead(name, known)}"
                    )
    for question in questions:
        if question.kind is Kind.CODE and question.id not in checked:
            yield (
                f"{question.place}: no check looks at {question.id}, so it would earn nothing; "
                f'add one: @check("{question.id}")'
            )
        if question.id in RESERVED_NAMES:
            yield (
                f"{question.place}: a check cannot reach {question.id}, because "
                f"student.{question.id} means something else there; choose another name"
            )
    for cell in (cell for cells in notebooks.values() for cell in cells):
        for number, line in enumerate(cell.text.split("\n"), cell.line):
            for name in _CHECK_CALL.findall(line) if cell.kind == "code" else ():
                if name not in known:
                    yield (
                        f'{cell.file}:{number}: check("{name}") names no question; '
                        f"{_instead(name, known)}"
                    )


def find_entry_mistakes(
    entries: Sequence[tuple[str, float | None]],
    place: str,
    questions: Sequence[FoundQuestion],
    notebooks: Mapping[str, Sequence[SourceCell]],
    checked: Collection[str],
) -> Iterator[str]:
    """What the questions of ``assignment.toml`` and the sources do not agree on, a sentence each.

    Args:
        entries: the id of each question there, and its points if it says some.
        place: of the file.
        questions: those that the sources ask.
        checked: the questions that have checks.
    """
    kinds = {question.id: question.kind for question in questions}
    ids = [name for name, _ in entries]
    for name, points in entries:
        if ids.count(name) > 1:
            yield f"{place}: [[questions]] has {name!r} more than once; keep one of them"
        elif name not in kinds and name not in checked:
            yield (
                f"{place}: there is no question {name!r}: no solution region has that id, and no "
                f"check names it; {_instead(name, list(kinds))}"
            )
        elif points is not None and kinds.get(name) is not Kind.PROSE:
            yield (
                f"{place}: question {name} has points = {points:g}, which only an answer in prose "
                f'has; write them on its checks: @check("{name}", points={points:g})'
            )
    own = {r.id for cells in notebooks.values() for c in cells if c.points for r in c.regions}
    for question in questions:
        if question.kind is Kind.PROSE and question.id not in own and question.id not in ids:
            yield (
                f"{question.place}: nobody could give points for the answer {question.id}; write "
                f'[[questions]] with id = "{question.id}" and points = 2 in {place}'
            )


def out_of_reach(
    sources: Mapping[str, str], notebooks: Mapping[str, Sequence[SourceCell]]
) -> Iterator[str]:
    """A sentence for each function of a notebook that a check asks for by a name of `Student`'s.

    Args:
        sources: of the files of checks, by path.
    """
    defined = {
        node.name: notebook
        for notebook, cells in notebooks.items()
        for cell in cells
        if cell.kind == "code" and cell.role != "example"
        for node in cell_tree(cell).body
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name in RESERVED_NAMES
    }
    for file, source in sources.items():
        for name, place in names_asked_for(source, file, in_notebooks=False).items():
            if name in defined:
                yield (
                    f"{place}: student.{name} is not the {name} that {defined[name]} defines; "
                    f'write student.notebook("{defined[name]}").{name}, or choose another name'
                )


def _instead(name: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(name_of(name), known, n=2)
    if close:
        return f"did you mean {' or '.join(close)}?"
    return f"there are: {', '.join(known) or 'none'}"
