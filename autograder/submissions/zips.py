"""Zip archives that nobody has checked: opened and read without trusting what they say."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from autograder.errors import SubmissionError
from autograder.submissions.archive_limits import MAX_MEMBERS, too_many
from autograder.submissions.zip_names import decoded_names

#: Bytes for each member in a zip's list of members. `zipfile` reads the whole list at once.
MAX_ENTRY = 400
_ENTRY = b"PK\x01\x02"


@contextmanager
def opened_zip(file: IO[bytes], most: int = MAX_MEMBERS) -> Iterator[zipfile.ZipFile]:
    """A zip archive with at most `most` members.

    Raises SubmissionError for a longer list of members, before it takes memory; and what `zipfile`
    raises.
    """
    guard = _BoundedDirectory(file, most)
    with zipfile.ZipFile(guard) as archive:
        guard.read_through = True
        yield archive


@contextmanager
def opened_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[IO[bytes]]:
    """A member to be read piece by piece.

    Raises SubmissionError if it is encrypted or packed by a method that is not supported.
    """
    if member.flag_bits & 0x1:
        raise SubmissionError("the archive is encrypted; hand it in without a password")
    # For the other methods `zipfile` does not bound how much one read unpacks.
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise SubmissionError("the archive is packed by a rare method; pack it as an ordinary zip")
    with archive.open(member) as unpacked:
        yield unpacked


def is_regular(member: zipfile.ZipInfo) -> bool:
    """Whether a member that is no folder is a regular file, and not a link or a device."""
    return stat.S_IFMT(member.external_attr >> 16) in (0, stat.S_IFREG)


def member_names(archive: zipfile.ZipFile) -> list[tuple[str, zipfile.ZipInfo]]:
    """The members with their names as written; the name of a folder ends in a slash."""
    members = archive.infolist()
    names = decoded_names(members)
    # Some Windows tools separate folders by backslashes, which the zip format does not allow.
    foreign = not any("/" in name for name in names)
    named = zip(names, members, strict=True)
    return [(name.replace("\\", "/") if foreign else name, member) for name, member in named]


class _BoundedDirectory:
    """A zip file for `zipfile`, which bounds the list of members before it is parsed."""

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
