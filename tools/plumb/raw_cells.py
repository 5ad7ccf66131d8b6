"""The cells of a notebook's source as they stand in its file, percent format or .ipynb."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import jupytext

from autograder.cli.author_files import read_text
from autograder.errors import AssignmentError
from plumb.regions import CODE, PROSE, Syntax

_HEADER = re.compile(r"#\s?%%( |$)")
#: The options of a cell's header, and jupytext's own.
OPTIONS = {
    "id", "role", "title", "tags", "lines_to_next_cell", "include", "when", "defines", "points",
}  # fmt: skip


@dataclass(frozen=True)
class RawCell:
    """A cell as it stands in its file, before it is known to be valid.

    Attributes:
        text: for Markdown without the comment signs.
        options: what its header says, such as an id and a role.
        line: the number of the first line of its text in that file.
        header: whether the line above is its header.
        attachments: pictures in a Markdown cell of an .ipynb, as they stand there.
    """

    kind: str
    text: str
    options: Mapping[str, object]
    file: str
    line: int
    header: bool = True
    attachments: Mapping[str, object] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """Where it begins, for messages."""
        return f"{self.file}:{self.line - 1}" if self.header else self.file

    @property
    def syntax(self) -> Syntax:
        """How a marker is written in this cell."""
        return CODE if self.kind == "code" else PROSE


def raw_cells(source: str, file: str) -> list[RawCell]:
    """The cells of a source in the percent format; text above the first header is a cell too.

    Raises AssignmentError if a line of the source would be lost.
    """
    headers = [n for n, line in enumerate(source.split("\n"), 1) if _HEADER.match(line)]
    parsed = jupytext.reads(source, fmt="py:percent").cells
    lines = [*headers]
    if len(parsed) == len(headers) + 1:
        lines.insert(0, 0)
    if len(parsed) != len(lines):
        raise AssignmentError(
            f"{file}:{headers[0] if headers else 1}: a line of the source belongs to no cell; "
            "begin the file, and every cell, with a line '# %%'"
        )
    return [
        RawCell(node.cell_type, node.source, dict(node.metadata), file, line + 1, header=line > 0)
        for line, node in zip(lines, parsed, strict=True)
    ]


def raw_ipynb_cells(data: bytes, file: str) -> list[RawCell]:
    """The cells of an .ipynb; outputs are ignored. Empty cells are left out.

    Raises AssignmentError if it is no notebook of format 4.
    """
    try:
        content = json.loads(data)
        cells = content["cells"]
        read = [
            (
                str(c["cell_type"]),
                "".join(c["source"]),
                dict(c.get("metadata", {})),
                c.get("id"),
                dict(c.get("attachments", {})),
            )
            for c in cells
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise AssignmentError(
            f"{file}: this is no notebook of format 4 ({type(error).__name__}: {error}); open it "
            "in Jupyter and save it again"
        ) from None
    found = []
    for number, (kind, text, metadata, own_id, attached) in enumerate(read, 1):
        options = {key: value for key, value in metadata.items() if key in OPTIONS}
        if isinstance(own_id, str):
            options.setdefault("id", own_id)
        if text.strip():
            place = f"{file}, cell {number}"
            found.append(RawCell(kind, text, options, place, 1, False, attached))
    return found


def read_raw_cells(path: Path) -> list[RawCell]:
    """The cells of a notebook's source as they stand in the file; raises AssignmentError."""
    if path.suffix == ".ipynb":
        return raw_ipynb_cells(path.read_bytes(), str(path))
    return raw_cells(read_text(path), str(path))
