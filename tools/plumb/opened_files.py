"""Opens released files: archives in archives, compressed files, notebooks cell by cell.

Published courses leaked whole solutions through notebook checkpoints, hidden folders and archives
inside archives. So every file is searched, and archives and notebooks are opened.
"""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping

#: Archives in archives are opened down to this depth.
MAX_DEPTH = 5


def contents(files: Mapping[str, bytes], depth: int = 0) -> Iterator[tuple[str, bytes]]:
    """Every file with its place, and every file inside archives and compressed files."""
    for name, data in files.items():
        yield name, data
        members = _members(data) if depth < MAX_DEPTH else {}
        inner = {f"{name}!{member}": content for member, content in members.items()}
        yield from contents(inner, depth + 1)


def texts(files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Every file as text with its place, in any encoding; notebooks also cell by cell."""
    for name, data in contents(files):
        text = data.decode("utf-8", "replace")
        yield name, text
        if name.endswith(".ipynb"):
            yield from ((f"{name}#{cell}", inner) for cell, inner in _cells(text))


def is_locked(data: bytes) -> bool:
    """Whether a file is an archive that cannot be opened without a password."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return False
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return any(member.flag_bits & 1 for member in archive.infolist())


def _cells(text: str) -> Iterator[tuple[str, str]]:
    """The id and the texts of every cell of a notebook, outputs included; none if it is broken."""
    try:
        cells = [dict(cell) for cell in json.loads(text)["cells"]]
    except (ValueError, TypeError, KeyError):
        return
    for cell in cells:
        for field in ("source", "outputs"):
            for inner in _joined(cell.get(field, [])):
                yield str(cell.get("id", "?")), inner


def _joined(value: object) -> Iterator[str]:
    """The texts in a part of a notebook; there a text is a string or a list of its lines."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and all(isinstance(line, str) for line in value):
        yield "".join(value)
    elif isinstance(value, list | dict):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _joined(inner)


def _members(data: bytes) -> dict[str, bytes]:
    """The content of an archive or a compressed file; nothing for another or a broken file."""
    try:
        return _opened(data)
    except (*_BROKEN, RuntimeError, OSError, EOFError):  # data may begin like an archive
        return {}


_BROKEN = (zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError)


def _opened(data: bytes) -> dict[str, bytes]:
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {member.filename: archive.read(member) for member in archive.infolist()}
    for magic, open_ in _COMPRESSED.items():
        if data.startswith(magic):
            return {"content": open_(data)}
    if data[257:262] == b"ustar":
        with tarfile.open(fileobj=io.BytesIO(data)) as tar:
            files = [member for member in tar if member.isfile()]
            return {m.name: found.read() for m in files if (found := tar.extractfile(m))}
    return {}


_COMPRESSED: Mapping[bytes, Callable[[bytes], bytes]] = {
    b"\x1f\x8b": gzip.decompress,
    b"BZh": bz2.decompress,
    b"\xfd7zXZ": lzma.decompress,
}
