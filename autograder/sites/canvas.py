"""Reads Canvas's downloads: ``lastfirst_LATE_1234_56789_hw1.zip``, all files in one folder.

1234 is the number of the student, 56789 that of the file. In a blind download the name is missing
and ``anon_Xy3zW`` stands for the student's number. If a student hands in ``hw1.zip`` again, Canvas
names the new file ``hw1-1.zip``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from autograder.submissions.attempt import Attempt, Person
from autograder.submissions.download_listing import (
    Listing,
    OpenMember,
    are_most,
    joined_name,
    numeric_key,
)
from autograder.submissions.student_ids import with_letters_for_marks

_FILE = re.compile(
    r"(?:(?P<who>(?!LATE_)\w+?)_)?(?P<late>LATE_)?"
    r"(?:(?P<number>[0-9]+)|anon_(?P<blind>[A-Za-z0-9]+))_"
    r"(?:(?P<file>[0-9]+)_(?P<name>[^/]+)|(?P<entry>text\.html|link\.html))"
)
_REPEATED = re.compile(
    r"(?P<stem>.+)-(?P<count>[1-9][0-9]?)(?P<suffix>(?:\.tar)?\.\w+)", re.IGNORECASE
)


@dataclass(frozen=True)
class _File:
    """A student's file.

    Attributes:
        member: its name in the download.
        student: the site's number of the student, or the code of a blind download.
        late: whether Canvas marked it as late.
        number: that of the file; greater for what was handed in later.
        name: as the student has named it, with what Canvas added, such as ``-1``.
        base_name: the name without ``-1``.
        repeat: the number that Canvas added; 0 if there is none.
    """

    member: str
    student: str
    late: bool
    number: str
    name: str
    base_name: str
    repeat: int


class Canvas:
    """Canvas's "Download Submissions"."""

    name = "Canvas"

    def gives_name(self, entry: str, *, folder: bool) -> bool:
        return not folder and _parts(entry) is not None

    def recognizes(self, listing: Listing, submissions: int) -> bool:
        return are_most(sum(_parts(f) is not None for f in listing.top_files), submissions)

    def attempts(
        self, listing: Listing, open_member: OpenMember, remarks: list[str]
    ) -> list[Attempt]:
        files: dict[str, list[_File]] = defaultdict(list)
        people: dict[str, Person] = {}
        for member in listing.names:
            entry, below = listing.split(member)
            found = None if below else _parts(entry)
            if found is None:
                continue
            student = found["number"] or f"anon_{found['blind']}"
            people.setdefault(student, Person(name=found["who"], site_number=student))
            name = found["name"] or found["entry"]
            base_name, repeat = _split_repeat(name, listing.expected_files)
            files[student].append(
                _File(
                    member=member,
                    student=student,
                    late=bool(found["late"]),
                    number=found["file"],
                    name=name,
                    base_name=base_name,
                    repeat=repeat,
                )
            )
        all_files = [file for of_student in files.values() for file in of_student]
        return [
            _attempt(people[student], _without_other_numbers(of_student, all_files, listing))
            for student, of_student in files.items()
        ]


def _parts(entry: str) -> dict[str, str] | None:
    """The parts of a name that Canvas gives, empty where there is none; None for other names.

    Canvas keeps the combining marks of a student's name, and Macs part accents from letters.
    """
    found = _FILE.fullmatch(with_letters_for_marks(entry))
    if found is None:
        return None
    spans = ((group, found.span(group)) for group in _FILE.groupindex)
    return {group: entry[start:end] if start >= 0 else "" for group, (start, end) in spans}


def _split_repeat(name: str, expected_files: Collection[str]) -> tuple[str, int]:
    """A file's name without ``-1``, and this number; 0 if there is none."""
    found = _REPEATED.fullmatch(name)
    if found is None or name in expected_files:
        return name, 0
    return f"{found['stem']}{found['suffix']}", int(found["count"])


def _without_other_numbers(
    files: Sequence[_File], all_files: Sequence[_File], listing: Listing
) -> list[_File]:
    """A student's files. If ``-2`` does not count attempts, it stays part of the file's name.

    It counts attempts if the assignment asks for a file of the name without it, if such a file was
    handed in, or if nobody else has a file of this name with a number. Otherwise the number is the
    homework's: a whole class hands in ``homework-2.zip``.

    Args:
        all_files: of all students.
    """
    result = []
    for file in files:
        base_name = file.base_name.casefold()
        same_name = [f for f in all_files if f.base_name.casefold() == base_name]
        counts_attempts = (
            file.base_name in listing.expected_files
            or len(same_name) == 1
            or any(not f.repeat for f in same_name)
        )
        if file.repeat and not counts_attempts:
            file = replace(file, base_name=file.name, repeat=0)
        result.append(file)
    return result


def _attempt(person: Person, files: Iterable[_File]) -> Attempt:
    """A student's attempt: of several versions of a file, the newest counts."""
    versions_by_name: dict[str, list[_File]] = defaultdict(list)
    for file in files:
        versions_by_name[file.base_name.casefold()].append(file)
    newest_files: list[_File] = []
    earlier: list[str] = []
    notes: list[str] = []
    for versions in versions_by_name.values():
        *older, newest = sorted(versions, key=lambda f: (f.repeat, numeric_key(f.number)))
        newest_files.append(newest)
        earlier += [_bare_name(file.member) for file in older]
        if newest.name != newest.base_name:
            notes.append(f"{newest.name} was read as {newest.base_name}, handed in again")
    repeat = max(file.repeat for file in newest_files)
    return Attempt(
        name=joined_name([_bare_name(file.member) for file in newest_files]),
        files=tuple((file.base_name, file.member) for file in newest_files),
        people=(person,),
        late=any(file.late for file in newest_files),
        number=repeat + 1 if repeat else None,
        time_key=max(numeric_key(file.number) for file in newest_files),
        earlier=tuple(earlier),
        notes=tuple(notes),
    )


def _bare_name(member: str) -> str:
    return member.rpartition("/")[2]
