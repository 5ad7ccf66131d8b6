"""Which course site a download is from, by the names in it alone, and the attempts in it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from autograder.submissions.archive_suffixes import is_archive, suffix_of, without_suffix
from autograder.submissions.attempt import Attempt, Person
from autograder.submissions.download_listing import (
    Listing,
    OpenMember,
    Site,
    may_be_submission,
    read_listing,
)
from autograder.submissions.file_names import is_junk


@dataclass(frozen=True)
class Download:
    """A bulk download that was recognized.

    Attributes:
        listing: the names of the files in it.
        site: the site that it is from; None for an archive that holds only students' archives.
        sites: all sites that are known.
    """

    listing: Listing
    site: Site | None
    sites: tuple[Site, ...]

    @property
    def format(self) -> str:
        """What people call this format."""
        return self.site.name if self.site else "archive of archives"


def recognize(
    names: Sequence[str], expected_files: Collection[str], sites: Sequence[Site]
) -> Download | None:
    """The download with these files in it; None for anything else, such as a submission.

    Args:
        names: of all files, with their folders.
        expected_files: the names of the files that the assignment asks for, without folders. If one
            of them lies at the top, it is a submission.
        sites: in the order in which they are asked.
    """
    listing = read_listing(names, expected_files, sites)
    files = listing.top_files
    if not listing.names or not files.isdisjoint(listing.expected_files):
        return None
    submissions = sum(
        entry not in files or may_be_submission(entry, sites) for entry in listing.entries
    )
    for site in sites:
        if site.recognizes(listing, submissions):
            return Download(listing, site, tuple(sites))
    archives = [file for file in files if is_archive(file) and not is_junk(file)]
    answers = [n for n in listing.names if suffix_of(n) and not is_archive(n) and not is_junk(n)]
    if len(archives) > 1 and not answers:
        return Download(listing, None, tuple(sites))
    return None


def attempts_in(download: Download, open_member: OpenMember, remarks: list[str]) -> list[Attempt]:
    """The attempts in a download.

    An entry with a name that the site does not give is an attempt by itself, unless it is a
    clerical file.

    Args:
        open_member, remarks: see `Site.attempts`.
    """
    listing, site = download.listing, download.site
    attempts = site.attempts(listing, open_member, remarks) if site else []
    assigned = {member for attempt in attempts for _, member in attempt.files}
    others: dict[str, list[tuple[str, str]]] = {}
    for name in listing.names:
        entry, below = listing.split(name)
        if name in assigned or (site and site.gives_name(entry, folder=bool(below))):
            continue
        if below or may_be_submission(entry, download.sites):
            others.setdefault(entry, []).append((below or entry, name))
    for entry, files in others.items():
        is_file = files[0][0] == entry
        student = without_suffix(entry) if is_file else entry
        attempts.append(Attempt(entry, tuple(files), (Person(student_id=student),)))
    return attempts
