"""Translations of a notebook's texts: a file beside the source, a piece for each text.

``FullyConnectedNets.zh.md`` holds pieces like these, each under the id of its cell and the digest
of the English text that it was made from::

    <!-- cell title | 3f2a91c0 -->
    # ...

    <!-- todo best_fc_net | 77ab01de -->
    ...

In a cell with an answer, the line ``<!-- region id -->`` says where its region stands. A piece that
is missing is shown in English; one whose English text has changed since is outdated.

The TODOs of the package's modules stand in ``variants/todos.zh.md``, in pieces of the same form.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.core.stubs import TODO
from autograder.errors import AssignmentError
from plumb.regions import CODE, PROSE, Region, find_regions
from plumb.sources import SourceCell

_HEAD = re.compile(r"<!-- (cell|todo) (\S+) \| ([0-9a-f]{8}) -->")
_WIDTH = 50


@dataclass(frozen=True)
class Piece:
    """One translated text, and the digest of what it translates."""

    text: str
    digest: str


Pieces = Mapping[tuple[str, str], Piece]


def digest(text: str) -> str:
    """What tells one wording of a text from another, white space aside."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:8]


def read_pieces(path: Path) -> Pieces:
    """The pieces of a file by kind and id, none if there is no such file.

    Raises AssignmentError for a line before the first piece and for a piece that is there twice.
    """
    if not path.is_file():
        return {}
    pieces: dict[tuple[str, str], Piece] = {}
    key: tuple[str, str] | None = None
    for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
        head = _HEAD.fullmatch(line.strip())
        if head:
            key = (head[1], head[2])
            if key in pieces:
                raise AssignmentError(f"{path}:{number}: {head[1]} {head[2]} is there twice")
            pieces[key] = Piece("", head[3])
        elif key is not None:
            pieces[key] = replace(pieces[key], text=f"{pieces[key].text}{line}\n")
        elif line.strip():
            raise AssignmentError(
                f"{path}:{number}: a text belongs below a line like <!-- cell title | 0123abcd -->"
            )
    return {key: replace(piece, text=piece.text.strip("\n")) for key, piece in pieces.items()}


def todos_file(folder: Path, language: str) -> Path:
    """Where an assignment has the TODOs of its modules in a language."""
    return folder / "variants" / f"todos.{language}.md"


def translate_module(text: str, file: str, told: Path) -> tuple[str, list[str]]:
    """A module with its TODOs in another language, and which of them are not, or are outdated.

    Args:
        file: its path, for errors.
        told: the file of the TODOs; of English there need be none.
    """
    cell = SourceCell("", file, 1, "code", "answer", text, regions=find_regions(text, file))
    changed, remarks = translate(cell, read_pieces(told), told.name)
    return changed.text, remarks


def translate(cell: SourceCell, pieces: Pieces, name: str) -> tuple[SourceCell, list[str]]:
    """A cell in another language, and what of it has no translation, or an outdated one.

    Args:
        name: of the file that the pieces are from, for what is said of them.
    """
    remarks: list[str] = []

    def piece(kind: str, key: str, english: str) -> str | None:
        found = pieces.get((kind, key))
        wanted = digest(english)
        if found is None:
            remarks.append(f"{name}: {kind} {key} is missing; its head: {kind} {key} | {wanted}")
            return None
        if found.digest != wanted:
            remarks.append(f"{name}: {kind} {key} is outdated: the English text is now {wanted}")
        return found.text

    text = cell.text
    for region in cell.regions:
        todo = piece("todo", region.id, "\n".join(region.todo))
        if todo is not None:
            text = _replaced(text, cell, region.id, lambda r, t=todo: _retold(r, t, cell))
    if cell.kind == "markdown":
        told = piece("cell", cell.id, _english(cell))
        if told is not None:
            text = _around(text, told, cell, name)
    return replace(cell, text=text, regions=_regions(text, cell)), remarks


def _english(cell: SourceCell) -> str:
    """A Markdown cell's text, a line in the place of each region."""
    return _replaced(cell.text, cell, None, lambda region: [f"<!-- region {region.id} -->"])


def _around(text: str, told: str, cell: SourceCell, name: str) -> str:
    """The translated text with the regions of `text` at their places."""
    lines = text.split("\n")
    for region in _regions(text, cell):
        place = f"<!-- region {region.id} -->"
        if place not in told:
            raise AssignmentError(f"{name}: cell {cell.id} does not say where {place} stands")
        whole = lines[region.line - cell.line : region.end - cell.line + 1]
        told = told.replace(place, "\n".join(whole))
    return told


def _retold(region: Region, todo: str, cell: SourceCell) -> list[str]:
    """The lines of a region, markers included, with another TODO."""
    begin, end = (cell.syntax.comment(f"{word} SOLUTION {region.id}") for word in ("BEGIN", "END"))
    words = f"{TODO}{todo.strip()}"
    if cell.syntax == PROSE:
        told = [PROSE.comment(" ".join(words.split()))]
    else:
        told = [region.indent + CODE.comment(line) for line in words.split("\n")]
    return [region.indent + begin, *told, *region.body, region.indent + end]


def _replaced(text: str, cell: SourceCell, only: str | None, lines: object) -> str:
    result = text.split("\n")
    for region in reversed(_regions(text, cell)):
        if only in (None, region.id):
            assert callable(lines)
            result[region.line - cell.line : region.end - cell.line + 1] = lines(region)
    return "\n".join(result)


def _regions(text: str, cell: SourceCell) -> tuple[Region, ...]:
    return find_regions(text, cell.file, syntax=cell.syntax, first_line=cell.line)
