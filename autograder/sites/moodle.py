"""Moodle: ``First Last_12345_assignsubmission_file_/hw1.zip``, or flat with the file's name behind.

12345 is the participant in this assignment. Blind, the name is ``Participant``. Of several
attempts Moodle gives the last one; lateness is not in the names.
"""

from __future__ import annotations

import re
from collections import defaultdict

from autograder.submissions.course_site import (
    Attempt,
    Listing,
    Open,
    Person,
    are_most,
    joined_name,
)

_ENTRY = re.compile(
    r"(?P<who>[^/]+?)(?:_(?P<number>[0-9]+))?_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<file>[^/]*))?"
)


class Moodle:
    """Moodle's "Download all submissions", with folders or without."""

    name = "Moodle"

    def gives_name(self, entry: str, *, folder: bool) -> bool:
        return _ENTRY.fullmatch(entry) is not None

    def recognizes(self, listing: Listing, submissions: int) -> bool:
        return are_most(sum(map(bool, map(_ENTRY.fullmatch, listing.entries))), submissions)

    def attempts(self, listing: Listing, open_member: Open, remarks: list[str]) -> list[Attempt]:
        files: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        entries: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        for member in listing.names:
            entry, below = listing.entry(member)
            found = _ENTRY.fullmatch(entry)
            if found is None:
                continue
            who = (found["who"], found["number"] or "")
            path = below or found["file"] or entry
            if found["kind"] == "file":
                files[who].append((path, member))
            entries[who][entry] = None
        return [
            Attempt(
                name=joined_name(list(shown)),
                files=tuple(files[who]),
                people=(Person(name=_name(who[0]), number=who[1]),),
            )
            for who, shown in entries.items()
        ]


def _name(who: str) -> str:
    """The student's name, or nothing where the site gives "Participant" in its place."""
    return "" if who.casefold() == "participant" else who
