"""What a course site's bulk download tells, and what a site has to say about its own.

The sites themselves stand in `autograder.sites`, a file each. Whoever looks for submissions is
handed their registry: nothing here knows one of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Protocol

from autograder.submissions.file_names import CLERICAL_SUFFIXES

#: Opens a member of a download by its name there.
Open = Callable[[str], AbstractContextManager[IO[bytes]]]


@dataclass(frozen=True)
class Person:
    """Whom a download names. Every field is empty where the download does not say it.

    Attributes:
        name: as the site writes it, which may be squeezed ("lastfirst").
        number: the site's own for this person.
        sid: the university's id.
    """

    name: str = ""
    number: str = ""
    sid: str = ""
    email: str = ""


NOBODY = Person()


@dataclass(frozen=True)
class Attempt:
    """One handing-in, as a download tells it.

    Attributes:
        name: of the file or folder that was handed in, as the download has it.
        files: each one's path in the submission, and its name in the download.
        people: those who handed it in, together if they are several.
        late: the site marked it as late.
        number: which one of theirs it is, from 1; None if the download does not say.
        moment: greater for what was handed in later; comparable within one site's downloads.
        earlier: the names of files in the download that a later attempt replaced.
        notes: what was understood, for the report.
    """

    name: str
    files: tuple[tuple[str, str], ...]
    people: tuple[Person, ...] = ()
    late: bool = False
    number: int | None = None
    moment: str = ""
    earlier: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Listing:
    """The names of the files in a download.

    Attributes:
        names: of all files, with their folders.
        top: the one folder that everything lies in, with a slash; empty if there is none.
        known: the names of the files that the assignment asks for.
    """

    names: tuple[str, ...]
    top: str
    known: frozenset[str]

    def entry(self, name: str) -> tuple[str, str]:
        """The file or folder at the top that a file belongs to, and its path below that."""
        entry, _, below = name.removeprefix(self.top).partition("/")
        return entry, below

    @property
    def entries(self) -> Counter[str]:
        """The files and folders at the top, each with the number of files in it."""
        return Counter(self.entry(name)[0] for name in self.names)

    @property
    def files(self) -> set[str]:
        """The files at the top."""
        return {entry for entry, below in map(self.entry, self.names) if not below}


class Site(Protocol):
    """A course site: how its downloads are recognized and read."""

    name: str
    """What people call it."""

    def gives_name(self, entry: str, *, folder: bool) -> bool:
        """Whether the site gives this name to a student's file or folder at the top."""

    def recognizes(self, listing: Listing, submissions: int) -> bool:
        """Whether a download is from this site.

        Args:
            submissions: how many entries at the top may be submissions, of this site or not.
        """

    def attempts(self, listing: Listing, open_member: Open, remarks: list[str]) -> list[Attempt]:
        """The attempts in a download of this site.

        Args:
            open_member: opens a file of the download by its name in the listing.
            remarks: gets a sentence for staff about what could not be read.
        """


def read_listing(names: Sequence[str], known: Collection[str], sites: Iterable[Site]) -> Listing:
    """The listing of a download with these files in it."""
    first = {name.partition("/")[0] for name in names if "/" in name}
    top = ""
    if len(first) == 1 and all("/" in name for name in names):
        (folder,) = first
        # The folder of the only student in a download is no folder around it.
        if not any(site.gives_name(folder, folder=True) for site in sites):
            top = f"{folder}/"
    return Listing(tuple(names), top, frozenset(known))


def may_be_submission(entry: str, sites: Iterable[Site]) -> bool:
    """Whether a file at the top of a download may be a submission, by its name."""
    clerical = PurePosixPath(entry).suffix.lower() in CLERICAL_SUFFIXES
    return not clerical or any(site.gives_name(entry, folder=False) for site in sites)


def are_most(found: int, total: int) -> bool:
    """Whether so many are more than half of all, and not none."""
    return found > 0 and 2 * found > total


def joined_name(names: Sequence[str]) -> str:
    """A name for several files that were handed in together."""
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"


def numeric_key(text: str) -> str:
    """A text as a key that sorts the numbers in it by their size."""
    return re.sub(r"[0-9]+", lambda found: found[0].lstrip("0").zfill(20), text)
