"""The release's notebook with the student's answer cells in it.

Of a notebook that was handed in nothing counts but the text of its answer cells; outputs,
metadata, the order of cells and every other cell are the release's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import msgspec

from autograder.core.cell_statements import (
    Statement,
    defined_names,
    extract_statements,
    is_python,
    names_of,
)
from autograder.core.definitions import apparent_definitions, joined, select_definitions
from autograder.errors import HarnessError, SubmissionError
from autograder.harness import Manifest, MarkerWords
from autograder.submissions.file_names import printable

SETUP, ANSWER = "setup", "answer"
#: No answer is as long as this many characters.
MAX_SOURCE = 100_000

Answers: TypeAlias = Mapping[str, str]


@dataclass(frozen=True)
class ReleaseCell:
    """A cell of the release that counts in grading: set-up, or an answer in code or in prose.

    Attributes:
        regions: the ids of the regions that are written here.
        prose: it is Markdown: its text is kept, and nothing is run.
    """

    id: str
    role: str
    source: str
    regions: tuple[str, ...] = ()
    prose: bool = False


@dataclass
class Answered:
    """What was found of the release's answer cells in a submitted notebook.

    Attributes:
        code: the source by the release's cell id.
        prose: the text by the region's id; empty if nothing was written.
        notes: what was not found, or not where it was.
    """

    code: dict[str, str] = field(default_factory=dict)
    prose: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


class _Role(msgspec.Struct):
    role: str = ""


class _Metadata(msgspec.Struct):
    plumbline: _Role = msgspec.field(default_factory=_Role)


class _Release(msgspec.Struct):
    cell_type: str
    source: str | list[str]
    id: str = ""
    metadata: _Metadata = msgspec.field(default_factory=_Metadata)


class _ReleaseFile(msgspec.Struct):
    cells: list[_Release]


class _Submitted(msgspec.Struct):
    cell_type: str = ""
    source: str | list[str] = ""
    id: str | None = None


class _SubmittedFile(msgspec.Struct):
    nbformat: int
    cells: list[_Submitted] = []


class _OldCell(msgspec.Struct):
    cell_type: str = ""
    source: str | list[str] = ""
    input: str | list[str] = ""


class _Worksheet(msgspec.Struct):
    cells: list[_OldCell] = []


class _OldFile(msgspec.Struct):
    """A notebook of version 3, which IPython wrote until 2015: code is called input."""

    worksheets: list[_Worksheet] = []


def release_cells(path: Path, manifest: Manifest) -> list[ReleaseCell]:
    """The cells of a release's notebook that count in grading, in order.

    Raises HarnessError if it cannot be read.
    """
    try:
        notebook = msgspec.json.decode(path.read_bytes(), type=_ReleaseFile)
    except (OSError, msgspec.DecodeError) as error:
        raise HarnessError(f"{path.name}: {error}; build the harness again") from None
    cells = []
    for cell in notebook.cells:
        prose, source = cell.cell_type == "markdown", _text(cell.source)
        role = cell.metadata.plumbline.role
        if role == ANSWER or (role == SETUP and not prose):
            marker = manifest.prose_marker if prose else manifest.code_marker
            cells.append(ReleaseCell(cell.id, role, source, tuple(_regions(source, marker)), prose))
    return cells


def read_answers(data: bytes, release: Sequence[ReleaseCell], manifest: Manifest) -> Answered:
    """The answers in a submitted notebook.

    A cell is known by its id, or by the region that its marker names; of several the last one
    counts that is not the untouched stub. A function or class that is not in its cell is looked
    for in all others.

    Raises SubmissionError, saying what to do, for what is no notebook of version 4.
    """
    submitted = _decode(data).cells
    placed = _placed(submitted, release, manifest)
    answered = Answered()
    for cell in release:
        if cell.role != ANSWER:
            continue
        marker = manifest.prose_marker if cell.prose else manifest.code_marker
        found = placed[cell.id]
        written = [text for text in found if text.strip() != cell.source.strip()]
        if len(set(written)) > 1:
            answered.notes.append(
                f"the answer cell {cell.id} is there more than once; the last one counts"
            )
        if written and len(written[-1]) > MAX_SOURCE:
            answered.notes.append(f"the answer cell {cell.id} is too long to be run")
        elif cell.prose:
            text = (written or found or [cell.source])[-1]
            answered.prose |= _prose(text, cell, marker)
        elif found:
            answered.code[cell.id] = (written or found)[-1]
        elif not defined_names(cell.source):
            answered.notes.append(f"the answer cell {cell.id} was not found")
    sources = [_text(cell.source) for cell in submitted if cell.cell_type == "code"]
    _complete(answered, [s for s in sources if len(s) <= MAX_SOURCE], release)
    return answered


def _complete(answered: Answered, submitted: list[str], release: Sequence[ReleaseCell]) -> None:
    """Look elsewhere for what the answer cells should define and do not, and for what they use."""
    there: list[Statement] | None = None
    given = set().union(*(names_of(c.source)[0] for c in release if c.role == SETUP))
    known = given.union(*(names_of(text)[0] for text in answered.code.values()))
    for cell in release:
        if cell.role != ANSWER or cell.prose:
            continue
        own = answered.code.get(cell.id, "")
        asked = defined_names(cell.source) - known
        # A stub uses nothing of the student's. What cannot be parsed here may yet be what was
        # meant; running it will tell.
        used = frozenset() if own.strip() == cell.source.strip() else names_of(own)[1] - known
        if not asked | used or not is_python(own):
            continue
        there = extract_statements(submitted) if there is None else there
        taken = select_definitions(asked | used, known, there)
        found = {name for piece in taken for name in piece.names}
        seen = apparent_definitions(submitted) if (asked | used) - found else {}
        for name in sorted(asked - found):
            answered.notes.append(f"{name} {_whence(name, seen, 'was not found in any cell')}")
        stars = any("import *" in text for text in (own, *(c.source for c in release)))
        for name in sorted(used - found if not stars else ()):
            told = _whence(name, seen, "no cell defines")
            answered.notes.append(f"the answer cell {cell.id} uses {name}, which {told}")
        names = (asked | used) & found
        if not names:
            continue
        # What an answer uses stands before it, unless a magic must be first.
        text = joined(taken)
        both = [own, text] if own.lstrip().startswith("%%") else [text, own]
        answered.code[cell.id] = "\n\n\n".join(part for part in both if part)
        known |= found
        numbers = ", ".join(str(n + 1) for n in sorted({piece.cell for piece in taken}))
        told = ", ".join(sorted(names))
        answered.notes.append(f"{told}: taken from code cell {numbers}, by name")


def _whence(name: str, seen: Mapping[str, int], otherwise: str) -> str:
    """What to say of a name that could not be found, if a cell seems to define it."""
    if name not in seen:
        return otherwise
    return (
        f"cannot be taken from code cell {seen[name]}: "
        "only imports, functions, classes and plain constants are, in Python 3"
    )


def fill(release: Iterable[ReleaseCell], answers: Answers) -> list[dict[str, str]]:
    """The cells to run, ``{"id", "source"}`` each: the release's, with the student's answers."""
    return [
        {
            "id": cell.id,
            "source": answers.get(cell.id, cell.source) if cell.role == ANSWER else cell.source,
        }
        for cell in release
        if not cell.prose
    ]


def _decode(data: bytes) -> _SubmittedFile:
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        notebook = msgspec.json.decode(data, type=_SubmittedFile)
        if notebook.nbformat == 3:
            old = msgspec.json.decode(data, type=_OldFile)
            cells = [cell for sheet in old.worksheets for cell in sheet.cells]
            notebook.cells = [_Submitted(c.cell_type, c.input or c.source) for c in cells]
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise SubmissionError(
            f"it is no notebook ({printable(str(error))}); open it in Jupyter and save it again"
        ) from None
    if notebook.nbformat not in (3, 4):
        raise SubmissionError(
            f"it has version {notebook.nbformat} of the notebook format; "
            "open it in Jupyter and re-save it as version 4"
        )
    if not notebook.cells:
        raise SubmissionError("it has no cells; hand in the notebook that you worked in")
    return notebook


def _placed(
    submitted: Iterable[_Submitted], release: Sequence[ReleaseCell], manifest: Manifest
) -> dict[str, list[str]]:
    """The texts that are meant as each cell of the release; a known id says more than a marker."""
    known = {cell.id: cell for cell in release}
    placed: dict[str, list[str]] = {cell.id: [] for cell in release}
    markers = {"markdown": manifest.prose_marker, "code": manifest.code_marker}
    for other in submitted:
        if other.cell_type not in markers:
            continue
        text, prose = _text(other.source), other.cell_type == "markdown"
        if other.id in known:
            meant = [known[other.id]]
        else:
            regions = set(_regions(text, markers[other.cell_type]))
            meant = [cell for cell in release if regions.intersection(cell.regions)]
        for cell in meant:
            if cell.prose == prose:
                placed[cell.id].append(text)
    return placed


def _regions(source: str, marker: MarkerWords) -> list[str]:
    """The ids in a cell's opening markers, in whatever comment."""
    opening = rf"^[ \t]*(?:#|<!--)[ \t]*{re.escape(marker.begin)}[ \t]+([a-z0-9_.]+)"
    return re.findall(opening, source, re.MULTILINE)


def _prose(text: str, cell: ReleaseCell, marker: MarkerWords) -> dict[str, str]:
    """What was written in each region of a Markdown cell, without what was handed out."""
    given = {line.strip() for line in cell.source.split("\n")}
    regions: dict[str, list[str]] = {region: [] for region in cell.regions}
    inside, within = "", False
    for line in text.split("\n"):
        opened = _regions(line, marker)
        if opened:
            inside, within = opened[0], True
        elif re.match(rf"[ \t]*<!--[ \t]*{re.escape(marker.end)}\b", line):
            inside = ""
        elif inside in regions and line.strip() not in given - {""}:
            regions[inside].append(line)
    if not within and len(cell.regions) == 1:  # the markers were deleted
        regions[cell.regions[0]] = [ln for ln in text.split("\n") if ln.strip() not in given]
    return {region: "\n".join(lines).strip() for region, lines in regions.items()}


def _text(source: str | list[str]) -> str:
    text = source if isinstance(source, str) else "".join(source)
    return text.replace("\r\n", "\n").replace("\r", "\n")
