"""Zip archives of somebody else's: opened and read without believing what they claim."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from autograder.errors import SubmissionError
from autograder.submissions.archive_limits import MAX_MEMBERS, too_many

#: Bytes that the list of members, which `zipfile` reads at once, may have for each of them.
MAX_ENTRY = 400
_ENTRY = b"PK\x01\x02"


@contextmanager
def opened_zip(file: IO[bytes], most: int = MAX_MEMBERS) -> Iterator[zipfile.ZipFile]:
    """A zip archive of at most so many members.

    Raises SubmissionError before a longer list of members takes memory, and what `zipfile` raises.
    """
    guard = _Directory(file, most)
    with zipfile.ZipFile(guard) as archive:
        guard.read_through = True
        yield archive


@contextmanager
def opened_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[IO[bytes]]:
    """A member to be read piece by piece. Raises SubmissionError if its packing is not read."""
    if member.flag_bits & 0x1:
        raise SubmissionError("the archive is encrypted; hand it in without a password")
    # The others unpack without a bound on what one read may give.
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise SubmissionError("the archive is packed by a rare method; pack it as an ordinary zip")
    with archive.open(member) as unpacked:
        yield unpacked


def member_names(archive: zipfile.ZipFile) -> list[tuple[str, zipfile.ZipInfo]]:
    """The members with their names as written, folders' with a slash at the end."""
    members = archive.infolist()
    # Some Windows tools part the folders by backslashes, against the format's rules.
    foreign = not any("/" in member.orig_filename for member in members)
    named = ((member.orig_filename, member) for member in members)
    return [(name.replace("\\", "/") if foreign else name, member) for name, member in named]


class _Directory:
    """A zip file as `zipfile` may see it: its list of members is weighed before it is parsed."""

    def __init__(self, file: IO[bytes], most: int) -> None:
        self._file = file
        self._most = most
        self.read_through = False

    def read(self, size: int = -1) -> bytes:
        if self.read_through:
            return self._file.read(size)
        if size > MAX_ENTRY * self._most:
            raise too_many(self._most)
        data = self._file.read(size)
        if data.count(_ENTRY) > self._most:
            raise too_many(self._most)
        return data

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)
