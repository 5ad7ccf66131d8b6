"""The modules and notebooks in a folder or an archive that nobody has vouched for.

Nothing is ever unpacked to the disk under a name of the archive's. Files are read into memory, up
to limits that are counted while reading; what an archive claims about its sizes is not believed.
An archive in an archive is opened too, one level deep.
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
from autograder.submissions.archive_suffixes import is_archive, suffix_of
from autograder.submissions.file_names import is_junk, unsafe
from autograder.submissions.inner_archives import archive_alone
from autograder.submissions.submitted_files import LARGEST, SubmittedFiles, by_suffix
from autograder.submissions.tars import opened_tar, read_tarred
from autograder.submissions.zips import member_names, opened_member, opened_zip

#: An archive in an archive: its name, and how to read its bytes into a file.
Inner = dict[str, Callable[[IO[bytes]], None]]
Reader = Callable[[IO[bytes], SubmittedFiles], AbstractContextManager[Inner]]

#: A machine that lacks room is no fault of an archive.
_OURS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENFILE, errno.ENOMEM}


def read_submitted(path: Path) -> SubmittedFiles:
    """Read a folder, an archive or a single file; in a folder, also the archive that is alone.

    Raises SubmissionError and OSError as `read_files` does.
    """
    files = read_files(path)
    inner = archive_alone(files.archives, answers_beside=bool(files.files))
    if inner is None:
        return files
    files = read_files(path / inner.name)
    files.notes.insert(0, f"the archive {inner.name} in the folder was taken")
    return files


def read_files(path: Path, limit_of: Callable[[str], int] = by_suffix) -> SubmittedFiles:
    """Read a folder, an archive or a single file; see `SubmittedFiles` for `limit_of`.

    Archives in a folder are named and not opened.

    Raises SubmissionError, saying what to hand in instead, if it cannot be read at all, and OSError
    if this machine lacks the room.
    """
    if path.is_symlink():
        raise SubmissionError("it is a symbolic link; name the file or folder that it leads to")
    contents = SubmittedFiles(limit_of=limit_of)
    try:
        if path.is_dir():
            return _read_folder(path, contents)
        suffix = suffix_of(path.name)
        if suffix in LARGEST:
            return _read_single(path, contents)
        if suffix:
            with open(path, "rb") as file:
                read_archive(file, path.name, contents)
            return contents
        path.stat()
    except OSError as error:
        if error.errno in _OURS:
            raise
        raise SubmissionError(f"it cannot be read: {error.strerror or error}") from error
    kind = f"a {path.suffix} file" if path.suffix else "this kind of file"
    raise SubmissionError(
        f"{kind} cannot be read; hand in a folder, a zip or tar archive, a notebook or a module"
    )


def _read_single(path: Path, contents: SubmittedFiles) -> SubmittedFiles:
    with open(path, "rb") as file:
        contents.take(f"{path.stem.lstrip('.') or 'file'}{path.suffix.lower()}", file.read)
    if not contents.files:
        raise SubmissionError("; ".join(contents.notes))
    return contents


def _read_folder(top: Path, contents: SubmittedFiles) -> SubmittedFiles:
    for path in walk(top):
        contents.count()
        name = path.relative_to(top).as_posix()
        if path.is_symlink():
            contents.ignore(name, "symbolic links are not followed")
        elif stat.S_ISREG(path.stat().st_mode):
            if is_archive(name) and _is_plain(name):
                contents.archives.append(name)
            contents.take(name, partial(_read_regular, path))
        elif contents.limit_of(name):
            contents.ignore(name, "it is not a regular file")
    return contents


def _is_plain(name: str) -> bool:
    return "/" not in name and not is_junk(name) and not unsafe(name)


def walk(top: Path) -> Iterator[Path]:
    """Everything but folders below a folder, in order of names, without following a link."""

    def complain(error: OSError) -> None:
        raise error

    for root, folders, files in os.walk(top, onerror=complain, followlinks=False):
        here = Path(root)
        links = [name for name in folders if (here / name).is_symlink()]
        folders[:] = sorted(n for n in folders if n not in links and not is_junk(n))
        yield from (here / name for name in sorted([*files, *links]))


def _read_regular(path: Path, limit: int) -> bytes:
    with opened_regular(path) as file:
        return file.read(limit)


@contextmanager
def opened_regular(path: Path) -> Iterator[IO[bytes]]:
    """A file that must not have become anything else since it was looked at."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise SubmissionError("a file changed while it was being read")
        yield file


def read_archive(
    file: IO[bytes], name: str, contents: SubmittedFiles, *, nested: bool = True
) -> None:
    """Read an archive into `contents`; its name tells a zip from a tar.

    Where it holds a single other archive and nothing to be read, that one is opened instead.

    Raises SubmissionError if it cannot be read.
    """
    before = len(contents.files)
    with damaged(name):
        read: Reader = _read_zip if name.lower().endswith(".zip") else _read_tar
        with read(file, contents) as inner:
            answers_beside = len(contents.files) > before
            alone = archive_alone(list(inner), answers_beside=answers_beside) if nested else None
            if alone:
                _read_inner(alone.name, inner[alone.name], contents)


def _read_inner(name: str, copy: Callable[[IO[bytes]], None], contents: SubmittedFiles) -> None:
    with tempfile.TemporaryFile() as file:
        copy(file)
        file.seek(0)
        contents.notes.append(f"the archive {name} inside was taken")
        read_archive(file, name, contents, nested=False)


@contextmanager
def damaged(name: str) -> Iterator[None]:
    """Turn whatever a broken archive makes the readers raise into a SubmissionError."""
    try:
        yield
    except SubmissionError:
        raise
    except (*DAMAGED_ARCHIVE, MemoryError) as error:
        if isinstance(error, OSError) and error.errno in _OURS:
            raise
        raise SubmissionError(
            f"the archive is damaged or no {suffix_of(name)} file at all "
            f"({error or type(error).__name__}); pack it again and hand that in"
        ) from error


@contextmanager
def _read_zip(file: IO[bytes], contents: SubmittedFiles) -> Iterator[Inner]:
    inner: Inner = {}
    with opened_zip(file) as archive:
        for name, member in member_names(archive):
            contents.count()
            if name.endswith("/"):
                continue
            kind = stat.S_IFMT(member.external_attr >> 16)
            if kind and kind != stat.S_IFREG:
                contents.ignore(name, "it is not a regular file")
                continue
            if _may_be_opened(name):
                inner[name] = partial(_copy_zipped, archive, member)
            contents.take(name, partial(_read_zipped, archive, member))
        yield inner


def _may_be_opened(name: str) -> bool:
    return is_archive(name) and not is_junk(name) and not unsafe(name)


def _read_zipped(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limit: int) -> bytes:
    with opened_member(archive, member) as unpacked:
        return unpacked.read(limit)


def _copy_zipped(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: IO[bytes]) -> None:
    assert archive.fp is not None  # it is open
    packed = archive.fp.seek(0, os.SEEK_END)
    with opened_member(archive, member) as unpacked:
        copy_bounded(unpacked, target, most_unpacked(packed, MAX_NESTED))


@contextmanager
def _read_tar(file: IO[bytes], contents: SubmittedFiles) -> Iterator[Inner]:
    inner: Inner = {}
    with opened_tar(file) as (stream, members):
        for member in members:
            contents.count()
            if member.isdir():
                continue
            if not member.isreg() or member.issparse():
                contents.ignore(member.name, "it is not a regular file")
                continue
            if _may_be_opened(member.name) and len(inner) < 2:
                inner[member.name] = partial(_copy_tarred, stream, member)
            contents.take(member.name, partial(read_tarred, stream, member))
        yield inner


def _copy_tarred(stream: IO[bytes], member: tarfile.TarInfo, target: IO[bytes]) -> None:
    stream.seek(member.offset_data)
    left = member.size
    while left and (piece := stream.read(min(left, MIB))):
        target.write(piece)
        left -= len(piece)
