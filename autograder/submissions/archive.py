"""Reads the modules and notebooks in a folder or an archive that nobody has checked.

Nothing is ever unpacked to the disk under a name from an archive. Files are read into memory, up to
limits that are counted while reading; the sizes that an archive states are not trusted.
"""

from __future__ import annotations

import errno
import os
import stat
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import IO

from autograder.errors import DAMAGED_ARCHIVE, SubmissionError
from autograder.limits import MIB
from autograder.submissions.archive_limits import MAX_NESTED, copy_bounded, most_unpacked
from autograder.submissions.archive_suffixes import suffix_of
from autograder.submissions.file_names import is_junk
from autograder.submissions.inner_archives import (
    MAX_OPENED,
    InnerArchive,
    archives_to_open,
    may_be_opened,
)
from autograder.submissions.submitted_files import LARGEST, SubmittedFiles, by_suffix
from autograder.submissions.tars import opened_tar, read_tarred
from autograder.submissions.zips import is_regular, member_names, opened_member, opened_zip

#: The archives in an archive: the name of each, and a function that copies its bytes into a file.
ArchivesInside = dict[str, Callable[[IO[bytes]], None]]
Reader = Callable[[IO[bytes], SubmittedFiles], AbstractContextManager[ArchivesInside]]

#: Errors of a machine that lacks room. They do not mean that an archive is damaged.
_MACHINE_ERRORS = {
    errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENFILE, errno.ENOMEM,
}  # fmt: skip


def read_submitted(path: Path) -> SubmittedFiles:
    """Read a folder, an archive or a single file; in a folder, also an archive that is alone in it.

    Raises SubmissionError and OSError as `read_files` does.
    """
    submitted = read_files(path)
    for inner in archives_to_open(submitted.archives, answers_beside=bool(submitted.files)):
        submitted = read_files(path / inner.name)
        submitted.notes.insert(0, f"the archive {inner.name} in the folder was opened")
    return submitted


def read_files(path: Path, limit_of: Callable[[str], int] = by_suffix) -> SubmittedFiles:
    """Read a folder, an archive or a single file. Archives in a folder are named and not opened.

    Args:
        limit_of: see `SubmittedFiles`.

    Raises SubmissionError, with what to hand in instead, if it cannot be read at all, and OSError
    if this machine lacks the room.
    """
    if path.is_symlink():
        raise SubmissionError("it is a symbolic link; name the file or folder that it leads to")
    submitted = SubmittedFiles(limit_of=limit_of)
    try:
        if path.is_dir():
            return _read_folder(path, submitted)
        suffix = suffix_of(path.name)
        if suffix in LARGEST:
            return _read_single(path, submitted)
        if suffix:
            with open(path, "rb") as file:
                read_archive(file, path.name, submitted)
            return submitted
        path.stat()
    except OSError as error:
        if error.errno in _MACHINE_ERRORS:
            raise
        raise SubmissionError(f"it cannot be read: {error.strerror or error}") from error
    kind = f"a {path.suffix} file" if path.suffix else "this kind of file"
    raise SubmissionError(
        f"{kind} cannot be read; hand in a folder, a zip or tar archive, a notebook or a module"
    )


def _read_single(path: Path, submitted: SubmittedFiles) -> SubmittedFiles:
    with open(path, "rb") as file:
        submitted.add(f"{path.stem.lstrip('.') or 'file'}{path.suffix.lower()}", file.read)
    if not submitted.files:
        raise SubmissionError("; ".join(submitted.notes))
    return submitted


def _read_folder(top: Path, submitted: SubmittedFiles) -> SubmittedFiles:
    for path in walk(top):
        submitted.count_member()
        name = path.relative_to(top).as_posix()
        if path.is_symlink():
            submitted.ignore(name, "symbolic links are not followed")
        elif stat.S_ISREG(path.stat().st_mode):
            if "/" not in name and may_be_opened(name):
                submitted.archives.append(name)
            submitted.add(name, partial(_read_regular, path))
        elif submitted.limit_of(name):
            submitted.ignore(name, "it is not a regular file")
    return submitted


def walk(top: Path) -> Iterator[Path]:
    """All files and links below a folder, sorted by name within each folder. No link is followed.

    Raises OSError for a folder that cannot be read.
    """

    def fail(error: OSError) -> None:
        raise error

    for root, folders, files in os.walk(top, onerror=fail, followlinks=False):
        folder = Path(root)
        links = [name for name in folders if (folder / name).is_symlink()]
        folders[:] = sorted(n for n in folders if n not in links and not is_junk(n))
        yield from (folder / name for name in sorted([*files, *links]))


def _read_regular(path: Path, limit: int) -> bytes:
    with opened_regular(path) as file:
        return file.read(limit)


@contextmanager
def opened_regular(path: Path) -> Iterator[IO[bytes]]:
    """A regular file. Raises SubmissionError if it has become anything else meanwhile."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise SubmissionError("a file changed while it was being read")
        yield file


def read_archive(
    file: IO[bytes], name: str, submitted: SubmittedFiles, *, nested: bool = True
) -> None:
    """Read an archive into `submitted`.

    Args:
        name: its suffix says whether it is a zip or a tar.
        nested: whether archives in it are opened, as `archives_to_open` says.

    Raises SubmissionError if it cannot be read.
    """
    count_before = len(submitted.files)
    with damage_reported(name):
        read: Reader = _read_zip if name.lower().endswith(".zip") else _read_tar
        with read(file, submitted) as inside:
            if not nested:
                return
            answers_beside = len(submitted.files) > count_before
            for inner in archives_to_open(list(inside), answers_beside=answers_beside):
                _read_inner(inner, inside[inner.name], submitted)


def _read_inner(
    inner: InnerArchive, copy: Callable[[IO[bytes]], None], submitted: SubmittedFiles
) -> None:
    with tempfile.TemporaryFile() as file:
        copy(file)
        file.seek(0)
        submitted.notes.append(f"the archive {inner.name} inside was opened")
        read_archive(file, inner.name, submitted, nested=False)


@contextmanager
def damage_reported(name: str) -> Iterator[None]:
    """Turn all errors that a damaged archive causes into a SubmissionError."""
    try:
        yield
    except SubmissionError:
        raise
    except (*DAMAGED_ARCHIVE, MemoryError) as error:
        if isinstance(error, OSError) and error.errno in _MACHINE_ERRORS:
            raise
        raise SubmissionError(
            f"the archive is damaged or no {suffix_of(name)} file at all "
            f"({error or type(error).__name__}); pack it again and hand that in"
        ) from error


@contextmanager
def _read_zip(file: IO[bytes], submitted: SubmittedFiles) -> Iterator[ArchivesInside]:
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
                inside[name] = partial(_copy_zipped, archive, member)
            submitted.add(name, partial(_read_zipped, archive, member))
        yield inside


def _read_zipped(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limit: int) -> bytes:
    with opened_member(archive, member) as unpacked:
        return unpacked.read(limit)


def _copy_zipped(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: IO[bytes]) -> None:
    assert archive.fp is not None  # it is open
    packed = archive.fp.seek(0, os.SEEK_END)
    with opened_member(archive, member) as unpacked:
        copy_bounded(unpacked, target, most_unpacked(packed, MAX_NESTED))


@contextmanager
def _read_tar(file: IO[bytes], submitted: SubmittedFiles) -> Iterator[ArchivesInside]:
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
                inside[member.name] = partial(_copy_tarred, stream, member)
            submitted.add(member.name, partial(read_tarred, stream, member))
        yield inside


def _copy_tarred(stream: IO[bytes], member: tarfile.TarInfo, target: IO[bytes]) -> None:
    stream.seek(member.offset_data)
    remaining = member.size
    while remaining and (piece := stream.read(min(remaining, MIB))):
        target.write(piece)
        remaining -= len(piece)
