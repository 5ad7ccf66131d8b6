"""Which folder holds the student's package, which they may have renamed or copied."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from ..core.written_regions import Regions, written_regions


def choose_package(
    folder: Path, given: str, answer_files: Mapping[str, Regions]
) -> tuple[str, str]:
    """The name of the folder that is the package, and a sentence on it for the student.

    The folder with the given name counts. A copy of it under another name counts if more is written
    there, as in grading. If there is no folder with the given name, the one renamed folder counts,
    or the one of several in which most is written. The sentence is empty if nothing is to be said.

    Args:
        folder: the assignment's folder.
        given: the name that the package was handed out under.
        answer_files: what the files ask for that students write, by path below the package.
    """
    found = {name: _written(folder / name, answer_files) for name in _names(folder, given)}
    amounts = {name: amount for name, amount in found.items() if amount is not None}
    most = [name for name, amount in amounts.items() if amount == max(amounts.values())]
    if given not in amounts:
        return most[0] if len(most) == 1 else given, ""
    if given in most or len(most) > 1:
        return given, ""
    (other,) = most
    if _modules(folder / given) <= _modules(folder / other):
        return other, f"{other} is used, because more is written in it than in {given}"
    return given, f"{given} is used; more is written in {other}, which lacks files of the package"


def _names(folder: Path, given: str) -> list[str]:
    """The given name, and those of the other folders that an import can name."""
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.isidentifier())
    return [given, *(n for n in names if n != given and n not in sys.stdlib_module_names)]


def _written(package: Path, answer_files: Mapping[str, Regions]) -> int | None:
    """How many answers are written in a folder; None if it holds no answer file."""
    files = [name for name in answer_files if (package / name).is_file()]
    sources = {name: (package / name).read_text("utf-8-sig", "replace") for name in files}
    if not sources:
        return None
    return sum(written_regions(answer_files[name], source) for name, source in sources.items())


def _modules(package: Path) -> set[str]:
    return {path.relative_to(package).as_posix() for path in package.rglob("*.py")}
