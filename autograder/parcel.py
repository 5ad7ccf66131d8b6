"""One student's files in a bulk download: what they are called, and reading them."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

from autograder.archive import (
    MAX_NESTED,
    damaged,
    is_archive,
    opened_regular,
    read_archive,
    suffix_of,
    walk,
)
from autograder.errors import SubmissionError
from autograder.members import LARGEST, MIB, Contents, copy_bounded, is_junk, printable, unsafe
from autograder.zips import member_names, opened_member, opened_zip

#: Members of a bulk download: a class's files, and for each student many.
MAX_BULK = 200_000
#: Archives among the files of one student that are opened.
MAX_OPENED = 20
#: Bytes of one submission that tell it from another.
MAX_HASHED = 1024 * MIB

#: Opens a member of a download.
Open = Callable[[str], AbstractContextManager[IO[bytes]]]


@dataclass(frozen=True)
class Parcel:
    """One submission in a bulk download.

    Attributes:
        name: of the file or folder that was handed in, as the download has it.
        files: each one's path in the submission, and its name in the download.
    """

    name: str
    files: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Marks:
    """What a course site and the roster say of a submission.

    Attributes:
        site: the form of the download; empty if it is from none.
        late: the site marked it as late.
        attempt: which one of the student's it is, from 1; None if that is not known.
        earlier: the names of earlier attempts, which do not count.
        name: the student's name; empty if it is not known.
    """

    site: str = ""
    late: bool = False
    attempt: int | None = None
    earlier: tuple[str, ...] = ()
    name: str = ""


NO_MARKS = Marks()


@contextmanager
def opened_bulk(path: Path) -> Iterator[tuple[list[str], Open]]:
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
def _opener(path: Path) -> Iterator[Open]:
    """How to open what `opened_bulk` has named: nothing is named again, of thousands of files."""
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


def read_parcel(download: Path, parcel: Parcel) -> Contents:
    """The modules and notebooks among a student's files, and those in archives among them.

    An archive that is not alone stands for a folder of its name. Raises SubmissionError if there
    is nothing that can be read.
    """
    contents = Contents()
    packed = [name for name, _ in parcel.files if is_archive(name) and "/" not in name]
    alone = len(packed) == 1 and not any(suffix_of(n) in LARGEST for n, _ in parcel.files)
    for name in packed[MAX_OPENED:]:
        contents.ignore(name, f"more than {MAX_OPENED} archives were handed in")
    with _opener(download) as open_member:
        for name, member in parcel.files:
            contents.count()
            if name in packed:
                if name in packed[:MAX_OPENED]:
                    with _copied(open_member, member) as file:
                        contents.prefix = "" if alone else f"{name[: -len(suffix_of(name))]}/"
                        _open_one(file, name, contents, alone=alone)
                        contents.prefix = ""
                continue
            contents.take(name, partial(_start, open_member, member))
    return contents


def _open_one(file: IO[bytes], name: str, contents: Contents, *, alone: bool) -> None:
    try:
        read_archive(file, name, contents)
    except SubmissionError as error:
        if alone:
            raise
        contents.notes.append(f"ignored {printable(name)}: {error}")


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


def parcel_fingerprint(download: Path, parcel: Parcel) -> str:
    """The SHA-256 of a student's files with their names; of very large ones, of how they begin."""
    digest = hashlib.sha256()
    left = MAX_HASHED
    with _opener(download) as open_member:
        for name, member in sorted(parcel.files):
            own = hashlib.sha256()
            with open_member(member) as file:
                while left > 0 and (piece := file.read(MIB)):
                    own.update(piece)
                    left -= len(piece)
            digest.update(f"{len(name.encode())} {name} {own.hexdigest()}\n".encode())
    return digest.hexdigest()
