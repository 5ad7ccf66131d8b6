"""Which of several files or folders counts, where more than one may be what was asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import PurePosixPath

#: Notebooks of other names that are read to find out which they are.
MAX_UNNAMED = 10


def notebook_candidates(
    name: str, submitted: Sequence[str], has_answers: Callable[[str], bool]
) -> list[str]:
    """The files that may be a notebook of the release; the first one counts.

    Those of its name come first, else those with it in their name, else those with its answers.
    Among equals the one nearest to the top counts, then the first by name.

    Args:
        submitted: the notebooks that were handed in, in the order of `by_depth`.
        has_answers: whether a file holds answers of that notebook.
    """
    stems = {file: PurePosixPath(file).stem for file in submitted}
    for fits in (str.__eq__, lambda stem, name: name.casefold() in stem.casefold()):
        found = [file for file in submitted if fits(stems[file], name)]
        if found:
            return found
    return [file for file in submitted[:MAX_UNNAMED] if has_answers(file)]


def by_depth(name: str) -> tuple[int, str]:
    """A key that sorts files by how deep they lie, then by name."""
    return name.count("/"), name


def package_folder(
    sources: Collection[str], package: str, answer_files: Sequence[str]
) -> str | None:
    """The folder with the most answer files at their places; None if there is none at all.

    Where no file lies at its place, folders count by the bare names of the files in them. Among
    equals the one with the package's name counts, then the one nearest to the top, then the first.
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
