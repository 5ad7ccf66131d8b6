"""Which download a file or a folder is, told by the names in it alone, and the attempts in it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from autograder.submissions.archive_suffixes import is_archive, suffix_of
from autograder.submissions.course_site import (
    Attempt,
    Listing,
    Open,
    Person,
    Site,
    may_be_submission,
    read_listing,
)


@dataclass(frozen=True)
class Download:
    """A bulk download that was recognized.

    Attributes:
        listing: the names of the files in it.
        site: whose it is; None for an archive of nothing but students' archives.
        sites: all sites that are known.
    """

    listing: Listing
    site: Site | None
    sites: tuple[Site, ...]

    @property
    def format(self) -> str:
        """What people call it."""
        return self.site.name if self.site else "archive of archives"


def recognize(
    names: Sequence[str], known: Collection[str], sites: Sequence[Site]
) -> Download | None:
    """The download with these files in it; None for anything else, such as a submission.

    Args:
        names: of all files, with their folders.
        known: the names of the files that the assignment asks for. Where one of them lies at the
            top, it is a submission.
        sites: in the order in which they are asked.
    """
    listing = read_listing(names, known, sites)
    files = listing.files
    if not names or not files.isdisjoint(listing.known):
        return None
    entries = listing.entries
    weighty = sum(name not in files or may_be_submission(name, sites) for name in entries)
    for site in sites:
        if site.recognizes(listing, weighty):
            return Download(listing, site, tuple(sites))
    packed = [name for name in files if is_archive(name)]
    if len(packed) > 1 and not any(suffix_of(n) and not is_archive(n) for n in names):
        return Download(listing, None, tuple(sites))
    return None


def attempts_in(download: Download, open_member: Open, remarks: list[str]) -> list[Attempt]:
    """The attempts in a download; what its site gives no name to is an attempt by itself."""
    listing, site = download.listing, download.site
    found = site.attempts(listing, open_member, remarks) if site else []
    placed = {member for attempt in found for _, member in attempt.files}
    others: dict[str, list[tuple[str, str]]] = {}
    for name in listing.names:
        entry, below = listing.entry(name)
        belongs = site is not None and site.gives_name(entry, folder=bool(below))
        counts = bool(below) or may_be_submission(entry, download.sites)
        if name not in placed and not belongs and counts:
            others.setdefault(entry, []).append((below or entry, name))
    for entry, files in others.items():
        who = entry[: len(entry) - len(suffix_of(entry))] if files[0][0] == entry else entry
        found.append(Attempt(entry, tuple(files), (Person(sid=who),)))
    return found
