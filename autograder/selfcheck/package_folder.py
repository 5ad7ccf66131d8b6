"""Which folder holds the student's package, which they may have renamed or copied."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ..core.written_regions import Regions, is_changed, written_regions


@dataclass(frozen=True)
class _Candidate:
    """A folder that may be the package.

    Attributes:
        written: how many regions are written in its answer files.
        changed: how many of these are not as they were handed out.
        at_place: how many of them lie at their places.
        beside: how many files right in it have the name of one.
    """

    name: str
    written: int
    changed: int
    at_place: int
    beside: int


def choose_package(
    folder: Path, given: str, answer_files: Mapping[str, Regions], digests: Mapping[str, str]
) -> tuple[str, str]:
    """The name of the folder that is the package, and a sentence on it for the student.

    As in grading, the folder in which most is written counts, then the one of which most files were
    changed, then the one with the given name, then the one with the most files, then the first. A
    folder that no import can name does not count, nor one that lacks files of the folder with the
    given name; the sentence says so if more is written there. It is empty if nothing is to be said.

    Args:
        folder: the assignment's folder.
        given: the name that the package was handed out under.
        answer_files: what the files ask for that students write, by path below the package.
        digests: of the same files as they were handed out; see `digest_of_lines`.
    """

    def rank(found: _Candidate) -> tuple[object, ...]:
        files = (-found.at_place, -found.beside)
        return -found.written, -found.changed, found.name != given, *files, found.name

    found = sorted(_candidates(folder, answer_files, digests), key=rank)
    named = [one for one in found if _can_be_imported(one.name, given)]
    if not named:
        return given, _unnamed_sentence(found[0]) if found and found[0].written else ""
    best = named[0]
    if best is not found[0] and found[0].written > best.written:
        return best.name, _unnamed_sentence(found[0])
    own = next((one for one in named if one.name == given), None)
    if own is None or own is best:
        return best.name, ""
    if _modules(folder / given) <= _modules(folder / best.name):
        return best.name, _used_sentence(best, own)
    return given, _lacking_sentence(best, own)


def _candidates(
    folder: Path, answer_files: Mapping[str, Regions], digests: Mapping[str, str]
) -> Iterator[_Candidate]:
    """The folders that hold an answer file."""
    for entry in folder.iterdir():
        files = {name: entry / name for name in answer_files if (entry / name).is_file()}
        if not files or entry.name.startswith("."):
            continue
        contents = {name: path.read_bytes() for name, path in files.items()}
        yield _Candidate(
            entry.name,
            sum(_written(answer_files[name], digests[name], d) for name, d in contents.items()),
            sum(is_changed(digests[name], data) for name, data in contents.items()),
            len(files),
            sum((entry / PurePosixPath(name).name).is_file() for name in answer_files),
        )


def _written(asked: Regions, digest: str, data: bytes) -> int:
    text = data.decode("utf-8-sig", "replace")
    return written_regions(asked, text) if is_changed(digest, data) else 0


def _can_be_imported(name: str, given: str) -> bool:
    return name == given or (name.isidentifier() and name not in sys.stdlib_module_names)


def _used_sentence(best: _Candidate, own: _Candidate) -> str:
    """Why a copy is used and not the folder with the given name."""
    if best.written > own.written:
        return f"{best.name} is used, because more is written in it than in {own.name}"
    return f"{best.name} is used, because more of its files are changed than of those in {own.name}"


def _lacking_sentence(best: _Candidate, own: _Candidate) -> str:
    """Why the folder with the given name is used although there is a copy with more in it."""
    if best.written > own.written:
        return (
            f"{own.name} is used; more is written in {best.name}, which lacks files of the package"
        )
    return (
        f"{own.name} is used; more files are changed in {best.name}, which lacks files of the "
        "package"
    )


def _unnamed_sentence(found: _Candidate) -> str:
    return f"more is written in {found.name}, which no import can name; rename that folder"


def _modules(package: Path) -> set[str]:
    return {path.relative_to(package).as_posix() for path in package.rglob("*.py")}
