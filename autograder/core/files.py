"""Writing a file in one step, so that nobody ever sees a part of it; telling if one changed."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Write a file completely or not at all, even if the machine goes down.

    The folder must exist. Raises OSError; the file is then as it was before.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with open(part, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
        _sync_folder(path.parent)
    finally:
        part.unlink(missing_ok=True)


def digest_of_text(data: bytes) -> str:
    """The SHA-256 of a file; a text has the same whatever its system ends lines with."""
    return hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest()


def _sync_folder(folder: Path) -> None:
    """Write a folder's new name to disk; Windows cannot open folders, and does not need this."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
