"""Reads Moodle's downloads: ``First Last_12345_assignsubmission_file_/hw1.zip``.

Downloaded without folders, the name of the file follows: ``…_assignsubmission_file_hw1.zip``. 12345
is the participant's number in this assignment. In a blind download the name is ``Participant``, in
the language of the person who downloads it. Moodle gives only the last of several attempts, and
does not say which one is late.
"""

from __future__ import annotations

import re
from collections import defaultdict

from autograder.submissions.attempt import Attempt, Person
from autograder.submissions.download_listing import Listing, OpenMember, are_most, joined_name
from autograder.submissions.roster_languages import means_participant

_ENTRY = re.compile(
    r"(?P<who>[^/]+?)(?:_(?P<number>[0-9]+))?_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<file>[^/]*))?"
)


class Moodle:
    """Moodle's "Download all submissions", with folders or without."""

    name = "Moodle"

    def gives_name(self, entry: str, *, folder: bool) -> bool:
        return _ENTRY.fullmatch(entry) is not None

    def recognizes(self, listing: Listing, submissions: int) -> bool:
        return are_most(sum(bool(_ENTRY.fullmatch(e)) for e in listing.entries), submissions)

    def attempts(
        self, listing: Listing, open_member: OpenMember, remarks: list[str]
    ) -> list[Attempt]:
        files: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        # A dictionary keeps the order; a student's entries may be several files.
        entries: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        for member in listing.names:
            entry, below = listing.split(member)
            found = _ENTRY.fullmatch(entry)
            if found is None:
                continue
            student = (found["who"], found["number"] or "")
            if found["kind"] == "file":
                files[student].append((below or found["file"] or entry, member))
            entries[student][entry] = None
        return [
            Attempt(
                name=joined_name(list(entries[student])),
                files=tuple(files[student]),
                people=(Person(name=_real_name(student[0]), site_number=student[1]),),
            )
            for student in entries
        ]


def _real_name(who: str) -> str:
    """The student's name; empty in a blind download."""
    return "" if means_participant(who) else who
