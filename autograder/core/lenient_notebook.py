"""Reads notebooks that are no strict JSON, or have odd cells, but hold answers all the same.

Tools write ``NaN``, halves of characters and control characters into outputs. Jupyter reads them.
The grader and the students' selfcheck both read them by this rule.
"""

from __future__ import annotations

import json
from typing import Any

#: The versions of the format that Jupyter and IPython wrote.
_VERSIONS = (1, 2, 3, 4)
#: What is read of a notebook's objects. All else is dropped while it is read.
_KEYS = frozenset(
    {"nbformat", "cells", "worksheets", "cell_type", "source", "input", "id"}
    | {"metadata", "plumbline", "role"}
)


def read_leniently(data: bytes) -> dict[str, Any] | None:
    """A notebook as a dictionary with `nbformat` and `cells`, of version 4's form; None for others.

    Each cell is a dictionary with `cell_type`, `source`, `id`, and the `role` that the release gave
    it, which is empty for other cells. The lines of `source` end in ``\\n``. A cell that cannot be
    understood is left out. Raises ValueError and RecursionError for what Python's `json` does not
    read.
    """
    text = data.decode("utf-8-sig", "replace")
    content = json.loads(text, strict=False, object_pairs_hook=_needed)
    if not isinstance(content, dict) or content.get("nbformat") not in _VERSIONS:
        return None
    cells = content.get("cells", [])
    if content["nbformat"] == 3:
        sheets = _list(content.get("worksheets"))
        cells = [c for s in sheets if isinstance(s, dict) for c in _list(s.get("cells"))]
    if not isinstance(cells, list):
        return None
    read = [_cell(cell, "input" if content["nbformat"] == 3 else "source") for cell in cells]
    known = [cell for cell in read if cell is not None]
    if read and not known:
        return None
    return {"nbformat": int(content["nbformat"]), "cells": known}


def _needed(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {key: value for key, value in pairs if key in _KEYS}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _cell(cell: Any, source_key: str) -> dict[str, Any] | None:
    if not isinstance(cell, dict):
        return None
    source = cell.get(source_key) or cell.get("source")
    if source is None:
        source = ""
    lines = source if isinstance(source, list) else [source]
    if not all(isinstance(line, str) for line in lines):
        return None
    cell_type, cell_id = cell.get("cell_type"), cell.get("id")
    role = _dict(_dict(cell.get("metadata")).get("plumbline")).get("role")
    text = "".join(lines).replace("\r\n", "\n").replace("\r", "\n")
    return {
        "cell_type": cell_type if isinstance(cell_type, str) else "",
        "source": _whole(text),
        "role": role if isinstance(role, str) else "",
        "id": _whole(cell_id) if isinstance(cell_id, str) else None,
    }


def _whole(text: str) -> str:
    """The text, with a mark in the place of each half of a character."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
