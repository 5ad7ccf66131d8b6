"""Archives inside what was handed in: which of them are opened, and where their files then stand.

This rule is written here only. The readers of zips and tars, of folders, of course sites' downloads
and of the leaderboard ask it while they read. No later step opens an archive again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.submissions.archive_suffixes import is_archive, without_suffix
from autograder.submissions.file_names import is_acceptable

#: How many archives of one student are opened at most.
MAX_OPENED = 20


@dataclass(frozen=True)
class InnerArchive:
    """An archive that is to be opened.

    Attributes:
        name: its name in what it lies in.
        folder: the folder that its files stand in, with a slash at the end; empty if its files
            stand in the place of all that was handed in.
    """

    name: str
    folder: str = ""

    @property
    def alone(self) -> bool:
        """Whether it stands for all that was handed in."""
        return not self.folder


def may_be_opened(name: str) -> bool:
    """Whether a file is an archive with an acceptable name."""
    return is_archive(name) and is_acceptable(name)


def archives_to_open(
    archives: Sequence[str], *, answers_beside: bool, separate_files: bool = False
) -> list[InnerArchive]:
    """The archives that are opened, of those that were found.

    An archive that is alone stands for all that was handed in. It is alone if there is no other
    archive, and no file beside it that is read. Of several archives, or beside files that are read,
    archives are opened only where each is a file of a download. Each then stands for a folder of
    its name, and more than `MAX_OPENED` are not opened.

    Args:
        archives: their names.
        answers_beside: whether there are files beside them that are read.
        separate_files: whether the archives were handed in as files of their own, as course sites
            let students do, and not inside another archive or a folder.
    """
    if len(archives) == 1 and not answers_beside:
        return [InnerArchive(archives[0])]
    if not separate_files:
        return []
    return [InnerArchive(name, f"{without_suffix(name)}/") for name in archives[:MAX_OPENED]]
