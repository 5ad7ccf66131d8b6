"""Reads the files of a bulk download, those of one student at a time."""

from __future__ import annotations

import os
import stat
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import IO

from autograder.errors import DownloadChanged, SubmissionError
from autograder.limits import MIB
from autograder.submissions.archive import damage_reported, opened_regular, read_archive, walk
from autograder.submissions.archive_limits import MAX_NESTED, copy_bounded
from autograder.submissions.archive_suffixes import is_archive, suffix_of
from autograder.submissions.attempt import Attempt
from autograder.submissions.file_names import is_acceptable, is_junk, printable, why_unsafe
from autograder.submissions.inner_archives import MAX_OPENED, InnerArchive, archives_to_open
from autograder.submissions.site_protocol import OpenMember
from autograder.submissions.submitted_files import LARGEST, SubmittedFiles
from autograder.submissions.zips import is_regular, member_names, opened_member, opened_zip

#: How many files a bulk download may have: those of a class, and each student has many.
MAX_BULK = 200_000


@contextmanager
def listed_download(path: Path) -> Iterator[tuple[list[str], OpenMember]]:
    """The names of the regular files in a zip or a folder, and a function that opens one of them.

    Files with unsafe names are not among them. Raises SubmissionError for a broken zip.
    """
    if path.is_dir():
        names = [file.relative_to(path).as_posix() for file in walk(path) if _is_regular(file)]
        safe = [name for name in names if not why_unsafe(name)]
        yield safe, lambda name: opened_regular(path / name)
        return
    with _opened_members(path) as (members, open_member):
        yield (
            [
                name
                for name, member in members.items()
                if is_regular(member) and not name.endswith("/") and is_acceptable(name)
            ],
            open_member,
        )


@contextmanager
def opened_download(path: Path) -> Iterator[OpenMember]:
    """A function that opens one of the files that `listed_download` has named.

    The files are not listed again: there may be many thousands.
    """
    if path.is_dir():
        yield lambda name: opened_regular(path / name)
        return
    with _opened_members(path) as (_, open_member):
        yield open_member


@contextmanager
def _opened_members(path: Path) -> Iterator[tuple[dict[str, zipfile.ZipInfo], OpenMember]]:
    with open(path, "rb") as file, ExitStack() as stack:
        with damage_reported(path.name):
            archive = stack.enter_context(opened_zip(file, MAX_BULK))
        members = dict(member_names(archive))

        @contextmanager
        def open_member(name: str) -> Iterator[IO[bytes]]:
            if name not in members:  # somebody changed the download; no student is to blame
                raise DownloadChanged(f"{name} is no longer in {path.name}")
            with damage_reported(path.name), opened_member(archive, members[name]) as member:
                yield member

        yield members, open_member


def _is_regular(file: Path) -> bool:
    return not is_junk(file.name) and stat.S_ISREG(os.lstat(file).st_mode)


def read_attempt(download: Path, attempt: Attempt) -> SubmittedFiles:
    """Read the modules and notebooks among a student's files, and those in archives among them.

    Raises SubmissionError if there is nothing that can be read.
    """
    submitted = SubmittedFiles()
    # Their names were checked when the download was listed.
    archives = [name for name, _ in attempt.files if is_archive(name) and "/" not in name]
    answers_beside = any(suffix_of(name) in LARGEST for name, _ in attempt.files)
    to_open = {
        inner.name: inner
        for inner in archives_to_open(archives, answers_beside=answers_beside, separate_files=True)
    }
    for name in archives:
        if name not in to_open:
            submitted.ignore(name, f"more than {MAX_OPENED} archives were handed in")
    with opened_download(download) as open_member:
        for name, member in attempt.files:
            submitted.count_member()
            if name in to_open:
                with _copied(open_member, member) as file:
                    _read_inner(file, to_open[name], submitted)
            elif name not in archives:
                submitted.add(name, partial(_read_start, open_member, member))
    return submitted


def _read_inner(file: IO[bytes], inner: InnerArchive, submitted: SubmittedFiles) -> None:
    """Read an archive. If it is damaged and not alone, the other files count all the same."""
    with submitted.put_into(inner.folder):
        try:
            read_archive(file, inner.name, submitted)
        except SubmissionError as error:
            if inner.alone:
                raise
            submitted.notes.append(f"ignored {printable(inner.name)}: {error}")


def _read_start(open_member: OpenMember, member: str, limit: int) -> bytes:
    with open_member(member) as file:
        return file.read(limit)


@contextmanager
def _copied(open_member: OpenMember, member: str) -> Iterator[IO[bytes]]:
    """A copy of a member that can be read in any order."""
    with tempfile.SpooledTemporaryFile(MIB) as copy:
        with open_member(member) as file:
            copy_bounded(file, copy, MAX_NESTED)
        copy.seek(0)
        yield copy
