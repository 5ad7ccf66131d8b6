"""Moodle: ``First Last_12345_assignsubmission_file_/hw1.zip``, or flat with the file's name behind.

12345 is the participant in this assignment. Blind, the name is ``Participant``. Of several
attempts Moodle gives the last one; lateness is not in the names.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from autograder.intake.delivery import Delivery, Person, titled
from autograder.parcel import Parcel

SITE = "Moodle"

_ENTRY = re.compile(
    r"(?P<who>[^/]+?)(?:_(?P<number>[0-9]+))?_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<file>[^/]*))?"
)


def is_entry(name: str) -> bool:
    """Whether the name of a file or folder at the top of a download is one that Moodle gives."""
    return _ENTRY.fullmatch(name) is not None


def deliveries(names: Iterable[str], top: str) -> list[Delivery]:
    """The submissions among these files, which lie below the folder `top` ("" or with a slash)."""
    files: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    entries: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for member in names:
        entry, _, below = member.removeprefix(top).partition("/")
        found = _ENTRY.fullmatch(entry)
        if found is None:
            continue
        who = (found["who"], found["number"] or "")
        path = below or found["file"] or entry
        if found["kind"] == "file":
            files[who].append((path, member))
        entries[who][entry] = None
    return [
        Delivery(
            parcel=Parcel(titled(list(shown)), tuple(files[who])),
            people=(Person(name=_blind(who[0]), number=who[1]),),
        )
        for who, shown in entries.items()
    ]


def _blind(who: str) -> str:
    """The name, or nothing where the site gives "Participant" in its place."""
    return "" if who.casefold() == "participant" else who
