"""The cells of a student's notebook, as grading reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..core.lenient_notebook import read_leniently


def read_cells(path: Path) -> list[dict[str, Any]]:
    """The cells, see `read_leniently`. Raises ValueError if it is no notebook, and OSError."""
    try:
        content = read_leniently(path.read_bytes())
    except RecursionError:
        content = None
    if content is None or content["nbformat"] not in (3, 4):
        raise ValueError("it is no notebook")
    cells: list[dict[str, Any]] = content["cells"]
    return cells
