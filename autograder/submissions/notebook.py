"""The release's notebook, with the student's answers put into its cells.

Of a student's notebook, the texts of its answer cells count, and those of other cells that define
or change what an answer needs. Outputs, metadata and the set-up cells are the release's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from autograder.core.cell_source import MAX_SOURCE
from autograder.core.cell_statements import defined_names
from autograder.core.needed_cells import Cell, NotebookCells, names_bound
from autograder.core.stubs import regions_of_variables, stubs_left, variables_of
from autograder.harness import Manifest, MarkerWords
from autograder.submissions.merge_conflicts import conflict_line, conflict_sentence
from autograder.submissions.moved_definitions import AnswerCell, note_missing_names
from autograder.submissions.notebook_file import (
    SubmittedCell,
    cell_text,
    read_release_file,
    read_submitted_file,
)
from autograder.submissions.notes import LeftAside
from autograder.submissions.written import Written

SETUP, ANSWER = "setup", "answer"

Answers: TypeAlias = Mapping[str, str]


@dataclass(frozen=True)
class ReleaseCell:
    """A cell of the release that counts in grading.

    Attributes:
        role: `SETUP` or `ANSWER`.
        regions: the ids of the regions that are written here.
        is_prose: whether it is Markdown. Its text is then kept, and nothing is run.
    """

    id: str
    role: str
    source: str
    regions: tuple[str, ...] = ()
    is_prose: bool = False


@dataclass
class NotebookAnswers:
    """The answers that were found in a student's notebook.

    Attributes:
        code: the sources of answer cells in code, by the release's cell id.
        written_answers: the texts of answers in words, by the region's id; empty where nothing
            was written.
        notes: sentences on what was not found.
        cells: the code cells that may run in grading.
        elsewhere: the ids of answer cells for which something is defined in another cell.
    """

    code: dict[str, str] = field(default_factory=dict)
    written_answers: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    cells: NotebookCells = field(default_factory=NotebookCells)
    elsewhere: frozenset[str] = frozenset()

    @property
    def any_code(self) -> bool:
        """Whether any answer in code was found, in its cell or in another one."""
        return bool(self.code or self.elsewhere)


def release_cells(path: Path, manifest: Manifest) -> list[ReleaseCell]:
    """The cells of a release's notebook that count in grading, in order.

    Raises HarnessError if it cannot be read.
    """
    cells = []
    for cell in read_release_file(path):
        is_prose = cell.cell_type == "markdown"
        role, source = cell.metadata.plumbline.role, cell_text(cell)
        if role == ANSWER or (role == SETUP and not is_prose):
            regions = tuple(_region_ids(source, _marker(manifest, is_prose=is_prose)))
            cells.append(ReleaseCell(cell.id, role, source, regions, is_prose))
    return cells


def notebook_cells(
    release: Sequence[ReleaseCell], answers: Answers, submitted: Sequence[str]
) -> NotebookCells:
    """The code cells that may run in grading.

    Args:
        answers: the sources of answer cells by id; a cell without one keeps its stub.
        submitted: the sources of the code cells that were handed in, in the file's order; empty
            ones and those that count as nothing else than an answer may be left empty.
    """
    numbers = {source: number for number, source in enumerate(submitted, 1) if source.strip()}
    code = [cell for cell in release if not cell.is_prose]
    given = []
    for cell in code:
        if cell.role == ANSWER:
            source = answers.get(cell.id, cell.source)
            given.append(Cell(numbers.get(source, 0), source, cell.id, is_answer=True))
        else:
            given.append(Cell(0, cell.source, cell.id))
    known = {cell.source.strip() for cell in given}
    others = tuple(
        Cell(number, source)
        for number, source in enumerate(submitted, 1)
        if source.strip() and len(source) <= MAX_SOURCE and source.strip() not in known
    )
    functions = frozenset().union(*(defined_names(c.source) for c in code if c.role == ANSWER))
    variables = _variables_elsewhere(code, functions, NotebookCells(others=others))
    return NotebookCells(tuple(given), others, functions.union(*variables.values()))


def _variables_elsewhere(
    code: Iterable[ReleaseCell], functions: frozenset[str], own: NotebookCells
) -> dict[str, frozenset[str]]:
    """The variables of answer cells that the student's own cells bind, by the answer cell's id."""
    regions = {
        cell.id: regions_of_variables(cell.regions, functions)
        for cell in code
        if cell.role == ANSWER
    }
    bound = names_bound(own) if any(regions.values()) else set()
    found = {cell: variables_of(its_regions, bound) for cell, its_regions in regions.items()}
    return {cell: names for cell, names in found.items() if names}


def read_answers(
    data: bytes, release: Sequence[ReleaseCell], manifest: Manifest
) -> NotebookAnswers:
    """The answers in a student's notebook.

    An answer cell is recognized by its id, or by the region that its marker names. What it lacks
    may be in other cells, which then run too.

    Raises SubmissionError, which says what to do, if it cannot be read.
    """
    submitted = read_submitted_file(data)
    found = NotebookAnswers()
    texts = _texts_by_cell(submitted, release, manifest)
    changed = _changed_kinds(submitted, release, manifest)
    answer_cells = [cell for cell in release if cell.role == ANSWER]
    for cell in answer_cells:
        is_changed = cell.id in changed and not texts[cell.id]
        if is_changed:
            kind = "Markdown" if cell.is_prose else "code"
            found.notes.append(
                LeftAside(
                    f"the answer cell {cell.id} is a {changed[cell.id]} cell now, so its text does "
                    f"not count; make it a {kind} cell again"
                )
            )
        if cell.is_prose or not is_changed:
            _add_answer(found, cell, texts[cell.id], manifest)
    its_own = _own_code_cells(submitted, texts, found.code)
    found.cells = notebook_cells(release, found.code, its_own)
    answer_texts = {text for its_texts in texts.values() for text in its_texts}
    for number, source in enumerate(its_own, 1):
        if len(source) > MAX_SOURCE and source not in answer_texts:
            found.notes.append(LeftAside(f"code cell {number} is too long to be run"))
    found.elsewhere = note_missing_names(
        [
            AnswerCell(cell.id, cell.source, found.code.get(cell.id, ""))
            for cell in answer_cells
            if not cell.is_prose
        ],
        found.cells,
        found.notes,
    )
    functions = frozenset().union(*(defined_names(cell.source) for cell in answer_cells))
    code = [cell for cell in answer_cells if not cell.is_prose]
    found.elsewhere |= {
        cell.id
        for cell in code
        if found.code.get(cell.id, cell.source).strip() == cell.source.strip()
    } & _variables_elsewhere(code, functions, found.cells).keys()
    # What became another kind of cell was told already.
    already_noted = {
        f"{name} was not found in any cell"
        for cell in answer_cells
        if cell.id in changed
        for name in defined_names(cell.source)
    }
    found.notes = [note for note in found.notes if note not in already_noted]
    for cell in answer_cells:
        line = conflict_line(found.code.get(cell.id, "").encode("utf-8", "replace"))
        if line:
            found.notes.append(
                LeftAside(f"the answer cell {cell.id} cannot be run: {conflict_sentence(line)}")
            )
    return found


def amount_to_write(release: Iterable[ReleaseCell]) -> int:
    """How many answers a notebook of the release asks for."""
    answers = [cell for cell in release if cell.role == ANSWER]
    return sum(len(cell.regions) if cell.is_prose else 1 for cell in answers)


def amount_written(found: NotebookAnswers, release: Iterable[ReleaseCell]) -> Written:
    """How many answers are written in a student's notebook, and how many are no untouched stubs.

    An answer is not written while a stub of its cell still stands there, whatever was added.
    """
    stubs = {cell.id: cell.source.strip() for cell in release}
    changed = {
        cell: text for cell, text in found.code.items() if text.strip() not in ("", stubs[cell])
    }
    complete = {cell for cell, text in changed.items() if not stubs_left(text)}
    complete |= found.elsewhere - changed.keys()
    words = sum(bool(text) for text in found.written_answers.values())
    return len(complete) + words, len(changed.keys() | found.elsewhere) + words


def _add_answer(
    found: NotebookAnswers, cell: ReleaseCell, texts: Sequence[str], manifest: Manifest
) -> None:
    """Add the answer of one cell. The last text that is not the untouched stub counts.

    Args:
        texts: the texts that were handed in for this cell.
    """
    written = [text for text in texts if text.strip() != cell.source.strip()]
    if len(set(written)) > 1:
        found.notes.append(
            LeftAside(f"the answer cell {cell.id} is there more than once; the last one counts")
        )
    if written and len(written[-1]) > MAX_SOURCE:
        found.notes.append(LeftAside(f"the answer cell {cell.id} is too long to be run"))
    elif cell.is_prose:
        text = (written or texts or [cell.source])[-1]
        marker = _marker(manifest, is_prose=True)
        found.written_answers |= _written_answers(text, cell, marker)
    elif texts:
        found.code[cell.id] = (written or texts)[-1]
    elif not defined_names(cell.source):
        found.notes.append(LeftAside(f"the answer cell {cell.id} was not found"))


def _own_code_cells(
    submitted: Sequence[SubmittedCell], texts: Mapping[str, Sequence[str]], code: Answers
) -> list[str]:
    """The sources of the code cells in order; empty for copies of answers that do not count."""
    copies = {text for cell, its_texts in texts.items() if cell in code for text in its_texts}
    copies -= set(code.values())
    sources = [cell_text(cell) for cell in submitted if cell.cell_type == "code"]
    return ["" if source in copies else source for source in sources]


def _texts_by_cell(
    submitted: Iterable[SubmittedCell], release: Sequence[ReleaseCell], manifest: Manifest
) -> dict[str, list[str]]:
    """The texts that were handed in for each cell of the release, by its id.

    If a submitted cell has a known id, its marker is ignored.
    """
    by_id = {cell.id: cell for cell in release}
    texts: dict[str, list[str]] = {cell.id: [] for cell in release}
    for cell in submitted:
        if cell.cell_type not in ("markdown", "code"):
            continue
        text, is_prose = cell_text(cell), cell.cell_type == "markdown"
        if cell.id in by_id:
            matching = [by_id[cell.id]]
        else:
            regions = set(_region_ids(text, _marker(manifest, is_prose=is_prose)))
            matching = [other for other in release if regions.intersection(other.regions)]
        for match in matching:
            if match.is_prose == is_prose:
                texts[match.id].append(text)
    return texts


#: What people call the kinds of cells.
_KINDS = {"markdown": "Markdown", "raw": "raw", "code": "code"}


def _changed_kinds(
    submitted: Iterable[SubmittedCell], release: Sequence[ReleaseCell], manifest: Manifest
) -> dict[str, str]:
    """What the cells became, by id, that were handed in as cells of another kind."""
    by_id = {cell.id: cell for cell in release if cell.role == ANSWER}
    by_region = {region: cell for cell in by_id.values() for region in cell.regions}
    changed = {}
    for cell in submitted:
        if cell.cell_type not in _KINDS or (cell.id not in by_id and not by_region):
            continue
        if cell.id in by_id:
            matching = [by_id[cell.id]]
        else:
            text = cell_text(cell)
            regions = [
                region
                for is_prose in (True, False)
                for region in _region_ids(text, _marker(manifest, is_prose=is_prose))
            ]
            matching = [by_region[region] for region in regions if region in by_region]
        for match in matching:
            if cell.cell_type != ("markdown" if match.is_prose else "code"):
                changed[match.id] = _KINDS[cell.cell_type]
    return changed


def _marker(manifest: Manifest, *, is_prose: bool) -> MarkerWords:
    return manifest.prose_marker if is_prose else manifest.code_marker


def _region_ids(source: str, marker: MarkerWords) -> list[str]:
    """The ids in a cell's opening markers, in a comment of code or of Markdown."""
    opening = rf"^[ \t]*(?:#|<!--)[ \t]*{re.escape(marker.begin)}[ \t]+([a-z0-9_.]+)"
    return re.findall(opening, source, re.MULTILINE)


def _written_answers(text: str, cell: ReleaseCell, marker: MarkerWords) -> dict[str, str]:
    """What was written in each region of a Markdown cell, without the lines of the release."""
    given = {line.strip() for line in cell.source.split("\n")}
    regions: dict[str, list[str]] = {region: [] for region in cell.regions}
    current, any_marker = "", False
    for line in text.split("\n"):
        opened = _region_ids(line, marker)
        if opened:
            current, any_marker = opened[0], True
        elif re.match(rf"[ \t]*<!--[ \t]*{re.escape(marker.end)}\b", line):
            current = ""
        elif current in regions and line.strip() not in given - {""}:
            regions[current].append(line)
    if not any_marker and len(cell.regions) == 1:  # the student deleted the markers
        regions[cell.regions[0]] = [ln for ln in text.split("\n") if ln.strip() not in given]
    return {region: "\n".join(lines).strip() for region, lines in regions.items()}
