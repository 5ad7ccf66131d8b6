"""Reads the modules and notebooks in a folder or an archive that nobody has checked.

Nothing is ever unpacked to the disk under a name from an archive. Files are read into memory, up to
limits that are counted while reading; the sizes that an archive states are not trusted.
"""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO

from autograder.errors import DAMAGED_ARCHIVE, SubmissionError
from autograder.submissions.archive_limits import (
    MAX_NESTED,
    copy_bounded,
)
from autograder.submissions.archive_members import ArchivesInside, Copy, read_tar, read_zip
from autograder.submissions.archive_suffixes import (
    START,
    by_suffix,
    is_zip,
    packed_as,
    split_kind,
    suffix_of,
)
from autograder.submissions.file_names import is_hidden_by_hand, is_junk, printable
from autograder.submissions.inner_archives import (
    MAX_BESIDE,
    MAX_OPENED,
    TOO_DEEP,
    TOO_MANY,
    InnerArchive,
    archives_to_open,
    may_be_opened,
)
from autograder.submissions.submitted_files import (
    UNREAD_ARCHIVES,
    SubmittedFiles,
    unread_archive,
)

Reader = Callable[[IO[bytes], SubmittedFiles], AbstractContextManager[ArchivesInside]]

#: How many files of a hidden folder are looked at to find out whether it is worth a note.
_LOOKED_AT = 1000
#: Errors of a machine that lacks room. They do not mean that an archive is damaged.
_MACHINE_ERRORS = {
    errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENFILE, errno.ENOMEM,
}  # fmt: skip


def read_submitted(path: Path) -> SubmittedFiles:
    """Read a folder, an archive or a single file; in a folder, also the archives in it.

    Raises SubmissionError and OSError as `read_files` does.
    """
    submitted = read_files(path)
    archives = submitted.archives
    beside = list(submitted.files)
    for inner in archives_to_open(archives, beside=beside):
        if inner.alone:
            folder, submitted = submitted, read_files(path / inner.name)
            # What was said of the folder's other files is still true.
            opened = f"the archive {printable(inner.name)} in the folder was opened"
            submitted.notes = [*folder.notes, opened, *submitted.notes]
            submitted.documents = [*folder.documents, *submitted.documents]
            folder.was_opened(inner.name)
            submitted.unread += folder.unread
            submitted.unread_files = folder.unread_files | submitted.unread_files
            submitted.texts = folder.texts | submitted.texts
        else:
            copy = partial(_copy_regular, path / inner.name)
            read_beside(inner, copy, "in the folder", submitted)
    for name in archives[MAX_OPENED:]:
        submitted.ignore(name, TOO_MANY)
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
        if split_kind(path.name)[1]:
            return _read_single(path, submitted)
        if suffix_of(path.name):
            with open(path, "rb") as file:
                read_archive(file, path.name, submitted)
            return submitted
        path.stat()
        packed = packed_as(_read_regular(path, 8)) if path.is_file() else ""
        if packed in UNREAD_ARCHIVES.values():
            raise SubmissionError(unread_archive(packed))
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
    for folder in hidden_folders(top):
        submitted.note_hidden(folder)
    for path in walk(top):
        submitted.count_member()
        name = path.relative_to(top).as_posix()
        if path.is_symlink():
            submitted.ignore(name, "symbolic links are not followed")
        elif stat.S_ISREG(path.stat().st_mode):
            if may_be_opened(name):
                submitted.archives.append(name)
            submitted.add(name, partial(_read_regular, path))
        elif submitted.limit_of(name):
            submitted.ignore(name, "it is not a regular file")
    return submitted


def hidden_folders(top: Path) -> list[str]:
    """The hidden folders at the top, or in a folder there, that hold work.

    They end in a slash. Work is modules, notebooks and archives.
    """
    hidden = []
    for folder in [top, *sorted(path for path in top.iterdir() if not is_junk(path.name))]:
        if folder.is_symlink() or not folder.is_dir():
            continue
        for path in sorted(folder.iterdir()):
            if not is_hidden_by_hand(path.name) or path.is_symlink() or not path.is_dir():
                continue
            inside = islice(path.rglob("*"), _LOOKED_AT)
            if any(suffix_of(file.name) for file in inside):
                hidden.append(f"{path.relative_to(top).as_posix()}/")
    return hidden


def walk(top: Path, skips: Callable[[str], bool] = is_junk) -> Iterator[Path]:
    """All files and links below a folder, sorted by name within each folder. No link is followed.

    Args:
        skips: whether a folder is left out, by its name.

    Raises OSError for a folder that cannot be read.
    """

    def fail(error: OSError) -> None:
        raise error

    for root, folders, files in os.walk(top, onerror=fail, followlinks=False):
        folder = Path(root)
        links = [name for name in folders if (folder / name).is_symlink()]
        folders[:] = sorted(n for n in folders if n not in links and not skips(n))
        yield from (folder / name for name in sorted([*files, *links]))


def _copy_regular(path: Path, target: IO[bytes], most: int) -> None:
    with opened_regular(path) as file:
        copy_bounded(file, target, most)


def _read_regular(path: Path, limit: int) -> bytes:
    with opened_regular(path) as file:
        return file.read(limit)


#: To follow no link and to wait for no pipe. Windows has none of these flags but the last, without
#: which it would change the ends of lines.
_READ_ONLY = os.O_RDONLY
for _flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):
    _READ_ONLY |= getattr(os, _flag, 0)


@contextmanager
def opened_regular(path: Path) -> Iterator[IO[bytes]]:
    """A regular file. Raises SubmissionError if it has become anything else meanwhile."""
    descriptor = os.open(path, _READ_ONLY)
    with open(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise SubmissionError("a file changed while it was being read")
        yield file


def read_archive(
    file: IO[bytes], name: str, submitted: SubmittedFiles, *, nested: bool = True
) -> None:
    """Read an archive into `submitted`.

    Args:
        name: says whether it is a zip or a tar, where its first bytes do not.
        nested: whether archives in it are opened, as `archives_to_open` says.

    Raises SubmissionError if it cannot be read.
    """
    files_before = set(submitted.files)
    start = file.read(START)
    kind = packed_as(start)
    file.seek(0)
    if kind in UNREAD_ARCHIVES.values():
        raise SubmissionError(unread_archive(kind))
    with damage_reported(name):
        read: Reader = read_zip if is_zip(start, name) else read_tar
        with read(file, submitted) as inside:
            if not nested:
                for inner_name in inside:
                    submitted.ignore(inner_name, TOO_DEEP)
                return
            beside = [
                path.removeprefix(submitted.folder)
                for path in submitted.files
                if path not in files_before
            ]
            for inner in archives_to_open(list(inside), beside=beside):
                _read_inner(inner, inside[inner.name], submitted)
            for inner_name in list(inside)[MAX_OPENED:]:
                submitted.ignore(inner_name, TOO_MANY)


def _read_inner(inner: InnerArchive, copy: Copy, submitted: SubmittedFiles) -> None:
    if not inner.alone:
        read_beside(inner, copy, "inside", submitted, nested=False)
        return
    with tempfile.TemporaryFile() as file:
        copy(file, MAX_NESTED)
        file.seek(0)
        submitted.was_opened(inner.name)
        submitted.notes.append(f"the archive {printable(inner.name)} inside was opened")
        read_archive(file, inner.name, submitted, nested=False)


def read_beside(
    inner: InnerArchive, copy: Copy, where: str, submitted: SubmittedFiles, *, nested: bool = True
) -> None:
    """Read an archive that is not alone. If it cannot be read, the other files count all the same.

    Args:
        copy: copies its bytes into a file.
        where: says in a note where the archive lies; there is no note if it is empty.
        nested: see `read_archive`.
    """
    if submitted.opened >= MAX_OPENED:
        submitted.ignore(inner.name, TOO_MANY)
        return
    submitted.opened += 1
    count_before = len(submitted.files)
    with tempfile.TemporaryFile() as file:
        try:
            with damage_reported(inner.name):
                copy(file, MAX_BESIDE)
            file.seek(0)
            with submitted.put_into(inner.folder):
                read_archive(file, inner.name, submitted, nested=nested)
        except SubmissionError as error:
            submitted.ignore(inner.name, str(error))
            return
    submitted.was_opened(inner.name)
    if where and len(submitted.files) > count_before:
        name = printable(submitted.folder + inner.name)
        folder = submitted.folder + inner.folder
        submitted.notes.append(f"the archive {name} {where} was opened as the folder {folder}")


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
