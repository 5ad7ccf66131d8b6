"""What a course site must be able to say of its bulk downloads.

The sites themselves are in `autograder.sites`, a file each. Functions that need the sites get them
as an argument. Nothing in this room knows a site by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import IO, Protocol

from autograder.submissions.archive_suffixes import is_clerical, suffix_of
from autograder.submissions.attempt import Attempt
from autograder.submissions.file_names import is_left_by_tools, leads_out

#: Opens a file of a download by its name there.
OpenMember = Callable[[str], AbstractContextManager[IO[bytes]]]


@dataclass(frozen=True)
class Listing:
    """The names of the files in a download.

    Its entries are the files and folders at the top.

    Attributes:
        names: of all files, with their folders. What tools leave behind beside the entries is not
            among them.
        top_folder: the one folder that everything lies in, with a slash at the end; empty if there
            is none. Entries are then what lies in this folder.
        expected_files: the names of the files that the assignment asks for, without folders.
    """

    names: tuple[str, ...]
    top_folder: str
    expected_files: frozenset[str]

    def split(self, name: str) -> tuple[str, str]:
        """The entry that a file belongs to, and its path in that; empty if it is the entry."""
        entry, _, below = name.removeprefix(self.top_folder).partition("/")
        return entry, below

    @property
    def entries(self) -> set[str]:
        """The names of the files and folders at the top."""
        return {self.split(name)[0] for name in self.names}

    @property
    def top_files(self) -> set[str]:
        """The names of the files at the top."""
        return {entry for entry, below in map(self.split, self.names) if not below}


class Site(Protocol):
    """A course site: how its downloads are recognized and read."""

    name: str
    """What people call it."""

    def gives_name(self, entry: str, *, folder: bool) -> bool:
        """Whether the site gives such a name to a student's entry in a download.

        Args:
            folder: whether the entry is a folder.
        """

    def recognizes(self, listing: Listing, submissions: int) -> bool:
        """Whether a download is from this site.

        Args:
            submissions: how many entries may be submissions, whatever their names.
        """

    def attempts(
        self, listing: Listing, open_member: OpenMember, remarks: list[str]
    ) -> list[Attempt]:
        """The attempts in a download of this site, of entries with names that the site gives.

        Args:
            open_member: opens a file of the download by its name in the listing.
            remarks: gets a sentence for staff about what could not be read.
        """


def read_listing(
    names: Sequence[str], expected_files: Collection[str], sites: Iterable[Site]
) -> Listing:
    """The listing of a download with these files in it."""
    listing = _of_entries(Listing(tuple(names), "", frozenset(expected_files)))
    first = listing.entries
    if len(first) != 1 or listing.top_files:
        return listing
    # In the download of a single student, the one folder may be this student's entry.
    if any(site.recognizes(listing, 1) for site in sites):
        return listing
    return _of_entries(replace(listing, top_folder=f"{first.pop()}/"))


def _of_entries(listing: Listing) -> Listing:
    """The listing without what can be no student's entry; in an entry, nothing is left out.

    No entry leads out of the download, or is what tools leave behind. A hidden one holds a file
    that can be read, by its name.
    """
    work = {listing.split(name)[0] for name in listing.names if suffix_of(name)}

    def is_entry(name: str) -> bool:
        entry, _ = listing.split(name)
        if not entry or leads_out(entry) or is_left_by_tools(entry):
            return False
        return not entry.startswith(".") or entry in work

    return replace(listing, names=tuple(filter(is_entry, listing.names)))


def may_be_submission(file: str, sites: Iterable[Site]) -> bool:
    """Whether a file at the top of a download may be a submission, by its name."""
    return not is_clerical(file) or any(site.gives_name(file, folder=False) for site in sites)


def are_most(found: int, total: int) -> bool:
    """Whether at least one was found, and more than half of all."""
    return found > 0 and 2 * found > total


def joined_name(names: Sequence[str]) -> str:
    """One name for several files that were handed in together."""
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"


def numeric_key(text: str) -> str:
    """A key that sorts texts by the numbers in them."""
    return re.sub(r"[0-9]+", lambda found: found[0].lstrip("0").zfill(20), text)
