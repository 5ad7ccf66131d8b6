"""Translates the texts of notebooks from files of translations.

Beside a notebook's source lies a file such as ``FullyConnectedNets.zh.md``. It has one translation
for each text, under the id of the cell and the digest of the English text that was translated::

    <!-- cell title | 3f2a91c0 -->
    # ...

    <!-- todo best_fc_net | 77ab01de -->
    ...

In a cell with an answer, the line ``<!-- region id -->`` marks the place of its region. A text
without a translation stays English. A translation is outdated if its English text has changed.

The TODOs of the package's modules are translated in ``variants/todos.zh.md``, in the same form.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from autograder.cli.author_files import read_text
from autograder.core.stubs import TODO
from autograder.errors import AssignmentError
from plumb.regions import CODE, PROMPT, PROSE, SOLUTION, Region, find_regions
from plumb.sources import SourceCell

_HEAD = re.compile(r"<!-- (cell|todo) (\S+) \| ([0-9a-f]{8}) -->")


@dataclass(frozen=True)
class Translation:
    """A translated text, and the digest of the English text it was made from."""

    text: str
    digest: str


Translations = Mapping[tuple[str, str], Translation]


def digest(text: str) -> str:
    """A short hash of a text; white space does not count."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:8]


def read_translations(path: Path) -> Translations:
    """Read the translations of a file by kind and id; there are none if it does not exist.

    Raises AssignmentError for a line before the first head and for a head that is there twice.
    """
    if not path.is_file():
        return {}
    translations: dict[tuple[str, str], Translation] = {}
    key: tuple[str, str] | None = None
    for number, line in enumerate(read_text(path).split("\n"), 1):
        head = _HEAD.fullmatch(line.strip())
        if head:
            key = (head[1], head[2])
            if key in translations:
                raise AssignmentError(f"{path}:{number}: {head[1]} {head[2]} is there twice")
            translations[key] = Translation("", head[3])
        elif key is not None:
            text = f"{translations[key].text}{line}\n"
            translations[key] = replace(translations[key], text=text)
        elif line.strip():
            raise AssignmentError(
                f"{path}:{number}: a text belongs below a line like <!-- cell title | 0123abcd -->"
            )
    return {key: replace(t, text=t.text.strip("\n")) for key, t in translations.items()}


def todos_path(folder: Path, language: str) -> Path:
    """The file of an assignment that has the TODOs of its modules in a language."""
    return folder / "variants" / f"todos.{language}.md"


def translate_module(text: str, file: str, todos: Path) -> tuple[str, list[str]]:
    """A module with translated TODOs; and remarks about missing and outdated translations.

    Args:
        file: the module's path, for errors.
        todos: the file with the translated TODOs; it may be missing.
    """
    cell = SourceCell("", file, 1, "code", "answer", text, regions=find_regions(text, file))
    translated, remarks = translate(cell, read_translations(todos), todos.name)
    return translated.text, remarks


def translate(
    cell: SourceCell, translations: Translations, name: str
) -> tuple[SourceCell, list[str]]:
    """A cell in another language; and remarks about missing and outdated translations.

    Args:
        name: the name of the translations' file, for the remarks.
    """
    remarks: list[str] = []

    def look_up(kind: str, key: str, english: str) -> str | None:
        found = translations.get((kind, key))
        current = digest(english)
        if found is None:
            remarks.append(f"{name}: {kind} {key} is missing; its head: {kind} {key} | {current}")
            return None
        if found.digest != current:
            remarks.append(f"{name}: {kind} {key} is outdated: the English text is now {current}")
        return found.text

    text = cell.text
    for region in cell.regions:
        todo = look_up("todo", region.id, "\n".join(region.todo))
        if todo is not None:
            text = _replaced(text, cell, region.id, partial(_with_todo, todo=todo, cell=cell))
    if cell.kind == "markdown":
        translated = look_up("cell", cell.id, _english(cell))
        if translated is not None:
            text = _with_regions(translated, text, cell, name)
    return replace(cell, text=text, regions=_regions(text, cell)), remarks


def _english(cell: SourceCell) -> str:
    """A Markdown cell's text, with one line in the place of each region."""
    return _replaced(cell.text, cell, None, lambda region: [f"<!-- region {region.id} -->"])


def _with_regions(translated: str, text: str, cell: SourceCell, name: str) -> str:
    """The translated text, with the regions of `text` at the places that are marked for them."""
    lines = text.split("\n")
    for region in _regions(text, cell):
        place = f"<!-- region {region.id} -->"
        if place not in translated:
            raise AssignmentError(f"{name}: the translation of cell {cell.id} has no line {place}")
        whole = lines[region.line - cell.line : region.end - cell.line + 1]
        translated = translated.replace(place, "\n".join(whole))
    return translated


def _with_todo(region: Region, todo: str, cell: SourceCell) -> list[str]:
    """The lines of a region, markers included, with another TODO."""
    markers = (SOLUTION.opening(region.id), SOLUTION.closing(region.id))
    begin, end = map(cell.syntax.comment, markers)
    words = f"{TODO}{todo.strip()}"
    if cell.syntax == PROSE:
        comment = [PROSE.comment(" ".join(words.split()))]
    else:
        comment = [region.indent + CODE.comment(line) for line in words.split("\n")]
    prompt = [
        region.indent + CODE.comment(PROMPT + line.removeprefix(region.indent))
        for line in region.prompt
    ]
    return [region.indent + begin, *comment, *prompt, *region.body, region.indent + end]


def _replaced(
    text: str, cell: SourceCell, only: str | None, lines: Callable[[Region], list[str]]
) -> str:
    """A cell's text with other lines in place of one region, or of all if `only` is None."""
    result = text.split("\n")
    for region in reversed(_regions(text, cell)):
        if only in (None, region.id):
            result[region.line - cell.line : region.end - cell.line + 1] = lines(region)
    return "\n".join(result)


def _regions(text: str, cell: SourceCell) -> tuple[Region, ...]:
    return find_regions(text, cell.file, syntax=cell.syntax, first_line=cell.line)
