"""Canvas: ``lastfirst_LATE_1234_56789_hw1.zip``, all files of all students in one folder.

1234 is the student, 56789 the file. Blind, the first part is missing and the student is
``anon_Xy3zW``. A file that was handed in again under its old name comes as ``hw1-1.zip``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from autograder.submissions.course_site import (
    Attempt,
    Listing,
    Open,
    Person,
    are_most,
    joined_name,
    numeric_key,
)

_FILE = re.compile(
    r"(?:(?P<who>(?!LATE_)\w+?)_)?(?P<late>LATE_)?"
    r"(?:(?P<number>[0-9]+)|anon_(?P<blind>[A-Za-z0-9]+))_"
    r"(?:(?P<file>[0-9]+)_(?P<name>[^/]+)|(?P<entry>text\.html|link\.html))"
)
_AGAIN = re.compile(
    r"(?P<stem>.+)-(?P<count>[1-9][0-9]?)(?P<suffix>(?:\.tar)?\.\w+)", re.IGNORECASE
)


@dataclass(frozen=True)
class _File:
    """A student's file; `base` and `again` are its name without ``-1``, and that number."""

    member: str
    student: str
    late: bool
    number: str
    name: str
    base: str
    again: int


class Canvas:
    """Canvas's "Download Submissions": all files in one folder, the student in each name."""

    name = "Canvas"

    def gives_name(self, entry: str, *, folder: bool) -> bool:
        return not folder and _FILE.fullmatch(entry) is not None

    def recognizes(self, listing: Listing, submissions: int) -> bool:
        return are_most(sum(map(bool, map(_FILE.fullmatch, listing.files))), submissions)

    def attempts(self, listing: Listing, open_member: Open, remarks: list[str]) -> list[Attempt]:
        files: dict[str, list[_File]] = defaultdict(list)
        people: dict[str, Person] = {}
        for member in listing.names:
            entry, below = listing.entry(member)
            found = None if below else _FILE.fullmatch(entry)
            if found is None:
                continue
            student = found["number"] or f"anon_{found['blind']}"
            name = found["name"] or found["entry"]
            people.setdefault(student, Person(name=found["who"] or "", number=student))
            base, again = _split(name, listing.known)
            late, number = bool(found["late"]), found["file"] or ""
            files[student].append(_File(member, student, late, number, name, base, again))
        everybody = [file for own in files.values() for file in own]
        return [
            _attempt(people[student], _recounted(own, everybody, listing.known))
            for student, own in files.items()
        ]


def _split(name: str, known: Collection[str]) -> tuple[str, int]:
    found = _AGAIN.fullmatch(name)
    if found is None or name in known:
        return name, 0
    return f"{found['stem']}{found['suffix']}", int(found["count"])


def _recounted(
    own: Sequence[_File], everybody: Sequence[_File], known: Collection[str]
) -> list[_File]:
    """The student's files, with ``-2`` left in the name where it counts no attempts.

    It does if the bare name is there too, or is asked for; or if nobody else has a file of that
    name and a number. Otherwise a whole class hands in ``homework-2.zip``.
    """
    result = []
    for file in own:
        family = [f for f in everybody if f.base.casefold() == file.base.casefold()]
        counts = file.base in known or len(family) == 1 or any(not f.again for f in family)
        if file.again and not counts:
            file = _File(
                *(file.member, file.student, file.late, file.number, file.name), file.name, 0
            )
        result.append(file)
    return result


def _attempt(person: Person, files: list[_File]) -> Attempt:
    """What counts of one student's files; of several versions of a file the newest."""
    versions: dict[str, list[_File]] = defaultdict(list)
    for file in files:
        versions[file.base.casefold()].append(file)
    chosen, earlier, notes = [], [], []
    for same in versions.values():
        *old, newest = sorted(same, key=lambda file: (file.again, numeric_key(file.number)))
        chosen.append(newest)
        earlier += [file.member.rpartition("/")[2] for file in old]
        if newest.name != newest.base:
            notes.append(f"{newest.name} was taken for {newest.base}, handed in again")
    again = max(file.again for file in chosen)
    return Attempt(
        name=joined_name([file.member.rpartition("/")[2] for file in chosen]),
        files=tuple((file.base, file.member) for file in chosen),
        people=(person,),
        late=any(file.late for file in chosen),
        number=again + 1 if again else None,
        moment=max(numeric_key(file.number) for file in chosen),
        earlier=tuple(earlier),
        notes=tuple(notes),
    )
