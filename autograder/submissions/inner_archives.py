"""Archives inside what was handed in: which are opened, and where their files then stand.

The same rule holds for a student's zip or tar, for a folder, and for the files of a download. An
archive is opened where it is met, one level deep; no later step opens one again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.submissions.archive_suffixes import suffix_of

#: Archives among the files of one student that are opened.
MAX_OPENED = 20


@dataclass(frozen=True)
class InnerArchive:
    """An archive that is opened.

    Attributes:
        name: its own, in what it lies in.
        folder: where its files stand, with a slash; empty if they stand for the whole.
    """

    name: str
    folder: str = ""

    @property
    def alone(self) -> bool:
        """Whether it stands for all that was handed in."""
        return not self.folder


def archive_alone(archives: Sequence[str], *, answers_beside: bool) -> InnerArchive | None:
    """The only archive, where nothing beside it can be read as an answer; else None."""
    return InnerArchive(archives[0]) if len(archives) == 1 and not answers_beside else None


def archives_among_files(archives: Sequence[str], *, answers_beside: bool) -> list[InnerArchive]:
    """The archives that were handed in as files of a download; each stands for a folder.

    The one that is alone stands for the whole. More than `MAX_OPENED` are not opened.
    """
    alone = archive_alone(archives, answers_beside=answers_beside)
    if alone:
        return [alone]
    opened = archives[:MAX_OPENED]
    return [InnerArchive(name, f"{name[: -len(suffix_of(name))]}/") for name in opened]
