"""Tar archives of somebody else's: one stream, unpacked to a file without a name."""

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

#: A tar archive is one stream: what is not wanted has to be unpacked to be skipped.
MAX_STREAM = 1024 * MIB
#: The headers of one member; longer ones are no student's work.
MAX_HEADER = 64 << 10
#: What the decoder of an .xz stream may take; the strongest usual setting takes 65 MiB.
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
        headers = _Headers(stream)
        with tarfile.open(fileobj=headers, mode="r:") as archive:
            yield stream, _members(archive, headers)


def read_tarred(stream: IO[bytes], member: tarfile.TarInfo, limit: int) -> bytes:
    """At most so many bytes of a regular member."""
    stream.seek(member.offset_data)
    wanted = min(member.size, limit)
    data = stream.read(wanted)
    if len(data) < wanted:
        raise EOFError(f"{printable(member.name)} ends too early")
    return data


def _members(archive: tarfile.TarFile, headers: _Headers) -> Iterator[tarfile.TarInfo]:
    """One member at a time; what `tarfile` would remember of them all is forgotten."""
    while True:
        headers.budget = MAX_HEADER
        member = archive.next()
        if member is None:
            return
        if member.size < 0:
            raise ValueError(f"{printable(member.name)} has a size below zero")
        # Both are there in every version, and in no stub.
        archive.members.clear()  # type: ignore[attr-defined]
        archive.pax_headers.clear()  # type: ignore[attr-defined]
        yield member


@contextmanager
def _unpacked(file: IO[bytes]) -> Iterator[IO[bytes]]:
    """The stream inside, by what the file begins with: suffixes are often wrong."""
    start = file.read(6)
    file.seek(0)
    if start.startswith(b"\x1f\x8b"):
        with gzip.open(file) as unpacked:
            # A reader as any other, though no subclass of IO; so below.
            yield unpacked  # type: ignore[misc]
    elif start.startswith(b"BZh"):
        with bz2.open(file) as unpacked:
            yield unpacked
    elif start.startswith(b"\xfd7zXZ\x00"):
        yield _Xz(file)  # type: ignore[misc]
    else:
        yield file


class _Xz:
    """The bytes of an .xz file, by a decoder whose memory is bounded; `lzma.open` has no bound."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._decoder = _decoder()
        self._waiting = b""

    def read(self, size: int) -> bytes:
        """Some bytes, at most `size`; none at the end. Raises EOFError if the file breaks off."""
        while True:
            if self._decoder.eof:  # another stream may follow, after zeros
                self._waiting = (self._decoder.unused_data or self._file.read(MIB)).lstrip(b"\0")
                if not self._waiting:
                    return b""
                self._decoder = _decoder()
            elif self._decoder.needs_input:
                self._waiting = self._waiting or self._file.read(MIB)
                if not self._waiting:
                    raise EOFError("the stream breaks off")
            data = self._decoder.decompress(self._waiting, size)
            self._waiting = b""
            if data:
                return data


def _decoder() -> lzma.LZMADecompressor:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MAX_DECODER)


class _Headers:
    """A tar file as `tarfile` may see it: the headers of a single member are never many bytes."""

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
