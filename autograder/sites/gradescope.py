"""Gradescope: ``assignment_1_export/`` with ``submission_metadata.yml`` and ``submission_12/``.

The metadata say who handed in what and when, and how often before. They are read event by event
and only what is asked for is kept: the file also holds all that tests ever printed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import IO, Any

import yaml

from autograder.errors import SubmissionError
from autograder.submissions.course_site import Attempt, Listing, Open, Person

METADATA = "submission_metadata.yml"

#: Bytes of the metadata, submissions in them, people of one submission, characters of a value.
MAX_METADATA, MAX_SUBMISSIONS, MAX_PEOPLE, MAX_TEXT = 256 << 20, 20_000, 50, 1000
#: Deeper ones are no export of anybody's.
MAX_DEPTH = 100

_FOLDER = re.compile(r"submission_[0-9]+")
_TIME = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)[ T](?P<time>\d\d:\d\d:\d\d)(?:\.(?P<part>\d+))?"
    r" ?(?P<zone>Z|UTC|[+-]\d\d:\d\d)?",
    re.ASCII,
)
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass
class Entry:
    """What the metadata say of one submission; `created` is a time as it is written there."""

    people: list[Person] = field(default_factory=list)
    created: str = ""
    before: int = 0


class Gradescope:
    """Gradescope's "Export Submissions"."""

    name = "Gradescope"

    def gives_name(self, entry: str, *, folder: bool) -> bool:
        return folder and _FOLDER.fullmatch(entry) is not None

    def recognizes(self, listing: Listing, submissions: int) -> bool:
        return METADATA in listing.files

    def attempts(self, listing: Listing, open_member: Open, remarks: list[str]) -> list[Attempt]:
        entries: dict[str, Entry] = {}
        try:
            with open_member(f"{listing.top}{METADATA}") as file:
                entries = read_metadata(file)
        except SubmissionError as error:
            remarks.append(f"{error}; students are named by their folders")
        files: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for member in listing.names:
            folder, below = listing.entry(member)
            if below and _FOLDER.fullmatch(folder):
                files[folder].append((below, member))
        result = []
        for folder in sorted({*files, *entries}):
            entry = entries.get(folder)
            notes = () if entry else (f"{METADATA} does not say who handed in {folder}",)
            entry = entry or Entry()
            result.append(
                Attempt(
                    name=folder,
                    files=tuple(files[folder]),
                    people=tuple(entry.people) or (Person(number=folder),),
                    number=entry.before + 1 if entry.before else None,
                    moment=_utc(entry.created),
                    notes=notes,
                )
            )
        return result


def _utc(written: str) -> str:
    """A time as Ruby writes it, in UTC so that two of them compare; empty if it is none."""
    found = _TIME.fullmatch(written)
    if found is None:
        return ""
    zone = "+00:00" if found["zone"] in ("Z", "UTC", None) else found["zone"]
    text = f"{found['day']}T{found['time']}.{(found['part'] or '0')[:6]:0<6}{zone}"
    try:
        return datetime.fromisoformat(text).astimezone(UTC).isoformat()
    except (ValueError, OverflowError):
        return ""


def read_metadata(file: IO[bytes]) -> dict[str, Entry]:
    """The submissions by folder. Raises SubmissionError if this is no metadata of Gradescope's."""
    events = _Events(file)
    try:
        return _entries(events)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        problem = " ".join(str(error).split())[:200]
        if isinstance(error, yaml.YAMLError):
            # PyYAML's versions word their errors differently, and refuse different depths.
            mark = getattr(error, "problem_mark", None)
            problem = "it is not valid YAML" + (f", see line {mark.line + 1}" if mark else "")
        raise SubmissionError(f"{METADATA} cannot be read: {problem}") from error


class _Capped:
    """A file of bounded length."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._left = MAX_METADATA

    def read(self, size: int) -> bytes:
        data = self._file.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise ValueError(f"it is larger than {MAX_METADATA >> 20} MiB")
        return data


class _Events:
    """YAML's events one by one. An alias stands for a short text; for anything else it is empty."""

    def __init__(self, file: IO[bytes]) -> None:
        self._events = yaml.parse(_Capped(file), Loader=_Loader)
        self._texts: dict[str, str] = {}

    def next(self) -> Any:
        event = next(self._events, None)
        if event is None:
            raise ValueError("it breaks off")
        if isinstance(event, yaml.ScalarEvent) and event.anchor and len(event.value) <= MAX_TEXT:
            if len(self._texts) >= MAX_SUBMISSIONS * 10:
                raise ValueError("it holds too many anchors")
            self._texts[event.anchor] = event.value
        return event

    def text(self, event: Any) -> str:
        """The text that begins with this event; whatever else it is, is skipped and empty."""
        if isinstance(event, yaml.ScalarEvent):
            return str(event.value)[:MAX_TEXT]
        if isinstance(event, yaml.AliasEvent):
            return self._texts.get(event.anchor, "")
        self.skip(event)
        return ""

    def skip(self, event: Any) -> None:
        """Pass over the value that begins with this event."""
        depth = _deeper(event)
        while depth:
            depth += _deeper(self.next())
            if depth > MAX_DEPTH:
                raise ValueError(f"it is nested more than {MAX_DEPTH} deep")

    def pairs(self, event: Any) -> Iterator[tuple[str, Any]]:
        """Each key of a mapping with its value's first event, which is to be read or skipped."""
        if not isinstance(event, yaml.MappingStartEvent):
            self.skip(event)
            return
        while not isinstance(key := self.next(), yaml.MappingEndEvent):
            yield self.text(key).lstrip(":"), self.next()

    def items(self, event: Any) -> Iterator[Any]:
        """The first event of each item of a list, which is to be read or skipped."""
        if not isinstance(event, yaml.SequenceStartEvent):
            self.skip(event)
            return
        while not isinstance(item := self.next(), yaml.SequenceEndEvent):
            yield item


def _deeper(event: Any) -> int:
    if isinstance(event, yaml.CollectionStartEvent):
        return 1
    return -1 if isinstance(event, yaml.CollectionEndEvent) else 0


def _entries(events: _Events) -> dict[str, Entry]:
    start = events.next()
    while isinstance(start, yaml.StreamStartEvent | yaml.DocumentStartEvent):
        start = events.next()
    if not isinstance(start, yaml.MappingStartEvent):
        raise ValueError("it lists no submissions")
    entries: dict[str, Entry] = {}
    for folder, value in events.pairs(start):
        if len(entries) >= MAX_SUBMISSIONS:
            raise ValueError(f"it lists more than {MAX_SUBMISSIONS} submissions")
        entry = Entry()
        for key, inner in events.pairs(value):
            if key == "submitters":
                entry.people = _people(events, inner)
            elif key == "created_at":
                entry.created = events.text(inner)
            elif key == "history":
                for old in events.items(inner):
                    events.skip(old)
                    entry.before += 1
            else:
                events.skip(inner)
        if _FOLDER.fullmatch(folder):
            entries[folder] = entry
    if not entries:
        raise ValueError("it lists no submissions")
    return entries


def _people(events: _Events, event: Any) -> list[Person]:
    people: list[Person] = []
    for item in events.items(event):
        told = {key: events.text(value).strip() for key, value in events.pairs(item)}
        if len(people) < MAX_PEOPLE:
            known = {key: told.get(key, "") for key in ("name", "sid", "email")}
            people.append(Person(**known))
    return people
