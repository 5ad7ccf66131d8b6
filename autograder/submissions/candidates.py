"""Which of several files or folders counts, where more than one may be what was asked for.

One rule of this kind stands elsewhere: which of two files of one name counts is decided where files
are collected, in `SubmittedFiles`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, TypeVar

from autograder.submissions.archive_suffixes import split_kind
from autograder.submissions.meant_names import EXACT, WORDED, nearness
from autograder.submissions.written import Written

#: How many notebooks of other names are read to find out which of the release's they are.
MAX_UNNAMED = 10

#: How many folders are looked into to find out which of them is the package.
MAX_FOLDERS = 20

T = TypeVar("T")


@dataclass(frozen=True)
class PackageFolder:
    """A folder that may be the student's package.

    Attributes:
        name: its path; empty for the top.
        files: the paths of the files that count in it, by the answer file that each counts for.
        written: how many regions are written in them, and how many of them are no untouched stubs.
    """

    name: str
    files: Mapping[str, str]
    written: Written


def by_depth(name: str) -> tuple[int, str]:
    """A key that sorts files by how deep they lie, then by name."""
    return name.count("/"), name


def nearest_to_top(files: Iterable[T], name_of: Callable[[T], str]) -> list[T]:
    """Those of the files that lie nearest to the top, in order of their names."""
    ordered = sorted(files, key=lambda file: by_depth(name_of(file)))
    return [f for f in ordered if name_of(f).count("/") == name_of(ordered[0]).count("/")]


def notebook_candidates(
    name: str, notebooks: Collection[str], submitted: Iterable[str]
) -> tuple[list[str], list[str]]:
    """The files that may be a notebook of the release: by their names, and by what they hold alone.

    In each list, those with the right name come first, then those nearest to the top. A file with
    the name of another notebook of the release is that other notebook.

    Args:
        name: of the release's notebook, without a suffix.
        notebooks: the names of all the release's notebooks.
        submitted: the paths of the notebooks that were handed in.
    """
    named: list[tuple[int, str]] = []
    unnamed: list[str] = []
    for file in sorted(submitted, key=by_depth):
        base = PurePosixPath(file).name
        near = nearness(base, f"{name}.ipynb")
        stem = split_kind(base)[0].casefold()
        if near != EXACT and stem in {other.casefold() for other in notebooks} - {name.casefold()}:
            continue
        # Of two notebooks whose names stand in a file's name, the longer name is meant.
        inside = max((n for n in notebooks if n.casefold() in stem), key=len, default="")
        if near is not None or inside == name:
            named.append((WORDED if near is None else near, file))
        elif not inside:
            unnamed.append(file)
    return [file for _, file in sorted(named, key=lambda pair: pair[0])], unnamed


def package_folders(
    sources: Collection[str],
    package: str,
    answer_files: Sequence[str],
    written: Callable[[Mapping[str, str]], Written],
) -> list[PackageFolder]:
    """The folders that may be the package; the first one counts.

    The folder in which most is written counts. Among equals the one with the package's name counts,
    then the one with the most answer files at their places, then the one nearest to the top, then
    the first. Of more than `MAX_FOLDERS` folders those with the most answer files are looked at.

    Args:
        sources: the paths of the modules that were handed in.
        package: the name of the package.
        answer_files: the paths below the package of the files that students write.
        written: how much is written in files, by the answer file that each counts for.
    """
    at_place = _counts(sources, answer_files)
    bare = _counts(sources, [PurePosixPath(answer).name for answer in answer_files])

    def is_other(folder: str) -> bool:
        return PurePosixPath(folder).name != package

    def fullness(folder: str) -> tuple[int, int, bool, tuple[int, str]]:
        return -at_place[folder], -bare[folder], is_other(folder), by_depth(folder)

    names = sorted({*at_place, *bare}, key=fullness)[:MAX_FOLDERS]
    folders = [_package_folder(name, sources, answer_files, written) for name in names]

    def rank(folder: PackageFolder) -> tuple[Any, ...]:
        amount = (-folder.written[0], -folder.written[1])
        depth = len(PurePosixPath(folder.name).parts)
        places = (-at_place[folder.name], -bare[folder.name])
        return *amount, is_other(folder.name), *places, depth, folder.name

    return sorted(folders, key=rank)


def _package_folder(
    name: str,
    sources: Collection[str],
    answer_files: Sequence[str],
    written: Callable[[Mapping[str, str]], Written],
) -> PackageFolder:
    prefix = f"{name}/" if name else ""
    inside = {source.removeprefix(prefix) for source in sources if source.startswith(prefix)}

    def beats(loose: str, answer: str) -> bool:
        of_loose, at_place = written({answer: prefix + loose}), written({answer: prefix + answer})
        return of_loose > at_place and (of_loose[0] > at_place[0] or at_place == (0, 0))

    loose = loose_answers(inside, answer_files, beats)
    found = {answer: answer for answer in answer_files if answer in inside} | loose
    files = {answer: prefix + file for answer, file in found.items()}
    return PackageFolder(name, files, written(files))


def _counts(sources: Iterable[str], answers: Iterable[str]) -> Counter[str]:
    """How many answer files lie at their places below each folder."""
    return Counter(
        name[: -len(answer)].rstrip("/")
        for name in sources
        for answer in answers
        if f"/{name}".endswith(f"/{answer}")
    )


def loose_answers(
    inside: Collection[str], answer_files: Sequence[str], beats: Callable[[str, str], bool]
) -> dict[str, str]:
    """The files right in the package folder that count for answer files of deeper folders.

    A file counts for an answer file of its name that is not at its place, or that it beats. A file
    that is itself an answer file counts for itself only.

    Args:
        inside: the paths below the package folder of the modules that were handed in.
        beats: whether more is written in the first file than in the second, at its place.

    Returns the path of the file by the path of the answer file that it counts for.
    """
    found: dict[str, str] = {}
    for answer in answer_files:
        loose = PurePosixPath(answer).name
        if loose not in inside or loose in answer_files or loose in found.values():
            continue
        if answer not in inside or beats(loose, answer):
            found[answer] = loose
    return found
