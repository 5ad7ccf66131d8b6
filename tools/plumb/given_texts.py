"""What an assignment asks for, and what it gives: the answers, and the texts around them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from plumb.assignment import Assignment
from plumb.given_files import TEXT_SUFFIXES
from plumb.reference import ReferenceFile, all_regions
from plumb.regions import Region
from plumb.secret_lines import SecretLines, find_secrets

#: A file without regions that holds this share of an answer is a copy of it.
COPY = 0.5


def answers(assignment: Assignment, sources: list[ReferenceFile]) -> list[tuple[str, str]]:
    """The id and the answer of every solution region, in modules and in notebooks."""
    return [(r.id, "\n".join(r.body)) for r in all_regions(assignment, sources)]


@dataclass(frozen=True)
class GivenTexts:
    """What students get as it is: the texts around regions, and files and cells without one.

    Attributes:
        code: of modules and of code cells.
        prose: of Markdown cells.
    """

    code: tuple[str, ...]
    prose: tuple[str, ...]


def given_texts(
    assignment: Assignment, sources: list[ReferenceFile], solutions: SecretLines
) -> GivenTexts:
    """The given texts of an assignment.

    A module without regions can be a copy of a solution that was never stripped. It is given only
    if it holds less than half of every answer.
    """
    code: list[str] = []
    prose: list[str] = []
    for source in sources:
        if any(source.path.endswith(suffix) for suffix in TEXT_SUFFIXES):
            text = source.data.decode()
            if source.regions or source.has_given_regions or not is_copy(text, solutions):
                code += _outside(text, source.regions, first_line=1)
    for cell in (cell for cells in assignment.cells.values() for cell in cells):
        outside = _outside(cell.text, cell.regions, first_line=cell.line)
        (code if cell.kind == "code" else prose).extend(outside)
    return GivenTexts(tuple(code), tuple(prose))


def is_copy(text: str, solutions: SecretLines) -> bool:
    """Whether a text holds half of what can be searched for of some answer."""
    whole = Counter(solutions.exact.values())
    found = Counter(
        solutions.exact[pattern]
        for pattern in {f.pattern for f in find_secrets(solutions, text) if not f.is_renamed}
    )
    return any(count >= COPY * whole[answer] for answer, count in found.items())


def _outside(text: str, regions: Iterable[Region], first_line: int) -> Iterator[str]:
    """The parts of a text between its answers; lines around an answer do not follow each other."""
    lines = text.split("\n")
    start = 0
    for region in sorted(regions, key=lambda region: region.line):
        answer = region.answer_line_numbers
        yield "\n".join(lines[start : answer.start - first_line])
        start = answer.stop - first_line
    yield "\n".join(lines[start:])
