"""Reads the files of a bulk download, those of one student at a time."""

from __future__ import annotations

import os
import stat
import tempfile
import zipfile
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import IO

from autograder.errors import DownloadChanged
from autograder.limits import MIB
from autograder.submissions.archive import (
    damage_reported,
    opened_regular,
    read_archive,
    read_beside,
    walk,
)
from autograder.submissions.archive_limits import MAX_NESTED, copy_bounded
from autograder.submissions.attempt import Attempt
from autograder.submissions.download_listing import OpenMember
from autograder.submissions.file_names import is_acceptable, is_left_by_tools, without_marks
from autograder.submissions.inner_archives import (
    MAX_OPENED,
    TOO_MANY,
    archives_to_open,
    may_be_opened,
)
from autograder.submissions.submitted_files import SubmittedFiles
from autograder.submissions.zips import is_regular, member_names, opened_member, opened_zip

#: How many files a bulk download may have: those of a class, and each student has many.
MAX_BULK = 200_000


@contextmanager
def listed_download(path: Path) -> Iterator[tuple[list[str], OpenMember]]:
    """The names of the regular files in a zip or a folder, and a function that opens one of them.

    Hidden files and those with unsafe names are among them, so that their students have a row;
    `SubmittedFiles.add` never reads them. Raises SubmissionError for a broken zip.
    """
    if path.is_dir():
        files = [file for file in walk(path, skips=lambda _: False) if _is_regular(file)]
        names = _listed_names([file.relative_to(path).as_posix() for file in files])
        yield list(names.values()), lambda name: opened_regular(_located(path, name))
        return
    with _opened_members(path) as (members, open_member, _):
        regular = [n for n, m in members.items() if is_regular(m) and not n.endswith("/")]
        yield regular, open_member


@contextmanager
def opened_download(path: Path) -> Iterator[OpenMember]:
    """A function that opens one of the files that `listed_download` has named.

    The files are not listed again: there may be many thousands.
    """
    with _opened_with_repeated(path) as (open_member, _):
        yield open_member


@contextmanager
def _opened_with_repeated(path: Path) -> Iterator[tuple[OpenMember, Collection[str]]]:
    """As `opened_download`, and the names that several files with different bytes have.

    The last of these files is the one that is opened. In a folder there are none.
    """
    if path.is_dir():
        yield (lambda name: opened_regular(_located(path, name))), ()
        return
    with _opened_members(path) as (_, open_member, repeated):
        yield open_member, repeated


@contextmanager
def _opened_members(
    path: Path,
) -> Iterator[tuple[dict[str, zipfile.ZipInfo], OpenMember, set[str]]]:
    with open(path, "rb") as file, ExitStack() as stack:
        with damage_reported(path.name):
            archive = stack.enter_context(opened_zip(file, MAX_BULK))
        named = member_names(archive)
        by_name = dict(named)
        listed_names = _listed_names(by_name)
        members = {listed: by_name[name] for name, listed in listed_names.items()}
        repeated = {listed_names[name] for name, m in named if _differ_in_content(m, by_name[name])}

        @contextmanager
        def open_member(name: str) -> Iterator[IO[bytes]]:
            if name not in members:  # somebody changed the download; no student is to blame
                raise DownloadChanged(f"{name} is no longer in {path.name}")
            with damage_reported(path.name), opened_member(archive, members[name]) as member:
                yield member

        yield members, open_member, repeated


def _differ_in_content(member: zipfile.ZipInfo, other: zipfile.ZipInfo) -> bool:
    """Whether two members of a zip have different bytes, as far as the list of members tells."""
    return (member.file_size, member.CRC) != (other.file_size, other.CRC)


def _listed_names(names: Collection[str]) -> dict[str, str]:
    """By each name, the name without marks of text direction, or itself if another file has that.

    So no file hides another one. `SubmittedFiles.add` tells the student of the one with marks.
    """
    taken, listed = set(names), dict[str, str]()
    for name in sorted(names):
        plain = without_marks(name)
        listed[name] = name if plain in taken else plain
        taken.add(listed[name])
    return {name: listed[name] for name in names}


def _located(top: Path, name: str) -> Path:
    """A file in a folder, by its name without marks of text direction."""
    path = top
    for part in name.split("/"):
        if not os.path.lexists(path / part):
            marked = [e for e in path.iterdir() if without_marks(e.name) == part]
            path = min(marked, default=path / part)
        else:
            path /= part
    return path


def _is_regular(file: Path) -> bool:
    return stat.S_ISREG(os.lstat(file).st_mode)


def read_attempt(download: Path, attempt: Attempt) -> SubmittedFiles:
    """Read the modules and notebooks among a student's files, and those in archives among them.

    Raises SubmissionError if there is nothing that can be read.
    """
    submitted = SubmittedFiles()
    members = {name: member for name, member in attempt.files if may_be_opened(name)}
    beside = [n for n, _ in attempt.files if submitted.limit_of(n) and is_acceptable(n)]
    to_open = archives_to_open(list(members), beside=beside)
    read = {*members, *beside}
    with _opened_with_repeated(download) as (open_member, repeated):
        for name, member in attempt.files:
            if not is_left_by_tools(name):
                submitted.count_member()
            if members.get(name, member) != member or (member in repeated and name in read):
                submitted.note_repeated(name)
            if name not in members:
                submitted.add(name, partial(_read_start, open_member, member))
        for inner in to_open:
            copy = partial(_copy, open_member, members[inner.name])
            if not inner.alone:
                read_beside(inner, copy, "", submitted)
                continue
            with tempfile.SpooledTemporaryFile(MIB) as file:
                copy(file, MAX_NESTED)
                file.seek(0)
                read_archive(file, inner.name, submitted)
    for name in list(members)[MAX_OPENED:]:
        submitted.ignore(name, TOO_MANY)
    return submitted


def read_attempt_files(
    download: Path, attempt: Attempt, limit_of: Callable[[str], int]
) -> SubmittedFiles:
    """Read files among a student's. Archives are named and not opened, as `read_files` does it.

    Args:
        limit_of: see `SubmittedFiles`.

    Raises SubmissionError if files cannot be told apart or are too large.
    """
    submitted = SubmittedFiles(limit_of=limit_of)
    with opened_download(download) as open_member:
        for name, member in attempt.files:
            if not is_left_by_tools(name):
                submitted.count_member()
            if may_be_opened(name):
                submitted.archives.append(name)
            submitted.add(name, partial(_read_start, open_member, member))
    return submitted


def read_attempt_archive(
    download: Path, attempt: Attempt, name: str, limit_of: Callable[[str], int]
) -> SubmittedFiles:
    """Read files in one of the archives among a student's files.

    Args:
        name: of the archive, as `read_attempt_files` gives it.
        limit_of: see `SubmittedFiles`.

    Raises SubmissionError if it cannot be read.
    """
    submitted = SubmittedFiles(limit_of=limit_of)
    with opened_download(download) as open_member, tempfile.SpooledTemporaryFile(MIB) as file:
        _copy(open_member, dict(attempt.files)[name], file, MAX_NESTED)
        file.seek(0)
        read_archive(file, name, submitted)
    return submitted


def _read_start(open_member: OpenMember, member: str, limit: int) -> bytes:
    with open_member(member) as file:
        return file.read(limit)


def _copy(open_member: OpenMember, member: str, target: IO[bytes], most: int) -> None:
    with open_member(member) as file:
        copy_bounded(file, target, most)
