"""Which of several files or folders counts, where more than one may be what was asked for.

One rule of this kind stands elsewhere: which of two files of one name counts is decided where files
are collected, in `SubmittedFiles`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import PurePosixPath
from typing import TypeVar

#: How many notebooks of other names are read to find out which of the release's they are.
MAX_UNNAMED = 10

T = TypeVar("T")


def by_depth(name: str) -> tuple[int, str]:
    """A key that sorts files by how deep they lie, then by name."""
    return name.count("/"), name


def nearest_to_top(files: Iterable[T], name_of: Callable[[T], str]) -> list[T]:
    """Those of the files that lie nearest to the top, in order of their names."""
    ordered = sorted(files, key=lambda file: by_depth(name_of(file)))
    return [f for f in ordered if name_of(f).count("/") == name_of(ordered[0]).count("/")]


def notebook_candidates(
    name: str,
    notebooks: Collection[str],
    submitted: Iterable[str],
    has_answers: Callable[[str], bool],
) -> list[str]:
    """The files that may be a notebook of the release; the first one counts.

    The files of its name are the candidates. If there are none, those with its name in theirs are;
    else those with its answers, of which `MAX_UNNAMED` files are read at most. Among equals the one
    nearest to the top counts, then the first by name. A file with the name of another notebook of
    the release is that other notebook.

    Args:
        name: of the release's notebook, without a suffix.
        notebooks: the names of all the release's notebooks.
        submitted: the paths of the notebooks that were handed in.
        has_answers: whether a file holds answers of that notebook.
    """
    stems = {file: PurePosixPath(file).stem for file in sorted(submitted, key=by_depth)}
    free = [file for file, stem in stems.items() if stem == name or stem not in notebooks]
    for matches in (str.__eq__, lambda stem, name: name.casefold() in stem.casefold()):
        found = [file for file in free if matches(stems[file], name)]
        if found:
            return found
    return [file for file in free[:MAX_UNNAMED] if has_answers(file)]


def package_folder(
    sources: Collection[str], package: str, answer_files: Sequence[str]
) -> str | None:
    """The folder with the most answer files at their places; None if there is none at all.

    Where no file lies at its place, folders count by the bare names of the files in them. Among
    equals the one with the package's name counts, then the one nearest to the top, then the first.

    Args:
        sources: the paths of the modules that were handed in.
        package: the name of the package.
        answer_files: the paths below the package of the files that students write.
    """
    counts = _counts(sources, answer_files)
    if not counts:
        counts = _counts(sources, [PurePosixPath(answer).name for answer in answer_files])

    def rank(folder: str) -> tuple[int, bool, int, str]:
        path = PurePosixPath(folder)
        return (-counts[folder], path.name != package, len(path.parts), folder)

    return min(counts, key=rank, default=None)


def _counts(sources: Iterable[str], answers: Iterable[str]) -> Counter[str]:
    """How many answer files lie at their places below each folder."""
    return Counter(
        name[: -len(answer)].rstrip("/")
        for name in sources
        for answer in answers
        if f"/{name}".endswith(f"/{answer}")
    )


def loose_answers(inside: Collection[str], answer_files: Sequence[str]) -> dict[str, str]:
    """The files right in the package folder that count for answer files of deeper folders.

    A file counts for an answer file of its name that is not at its place. A file that is itself
    an answer file counts for itself only.

    Args:
        inside: the paths below the package folder of the modules that were handed in.

    Returns the path of the file by the path of the answer file that it counts for.
    """
    found: dict[str, str] = {}
    for answer in answer_files:
        loose = PurePosixPath(answer).name
        if answer in inside or loose not in inside or loose in answer_files:
            continue
        if loose not in found.values():
            found[answer] = loose
    return found
