"""Archives inside what was handed in: which of them are opened, and where their files then stand.

This rule is written here only. The readers of zips and tars, of folders, of course sites' downloads
and of the leaderboard ask it while they read. No later step opens an archive again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autograder.limits import MIB
from autograder.submissions.archive_suffixes import is_archive, without_suffix
from autograder.submissions.file_names import folded, is_acceptable, without_marks

#: How many archives of one student are opened at most.
MAX_OPENED = 20
#: Bytes of an archive that is opened beside files that are read. A larger one holds data.
MAX_BESIDE = 32 * MIB

TOO_MANY = f"more than {MAX_OPENED} archives were handed in"
TOO_DEEP = "it lies in an archive inside another one, and archives there are not opened"


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
    """Whether a file is an archive with an acceptable name, but for marks that it begins with."""
    return is_archive(name) and is_acceptable(without_marks(name))


def archives_to_open(archives: Sequence[str], *, beside: Iterable[str] = ()) -> list[InnerArchive]:
    """The archives that are opened, of those that were found.

    An archive that is alone stands for all that was handed in. It is alone if there is no other
    archive, and no file beside it that is read. Otherwise each archive stands for a folder of its
    name. If a file beside it lies in such a folder, or if two archives would share one, the folder
    keeps the archive's suffix in its name. More than `MAX_OPENED` are not opened.

    Args:
        archives: their names.
        beside: the paths of the files beside them that are read.
    """
    beside = list(beside)
    if len(archives) == 1 and not beside:
        return [InnerArchive(archives[0])]
    # A path counts with each folder that it lies in.
    used = {
        folded(path[:end])
        for path in beside
        for end in (i for i, char in enumerate(path) if char == "/")
    }
    opened = []
    for name in archives[:MAX_OPENED]:
        plain = without_marks(name)
        folder = without_suffix(plain)
        if folded(folder) in used:
            folder = plain
        used.add(folded(folder))
        opened.append(InnerArchive(name, f"{folder}/"))
    return opened
