"""The release's notebook with the student's answer cells in it.

Of a notebook that was handed in nothing counts but the text of its answer cells; outputs,
metadata, the order of cells and every other cell are the release's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import msgspec

from autograder.errors import HarnessError, SubmissionError
from autograder.members import printable

SETUP, ANSWER = "setup", "answer"
#: No answer is as long as this many characters.
MAX_SOURCE = 500_000
#: The students' marker, in whatever comment; it names a region where a tool dropped the ids.
_REGION = re.compile(r"^[ \t]*#[ \t]*BEGIN YOUR CODE[ \t]+(\S+)", re.MULTILINE)

Answers: TypeAlias = Mapping[str, str]


@dataclass(frozen=True)
class Cell:
    """A code cell of the release that is run in grading: its role is set-up or answer."""

    id: str
    role: str
    source: str

    @property
    def regions(self) -> list[str]:
        """The ids of the regions that are written here."""
        return _REGION.findall(self.source)


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


def release_cells(path: Path) -> list[Cell]:
    """The cells of a release's notebook that grading runs, in order.

    Raises HarnessError if it cannot be read.
    """
    try:
        notebook = msgspec.json.decode(path.read_bytes(), type=_ReleaseFile)
    except (OSError, msgspec.DecodeError) as error:
        raise HarnessError(f"{path.name}: {error}; build the harness again") from None
    return [
        Cell(cell.id, cell.metadata.plumbline.role, _text(cell.source))
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.metadata.plumbline.role in (SETUP, ANSWER)
    ]


def read_answers(data: bytes, release: Sequence[Cell]) -> tuple[dict[str, str], list[str]]:
    """The answers in a submitted notebook, by the release's cell ids, and notes on them.

    A cell is known by its id, or by the region that its marker names. Of several the last one
    counts that is not the untouched stub.

    Raises SubmissionError, saying what to do, for what is no notebook of version 4.
    """
    submitted = [cell for cell in _decode(data).cells if cell.cell_type == "code"]
    answers: dict[str, str] = {}
    notes = []
    for cell in release:
        if cell.role != ANSWER:
            continue
        found = [_text(other.source) for other in submitted if _is(other, cell, release)]
        written = [text for text in found if text.strip() != cell.source.strip()]
        if not found:
            notes.append(f"the answer cell {cell.id} was not found")
        elif len(set(written)) > 1:
            notes.append(f"the answer cell {cell.id} is there more than once; the last one counts")
        if written and len(written[-1]) > MAX_SOURCE:
            notes.append(f"the answer cell {cell.id} is too long to be run")
        elif found:
            answers[cell.id] = (written or found)[-1]
    return answers, notes


def fill(release: Iterable[Cell], answers: Answers) -> list[dict[str, str]]:
    """The cells to run, ``{"id", "source"}`` each: the release's, with the student's answers."""
    return [
        {
            "id": cell.id,
            "source": answers.get(cell.id, cell.source) if cell.role == ANSWER else cell.source,
        }
        for cell in release
    ]


def _decode(data: bytes) -> _SubmittedFile:
    try:
        notebook = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"), type=_SubmittedFile)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise SubmissionError(
            f"it is no notebook ({printable(str(error))}); open it in Jupyter and save it again"
        ) from None
    if notebook.nbformat != 4:
        raise SubmissionError(
            f"it has version {notebook.nbformat} of the notebook format; "
            "open it in Jupyter and re-save it as version 4"
        )
    return notebook


def _is(submitted: _Submitted, cell: Cell, release: Sequence[Cell]) -> bool:
    """Whether a submitted cell is meant as this one; a known id says more than a marker."""
    if submitted.id is not None and any(submitted.id == other.id for other in release):
        return submitted.id == cell.id
    named = _REGION.findall(_text(submitted.source))
    return any(region in cell.regions for region in named)


def _text(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)
