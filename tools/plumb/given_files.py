"""Finds given files that hold a solution: regions are stripped in modules and notebooks alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

#: The suffixes of files in a package that are texts.
TEXT_SUFFIXES = {".py", ".pyx", ".pxd", ".h", ".md", ".txt", ".toml"}
#: A marker at the beginning of a line, in a comment of any language; also one in a notebook's JSON.
_MARKER = re.compile(rb"^[^\w\n]{0,20}(BEGIN|END) (SOLUTION|HIDDEN TESTS)\b", re.MULTILINE)


def given_solutions(paths: Iterable[Path]) -> Iterator[str]:
    """A sentence for each of these files with a marker: students would get it as it stands."""
    for path in paths:
        data = path.read_bytes()
        if found := _MARKER.search(data):
            line = data.count(b"\n", 0, found.start()) + 1
            yield (
                f"{path}:{line}: students would get this file with the solution in it; regions are "
                "understood in modules (.py) and in notebooks alone. Move the answer into one of "
                "them, or take it out"
            )


def files_below(*folders: Path) -> Iterator[Path]:
    """All files in these folders, without what lies in hidden folders."""
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
            if path.is_file() and not hidden:
                yield path
