"""Which folder holds the student's package, which they may have renamed or copied."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..core.stubs import stubs_left

#: A function or method at any depth.
_FUNCTION = re.compile(r"^[ \t]*(?:async[ \t]+)?def[ \t]+(\w+)", re.MULTILINE)

#: The sources of the answer files in a folder, by their names.
Sources = Mapping[str, str]


def choose_package(folder: Path, given: str, answer_files: Sequence[str]) -> tuple[str, str]:
    """The name of the folder that is the package, and a sentence on it for the student.

    The folder with the given name counts. A copy of it under another name counts if more is written
    there, as in grading. If there is no folder with the given name, the one renamed folder counts,
    or the one of several in which most is written. The sentence is empty if nothing is to be said.

    Args:
        folder: the assignment's folder.
        given: the name that the package was handed out under.
        answer_files: the paths below the package of the files that students write.
    """
    found = {name: _sources(folder / name, answer_files) for name in _names(folder, given)}
    found = {name: sources for name, sources in found.items() if sources}
    amounts = _amounts(found, found.get(given, {}))
    most = [name for name, amount in amounts.items() if amount == max(amounts.values())]
    if given not in found:
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


def _sources(package: Path, answer_files: Sequence[str]) -> Sources:
    files = [name for name in answer_files if (package / name).is_file()]
    return {name: (package / name).read_text("utf-8", "replace") for name in files}


def _amounts(found: Mapping[str, Sources], given: Sources) -> dict[str, int]:
    """How many answers are written in each folder.

    Answers are known by the stubs that are left in any of the folders. In a file that lacks a
    function of the given one, none counts.
    """
    left = {name: {f: set(stubs_left(s)) for f, s in found[name].items()} for name in found}
    known: dict[str, set[str]] = {}
    for stubs in left.values():
        for file, regions in stubs.items():
            known[file] = known.get(file, set()) | regions
    return {
        name: sum(
            len(known[file] - regions)
            for file, regions in left[name].items()
            if _functions(given.get(file, "")) <= _functions(found[name][file])
        )
        for name in found
    }


def _functions(source: str) -> set[str]:
    return set(_FUNCTION.findall(source))


def _modules(package: Path) -> set[str]:
    return {path.relative_to(package).as_posix() for path in package.rglob("*.py")}
