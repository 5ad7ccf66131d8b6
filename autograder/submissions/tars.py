"""Tar archives that nobody has checked: each is one stream, unpacked to a file without a name."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from autograder.errors import SubmissionError
from autograder.limits import MIB
from autograder.submissions.archive_limits import copy_bounded, most_unpacked
from autograder.submissions.file_names import printable

#: Bytes of the unpacked stream. Members that are not read have to be unpacked, too.
MAX_STREAM = 1024 * MIB
#: Bytes of the headers of one member. No ordinary tool writes longer ones.
MAX_HEADER = MIB // 16
#: Bytes of memory for the decoder of an .xz stream; the strongest usual setting takes 65 MiB.
MAX_DECODER = 128 * MIB


@contextmanager
def opened_tar(file: IO[bytes]) -> Iterator[tuple[IO[bytes], Iterator[tarfile.TarInfo]]]:
    """The unpacked stream of a tar archive, and its members in order.

    Raises SubmissionError for a stream or a header that is too long, and what `tarfile` raises.
    """
    with tempfile.TemporaryFile() as stream:
        packed = file.seek(0, os.SEEK_END)
        file.seek(0)
        with _unpacked(file) as source:
            copy_bounded(source, stream, most_unpacked(packed, MAX_STREAM))
        stream.seek(0)
        headers = _BoundedHeaders(stream)
        with tarfile.open(fileobj=headers, mode="r:") as archive:
            yield stream, _members(archive, headers)


def read_tarred(stream: IO[bytes], member: tarfile.TarInfo, limit: int) -> bytes:
    """At most `limit` bytes of a regular member. Raises EOFError if the archive ends too early."""
    stream.seek(member.offset_data)
    size = min(member.size, limit)
    data = stream.read(size)
    if len(data) < size:
        raise EOFError(f"{printable(member.name)} ends too early")
    return data


def _members(archive: tarfile.TarFile, headers: _BoundedHeaders) -> Iterator[tarfile.TarInfo]:
    """One member at a time. `tarfile` would keep all of them in memory."""
    while True:
        headers.budget = MAX_HEADER
        member = archive.next()
        if member is None:
            return
        if member.size < 0:
            raise ValueError(f"{printable(member.name)} has a size below zero")
        # Every version of Python has these attributes. Type stubs do not have them.
        archive.members.clear()  # type: ignore[attr-defined]
        archive.pax_headers.clear()  # type: ignore[attr-defined]
        yield member


@contextmanager
def _unpacked(file: IO[bytes]) -> Iterator[IO[bytes]]:
    """The unpacked stream. The first bytes say how it is packed; suffixes are often wrong."""
    start = file.read(6)
    file.seek(0)
    if start.startswith(b"\x1f\x8b"):
        with gzip.open(file) as unpacked:
            # It has the methods of IO and is no subclass of it; so has `_Xz` below.
            yield unpacked  # type: ignore[misc]
    elif start.startswith(b"BZh"):
        with bz2.open(file) as unpacked:
            yield unpacked
    elif start.startswith(b"\xfd7zXZ\x00"):
        yield _Xz(file)  # type: ignore[misc]
    else:
        yield file


class _Xz:
    """The unpacked bytes of an .xz file. Unlike `lzma.open`, it bounds the decoder's memory."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._decoder = _decoder()
        self._waiting = b""

    def read(self, size: int) -> bytes:
        """Some bytes, at most `size`; none at the end. Raises EOFError if the file is cut off."""
        while True:
            if self._decoder.eof:  # another stream may follow after zeros
                self._waiting = (self._decoder.unused_data or self._file.read(MIB)).lstrip(b"\0")
                if not self._waiting:
                    return b""
                self._decoder = _decoder()
            elif self._decoder.needs_input:
                self._waiting = self._waiting or self._file.read(MIB)
                if not self._waiting:
                    raise EOFError("the stream ends too early")
            data = self._decoder.decompress(self._waiting, size)
            self._waiting = b""
            if data:
                return data


def _decoder() -> lzma.LZMADecompressor:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MAX_DECODER)


class _BoundedHeaders:
    """A tar file for `tarfile`, which bounds the bytes of the headers of each member."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.budget = MAX_HEADER

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= self.budget:
            raise SubmissionError("the archive has headers of an absurd size")
        self.budget -= size
        return self._file.read(size)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)
