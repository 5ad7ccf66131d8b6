"""Reads Gradescope's exports: ``submission_metadata.yml`` and ``submission_12/`` in one folder.

The metadata say who handed in each submission, when, and how many they handed in before. The file
also holds everything that tests printed, so it is read event by event, and the rest is not kept.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import IO, Any

import yaml

from autograder.errors import SubmissionError
from autograder.limits import MIB
from autograder.submissions.attempt import Attempt, Person
from autograder.submissions.download_listing import Listing, OpenMember
from autograder.submissions.notes import LeftAside

METADATA = "submission_metadata.yml"

#: Bytes of the metadata.
MAX_METADATA = 256 * MIB
#: How many submissions the metadata may list, and how many people of one submission are kept.
MAX_SUBMISSIONS, MAX_PEOPLE = 20_000, 50
#: How many characters of a value are kept.
MAX_TEXT = 1000
#: How deep the metadata may be nested.
MAX_DEPTH = 100

_FOLDER = re.compile(r"submission_[0-9]+")
_TIME = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)[ T](?P<time>\d\d:\d\d:\d\d)(?:\.(?P<part>\d+))?"
    r" ?(?P<zone>Z|UTC|[+-]\d\d:\d\d)?",
    re.ASCII,
)
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass
class SubmissionMetadata:
    """What the metadata say of one submission.

    Attributes:
        people: those who handed it in.
        created: the time, as it is written there.
        count_before: how many submissions they handed in before this one.
    """

    people: list[Person] = field(default_factory=list)
    created: str = ""
    count_before: int = 0


class Gradescope:
    """Gradescope's "Export Submissions"."""

    name = "Gradescope"

    def gives_name(self, entry: str, *, folder: bool) -> bool:
        return folder and _FOLDER.fullmatch(entry) is not None

    def recognizes(self, listing: Listing, submissions: int) -> bool:
        return METADATA in listing.top_files

    def attempts(
        self, listing: Listing, open_member: OpenMember, remarks: list[str]
    ) -> list[Attempt]:
        metadata: dict[str, SubmissionMetadata] = {}
        try:
            with open_member(f"{listing.top_folder}{METADATA}") as file:
                metadata = read_metadata(file)
        except SubmissionError as error:
            remarks.append(f"{error}; students are named by their folders")
        files: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for member in listing.names:
            folder, below = listing.split(member)
            if below and _FOLDER.fullmatch(folder):
                files[folder].append((below, member))
        return [
            _attempt(folder, files[folder], metadata.get(folder))
            for folder in sorted({*files, *metadata})
        ]


def _attempt(
    folder: str, files: Sequence[tuple[str, str]], metadata: SubmissionMetadata | None
) -> Attempt:
    notes = () if metadata else (LeftAside(f"{METADATA} does not say who handed in {folder}"),)
    metadata = metadata or SubmissionMetadata()
    return Attempt(
        name=folder,
        files=tuple(files),
        people=tuple(metadata.people) or (Person(site_number=folder),),
        number=metadata.count_before + 1 if metadata.count_before else None,
        time_key=_utc(metadata.created),
        notes=notes,
    )


def _utc(written: str) -> str:
    """A time as Ruby writes it, in UTC so that times can be sorted; empty if it is no time."""
    found = _TIME.fullmatch(written)
    if found is None:
        return ""
    zone = "+00:00" if found["zone"] in ("Z", "UTC", None) else found["zone"]
    text = f"{found['day']}T{found['time']}.{(found['part'] or '0')[:6]:0<6}{zone}"
    try:
        return datetime.fromisoformat(text).astimezone(UTC).isoformat()
    except (ValueError, OverflowError):
        return ""


def read_metadata(file: IO[bytes]) -> dict[str, SubmissionMetadata]:
    """The submissions in a metadata file, by folder.

    Raises SubmissionError if it cannot be read, or is no metadata of Gradescope's.
    """
    events = _Events(file)
    try:
        return _submissions(events)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        problem = " ".join(str(error).split())[:200]
        if isinstance(error, yaml.YAMLError):
            # PyYAML's versions word their errors differently, and refuse different depths.
            mark = getattr(error, "problem_mark", None)
            problem = "it is not valid YAML" + (f", see line {mark.line + 1}" if mark else "")
        raise SubmissionError(f"{METADATA} cannot be read: {problem}") from error


class _BoundedFile:
    """A file that raises ValueError once more than `MAX_METADATA` bytes of it were read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._remaining = MAX_METADATA

    def read(self, size: int) -> bytes:
        data = self._file.read(size)
        self._remaining -= len(data)
        if self._remaining < 0:
            raise ValueError(f"it is larger than {MAX_METADATA // MIB} MiB")
        return data


class _Events:
    """The events of a YAML file, one by one.

    An alias of a short text gives that text. An alias of anything else gives an empty text.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._events = yaml.parse(_BoundedFile(file), Loader=_Loader)
        self._texts: dict[str, str] = {}

    def next(self) -> Any:
        event = next(self._events, None)
        if event is None:
            raise ValueError("it ends too early")
        if isinstance(event, yaml.ScalarEvent) and event.anchor and len(event.value) <= MAX_TEXT:
            if len(self._texts) >= MAX_SUBMISSIONS * 10:
                raise ValueError("it holds too many anchors")
            self._texts[event.anchor] = event.value
        return event

    def text(self, event: Any) -> str:
        """The text of this event. Another value is skipped and gives an empty text."""
        if isinstance(event, yaml.ScalarEvent):
            return str(event.value)[:MAX_TEXT]
        if isinstance(event, yaml.AliasEvent):
            return self._texts.get(event.anchor, "")
        self.skip(event)
        return ""

    def skip(self, event: Any) -> None:
        """Skip the value that begins with this event. Raises ValueError if it is too deep."""
        depth = _depth_change(event)
        while depth:
            depth += _depth_change(self.next())
            if depth > MAX_DEPTH:
                raise ValueError(f"it is nested more than {MAX_DEPTH} deep")

    def pairs(self, event: Any) -> Iterator[tuple[str, Any]]:
        """Each key of a mapping with the first event of its value.

        The caller reads or skips the value before the next pair.
        """
        if not isinstance(event, yaml.MappingStartEvent):
            self.skip(event)
            return
        while not isinstance(key := self.next(), yaml.MappingEndEvent):
            yield self.text(key).lstrip(":"), self.next()

    def items(self, event: Any) -> Iterator[Any]:
        """The first event of each item of a list.

        The caller reads or skips the item before the next one.
        """
        if not isinstance(event, yaml.SequenceStartEvent):
            self.skip(event)
            return
        while not isinstance(item := self.next(), yaml.SequenceEndEvent):
            yield item


def _depth_change(event: Any) -> int:
    if isinstance(event, yaml.CollectionStartEvent):
        return 1
    return -1 if isinstance(event, yaml.CollectionEndEvent) else 0


def _submissions(events: _Events) -> dict[str, SubmissionMetadata]:
    start = events.next()
    while isinstance(start, yaml.StreamStartEvent | yaml.DocumentStartEvent):
        start = events.next()
    if not isinstance(start, yaml.MappingStartEvent):
        raise ValueError("it lists no submissions")
    submissions: dict[str, SubmissionMetadata] = {}
    for folder, value in events.pairs(start):
        if len(submissions) >= MAX_SUBMISSIONS:
            raise ValueError(f"it lists more than {MAX_SUBMISSIONS} submissions")
        submission = _submission(events, value)
        if _FOLDER.fullmatch(folder):
            submissions[folder] = submission
    if not submissions:
        raise ValueError("it lists no submissions")
    return submissions


def _submission(events: _Events, event: Any) -> SubmissionMetadata:
    submission = SubmissionMetadata()
    for key, value in events.pairs(event):
        if key == "submitters":
            submission.people = _people(events, value)
        elif key == "created_at":
            submission.created = events.text(value)
        elif key == "history":
            for earlier in events.items(value):
                events.skip(earlier)
                submission.count_before += 1
        else:
            events.skip(value)
    return submission


def _people(events: _Events, event: Any) -> list[Person]:
    people: list[Person] = []
    for item in events.items(event):
        texts = {key: events.text(value).strip() for key, value in events.pairs(item)}
        if len(people) < MAX_PEOPLE:
            name, sid, email = (texts.get(key, "") for key in ("name", "sid", "email"))
            people.append(Person(name=name, student_id=sid, email=email))
    return people
