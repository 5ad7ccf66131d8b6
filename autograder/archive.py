"""The modules and notebooks in a folder or an archive that nobody has vouched for.

Nothing is ever unpacked to the disk under a name of the archive's. Files are read into memory, up
to limits that are counted while reading; what an archive claims about its sizes is not believed.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import stat
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import IO, Any

from autograder.errors import SubmissionError
from autograder.members import LARGEST, MIB, Contents, by_suffix, is_junk, printable, unsafe

#: A tar archive is one stream: what is not wanted has to be unpacked to be skipped.
MAX_STREAM = 1024 * MIB
#: A header of a tar archive; longer ones are no student's work.
MAX_HEADER = 64 << 10

ARCHIVE_SUFFIXES = (
    ".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tbz", ".tar.xz", ".txz",
)  # fmt: skip
SUFFIXES = (*ARCHIVE_SUFFIXES, *LARGEST)

_DAMAGED = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError,
    IndexError, OverflowError, MemoryError, NotImplementedError, RuntimeError, UnicodeError,
)  # fmt: skip


def suffix_of(name: str) -> str:
    """The suffix that says how a submission is packed, lower case; empty if it is unknown."""
    return max((s for s in SUFFIXES if name.lower().endswith(s)), key=len, default="")


def read_contents(path: Path, limit_of: Callable[[str], int] = by_suffix) -> Contents:
    """Read a folder, an archive or a single file; see `Contents` for `limit_of`.

    Raises SubmissionError, saying what to hand in instead, if it cannot be read at all.
    """
    if path.is_symlink():
        raise SubmissionError("it is a symbolic link; name the file or folder that it leads to")
    contents = Contents(limit_of=limit_of)
    try:
        if path.is_dir():
            return _read_folder(path, contents)
        suffix = suffix_of(path.name)
        if suffix in LARGEST:
            return _read_single(path, contents)
        if suffix:
            return _read_archive(path, contents)
        path.stat()
    except OSError as error:
        raise SubmissionError(f"it cannot be read: {error.strerror or error}") from error
    kind = f"a {path.suffix} file" if path.suffix else "this kind of file"
    raise SubmissionError(
        f"{kind} cannot be read; hand in a folder, a zip or tar archive, a notebook or a module"
    )


def _read_single(path: Path, contents: Contents) -> Contents:
    with open(path, "rb") as file:
        contents.take(f"{path.stem.lstrip('.') or 'file'}{path.suffix.lower()}", file.read)
    if not contents.files:
        raise SubmissionError("; ".join(contents.notes))
    return contents


def _read_folder(top: Path, contents: Contents) -> Contents:
    for path in _walk(top):
        contents.count()
        name = path.relative_to(top).as_posix()
        if path.is_symlink():
            contents.ignore(name, "symbolic links are not followed")
        elif stat.S_ISREG(path.stat().st_mode):
            if suffix_of(name) in ARCHIVE_SUFFIXES and _is_plain(name):
                contents.archives.append(name)
            contents.take(name, partial(_read_regular, path))
        elif contents.limit_of(name):
            contents.ignore(name, "it is not a regular file")
    return contents


def _is_plain(name: str) -> bool:
    return "/" not in name and not is_junk(name) and not unsafe(name)


def _walk(top: Path) -> Iterator[Path]:
    """Everything but folders below a folder, in order of names, without following a link."""

    def complain(error: OSError) -> None:
        raise error

    for root, folders, files in os.walk(top, onerror=complain, followlinks=False):
        here = Path(root)
        links = [name for name in folders if (here / name).is_symlink()]
        folders[:] = sorted(n for n in folders if n not in links and not is_junk(n))
        yield from (here / name for name in sorted([*files, *links]))


def _read_regular(path: Path, limit: int) -> bytes:
    """Read a file that must not have become anything else since it was looked at."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise SubmissionError("a file changed while it was being read")
        return file.read(limit)


def _read_archive(path: Path, contents: Contents) -> Contents:
    with open(path, "rb") as file:
        try:
            read = _read_zip if path.name.lower().endswith(".zip") else _read_tar
            return read(file, contents)
        except SubmissionError:
            raise
        except _DAMAGED as error:
            raise SubmissionError(
                f"the archive is damaged or no {suffix_of(path.name)} file at all "
                f"({error or type(error).__name__}); pack it again and hand that in"
            ) from error


def _read_zip(file: IO[bytes], contents: Contents) -> Contents:
    with zipfile.ZipFile(file) as archive:
        members = archive.infolist()
        # Some Windows tools part the folders by backslashes, against the format's rules.
        foreign = not any("/" in member.orig_filename for member in members)
        for member in members:
            contents.count()
            name = member.orig_filename
            if foreign and "\\" in name:
                name = name.replace("\\", "/")
            if name.endswith("/"):
                continue
            kind = stat.S_IFMT(member.external_attr >> 16)
            if kind and kind != stat.S_IFREG:
                contents.ignore(name, "it is not a regular file")
                continue
            contents.take(name, partial(_read_zipped, archive, member))
    return contents


def _read_zipped(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limit: int) -> bytes:
    if member.flag_bits & 0x1:
        raise SubmissionError("the archive is encrypted; hand it in without a password")
    # The others unpack without a bound on what one read may give.
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise SubmissionError("the archive is packed by a rare method; pack it as an ordinary zip")
    with archive.open(member) as unpacked:
        return unpacked.read(limit)


def _read_tar(file: IO[bytes], contents: Contents) -> Contents:
    with (
        tempfile.TemporaryFile() as stream,
        _unpacked(file) as source,
    ):
        _copy(source, stream)
        with tarfile.open(fileobj=_Headers(stream), mode="r:") as archive:
            for member in archive:
                contents.count()
                if member.isdir():
                    continue
                if not member.isreg() or member.issparse():
                    contents.ignore(member.name, "it is not a regular file")
                    continue
                contents.take(member.name, partial(_read_tarred, stream, member))
    return contents


def _read_tarred(stream: IO[bytes], member: tarfile.TarInfo, limit: int) -> bytes:
    stream.seek(member.offset_data)
    wanted = min(member.size, limit)
    data = stream.read(wanted)
    if len(data) < wanted:
        raise EOFError(f"{printable(member.name)} ends too early")
    return data


def _unpacked(file: IO[bytes]) -> IO[bytes]:
    """The stream inside, by what the file begins with: suffixes are often wrong."""
    start = file.read(6)
    file.seek(0)
    if start.startswith(b"\x1f\x8b"):
        return gzip.open(file)  # type: ignore[return-value]
    if start.startswith(b"BZh"):
        return bz2.open(file)
    if start.startswith(b"\xfd7zXZ\x00"):
        return lzma.open(file)
    return file


def _copy(source: IO[bytes], target: IO[bytes]) -> None:
    total = 0
    while piece := source.read(MIB):
        total += len(piece)
        if total > MAX_STREAM:
            raise SubmissionError(
                f"unpacked it is larger than {MAX_STREAM // MIB} MiB; "
                "hand in the package folder and the notebooks only, without data"
            )
        target.write(piece)
    target.seek(0)


class _Headers:
    """A tar file as `tarfile` may see it: no single read, and so no header, is large."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= MAX_HEADER:
            raise SubmissionError("the archive has headers of an absurd size")
        return self._file.read(size)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)
