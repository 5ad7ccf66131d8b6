"""Reads the members of a zip or a tar, and gives those that are archives to be copied."""

from __future__ import annotations

import os
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import IO

from autograder.limits import MIB
from autograder.submissions.archive_limits import copy_bounded, most_unpacked, too_large
from autograder.submissions.inner_archives import MAX_OPENED, may_be_opened
from autograder.submissions.submitted_files import SubmittedFiles
from autograder.submissions.tars import opened_tar, read_tarred
from autograder.submissions.zips import is_regular, member_names, opened_member, opened_zip

#: Copies an archive into a file. It raises SubmissionError for more bytes than a number.
Copy = Callable[[IO[bytes], int], None]
#: The archives in an archive, by name.
ArchivesInside = dict[str, Copy]


@contextmanager
def read_zip(file: IO[bytes], submitted: SubmittedFiles) -> Iterator[ArchivesInside]:
    """Read the files of a zip. While it is open, the archives in it can be copied."""
    inside: ArchivesInside = {}
    with opened_zip(file) as archive:
        for name, member in member_names(archive):
            submitted.count_member()
            if name.endswith("/"):
                continue
            if not is_regular(member):
                submitted.ignore(name, "it is not a regular file")
                continue
            if may_be_opened(name):
                if name in inside:
                    submitted.note_repeated(name)
                inside[name] = partial(_copy_zipped, archive, member)
            submitted.add(name, partial(_read_zipped, archive, member))
        yield inside


def _read_zipped(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limit: int) -> bytes:
    with opened_member(archive, member) as unpacked:
        return unpacked.read(limit)


def _copy_zipped(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: IO[bytes], most: int
) -> None:
    assert archive.fp is not None  # it is open
    packed = archive.fp.seek(0, os.SEEK_END)
    with opened_member(archive, member) as unpacked:
        copy_bounded(unpacked, target, most_unpacked(packed, most))


@contextmanager
def read_tar(file: IO[bytes], submitted: SubmittedFiles) -> Iterator[ArchivesInside]:
    """Read the files of a tar. While it is open, the archives in it can be copied."""
    inside: ArchivesInside = {}
    with opened_tar(file) as (stream, members):
        for member in members:
            submitted.count_member()
            if member.isdir():
                continue
            if not member.isreg() or member.issparse():
                submitted.ignore(member.name, "it is not a regular file")
                continue
            # A member holds its headers in memory, and more than MAX_OPENED are never opened.
            if may_be_opened(member.name) and len(inside) <= MAX_OPENED:
                if member.name in inside:
                    submitted.note_repeated(member.name)
                inside[member.name] = partial(_copy_tarred, stream, member)
            submitted.add(member.name, partial(read_tarred, stream, member))
        yield inside


def _copy_tarred(stream: IO[bytes], member: tarfile.TarInfo, target: IO[bytes], most: int) -> None:
    if member.size > most:
        raise too_large(most)
    stream.seek(member.offset_data)
    remaining = member.size
    while remaining and (piece := stream.read(min(remaining, MIB))):
        target.write(piece)
        remaining -= len(piece)
