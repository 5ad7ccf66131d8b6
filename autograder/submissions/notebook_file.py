"""Reads the cells of a notebook file, of the release or of a student."""

from __future__ import annotations

import contextlib
from pathlib import Path

import msgspec

from autograder.core.lenient_notebook import read_leniently
from autograder.errors import HarnessError, SubmissionError
from autograder.submissions.archive_suffixes import packed_as
from autograder.submissions.file_names import printable
from autograder.submissions.merge_conflicts import conflict_line, conflict_sentence


class _PlumblineMetadata(msgspec.Struct):
    role: str = ""


class _Metadata(msgspec.Struct):
    plumbline: _PlumblineMetadata = msgspec.field(default_factory=_PlumblineMetadata)


class ReleaseFileCell(msgspec.Struct):
    """A cell in a file of the release."""

    cell_type: str
    source: str | list[str]
    id: str = ""
    metadata: _Metadata = msgspec.field(default_factory=_Metadata)


class _ReleaseFile(msgspec.Struct):
    cells: list[ReleaseFileCell]


class SubmittedCell(msgspec.Struct):
    """A cell of a student's notebook."""

    cell_type: str = ""
    source: str | list[str] = ""
    id: str | None = None


class _SubmittedFile(msgspec.Struct):
    nbformat: int
    cells: list[SubmittedCell] = []


class _Version3Cell(msgspec.Struct):
    cell_type: str = ""
    source: str | list[str] = ""
    input: str | list[str] = ""


class _Worksheet(msgspec.Struct):
    cells: list[_Version3Cell] = []


class _Version3File(msgspec.Struct):
    """A notebook of version 3, which IPython wrote until 2015: code is called input."""

    worksheets: list[_Worksheet] = []


def read_release_file(path: Path) -> list[ReleaseFileCell]:
    """The cells of a notebook of the release. Raises HarnessError if it cannot be read."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=_ReleaseFile).cells
    except (OSError, msgspec.DecodeError) as error:
        raise HarnessError(f"{path.name}: {error}; build the harness again") from None


def read_submitted_file(data: bytes) -> list[SubmittedCell]:
    """The cells of a student's notebook.

    Raises SubmissionError, which says what to do, for anything but a notebook of version 3 or 4.
    """
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        notebook = msgspec.json.decode(data, type=_SubmittedFile)
        if notebook.nbformat == 3:
            notebook.cells = _version_3_cells(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        notebook = _read_leniently(data, why=str(error))
    if notebook.nbformat not in (3, 4):
        raise SubmissionError(
            f"it has version {notebook.nbformat} of the notebook format; "
            "open it in Jupyter and re-save it as version 4"
        )
    if not notebook.cells:
        raise SubmissionError("it has no cells; hand in the notebook that you worked in")
    return notebook.cells


def _read_leniently(data: bytes, why: str) -> _SubmittedFile:
    """A notebook that is no strict JSON.

    Args:
        why: it is no strict JSON.

    Raises SubmissionError if it cannot be read at all.
    """
    content = None
    with contextlib.suppress(ValueError, RecursionError):
        content = read_leniently(data)
    if content is not None:
        return msgspec.convert(content, type=_SubmittedFile)
    if line := conflict_line(data):
        raise SubmissionError(conflict_sentence(line))
    if packed := packed_as(data):
        raise SubmissionError(
            f"it is no notebook but a {packed} archive; hand in the notebook, or a zip named .zip"
        )
    raise SubmissionError(
        f"it is no notebook ({printable(why)}); open it in Jupyter and save it again"
    )


def _version_3_cells(data: bytes) -> list[SubmittedCell]:
    notebook = msgspec.json.decode(data, type=_Version3File)
    return [
        SubmittedCell(cell.cell_type, cell.input or cell.source)
        for sheet in notebook.worksheets
        for cell in sheet.cells
    ]


def cell_text(cell: ReleaseFileCell | SubmittedCell) -> str:
    """The text of a cell; its lines end in ``\\n``."""
    text = cell.source if isinstance(cell.source, str) else "".join(cell.source)
    return text.replace("\r\n", "\n").replace("\r", "\n")
