"""One student's files in a bulk download: what they are called, and reading them."""

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

from autograder.errors import SubmissionError
from autograder.limits import MIB
from autograder.submissions.archive import damaged, opened_regular, read_archive, walk
from autograder.submissions.archive_limits import MAX_NESTED, copy_bounded
from autograder.submissions.archive_suffixes import is_archive, suffix_of
from autograder.submissions.course_site import Attempt, Open
from autograder.submissions.file_names import is_junk, printable, unsafe
from autograder.submissions.inner_archives import (
    MAX_OPENED,
    InnerArchive,
    archives_among_files,
)
from autograder.submissions.submitted_files import LARGEST, SubmittedFiles
from autograder.submissions.zips import member_names, opened_member, opened_zip

#: Members of a bulk download: a class's files, and for each student many.
MAX_BULK = 200_000


@contextmanager
def opened_download(path: Path) -> Iterator[tuple[list[str], Open]]:
    """The names of the regular files in a zip or a folder, and how to open one of them.

    A name that cannot be trusted is not among them. Raises SubmissionError for a broken zip.
    """
    if path.is_dir():
        names = [_below(path, file) for file in walk(path) if _regular(file)]
        yield [name for name in names if not unsafe(name)], lambda name: opened_regular(path / name)
        return
    with _members(path) as (members, open_member):
        yield (
            [
                name
                for name, member in members.items()
                if stat.S_IFMT(member.external_attr >> 16) in (0, stat.S_IFREG)
                and not name.endswith("/")
                and not is_junk(name)
                and not unsafe(name)
            ],
            open_member,
        )


@contextmanager
def open_download(path: Path) -> Iterator[Open]:
    """How to open the files that `opened_download` has named, without naming them all again."""
    if path.is_dir():
        yield lambda name: opened_regular(path / name)
        return
    with _members(path) as (_, open_member):
        yield open_member


@contextmanager
def _members(path: Path) -> Iterator[tuple[dict[str, zipfile.ZipInfo], Open]]:
    with open(path, "rb") as file, ExitStack() as stack:
        with damaged(path.name):
            archive = stack.enter_context(opened_zip(file, MAX_BULK))
        members = dict(member_names(archive))

        @contextmanager
        def open_member(name: str) -> Iterator[IO[bytes]]:
            if name not in members:  # nobody's fault but that of whoever changed it meanwhile
                raise LookupError(f"{name} is no longer in {path.name}")
            with damaged(path.name), opened_member(archive, members[name]) as member:
                yield member

        yield members, open_member


def _below(top: Path, file: Path) -> str:
    return file.relative_to(top).as_posix()


def _regular(file: Path) -> bool:
    return not is_junk(file.name) and stat.S_ISREG(os.lstat(file).st_mode)


def read_attempt(download: Path, attempt: Attempt) -> SubmittedFiles:
    """The modules and notebooks among a student's files, and those in archives among them.

    Raises SubmissionError if there is nothing that can be read.
    """
    contents = SubmittedFiles()
    packed = [name for name, _ in attempt.files if is_archive(name) and "/" not in name]
    answers = any(suffix_of(name) in LARGEST for name, _ in attempt.files)
    opened = {one.name: one for one in archives_among_files(packed, answers_beside=answers)}
    for name in packed:
        if name not in opened:
            contents.ignore(name, f"more than {MAX_OPENED} archives were handed in")
    with open_download(download) as open_member:
        for name, member in attempt.files:
            contents.count()
            if name in opened:
                with _copied(open_member, member) as file:
                    _read_inner(file, opened[name], contents)
            elif name not in packed:
                contents.take(name, partial(_start, open_member, member))
    return contents


def _read_inner(file: IO[bytes], inner: InnerArchive, contents: SubmittedFiles) -> None:
    contents.prefix = inner.folder
    try:
        read_archive(file, inner.name, contents)
    except SubmissionError as error:
        if inner.alone:
            raise
        contents.notes.append(f"ignored {printable(inner.name)}: {error}")
    finally:
        contents.prefix = ""


def _start(open_member: Open, member: str, limit: int) -> bytes:
    with open_member(member) as file:
        return file.read(limit)


@contextmanager
def _copied(open_member: Open, member: str) -> Iterator[IO[bytes]]:
    with tempfile.SpooledTemporaryFile(MIB) as copy:
        with open_member(member) as file:
            copy_bounded(file, copy, MAX_NESTED)
        copy.seek(0)
        yield copy
