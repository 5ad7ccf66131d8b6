"""What a file is that was handed in, as its name and its first bytes say."""

from __future__ import annotations

import os
import re
from pathlib import PurePosixPath

from autograder.limits import MIB
from autograder.submissions.file_names import CLERICAL_NAMES, CLERICAL_SUFFIXES, CLERICAL_TEXTS

#: The kinds of files that are read: suffixes, and the bytes that one such file may have.
LARGEST = {".py": MIB, ".ipynb": 32 * MIB}
#: Suffixes that browsers and mail programs put behind the right one.
_ADDED_SUFFIX = re.compile(r"\.(txt|json)$", re.IGNORECASE)
ARCHIVE_SUFFIXES = (
    ".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tbz", ".tar.xz", ".txz",
)  # fmt: skip
#: The first bytes of zips (of empty ones and of parts, too), and of packed tars.
_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_TAR_STARTS = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")
#: Where a tar that is not packed says what it is.
_TAR_MAGIC, _TAR_MAGIC_AT = b"ustar", 257
#: How many bytes of an archive tell what it is.
START = 512
#: The first bytes of archives, and what people call them.
_STARTS = {b"PK\x03\x04": "zip", b"Rar!\x1a\x07": "RAR", b"7z\xbc\xaf\x27\x1c": "7z"}


def split_kind(path: str) -> tuple[str, str]:
    """A file's path without its suffix, and the suffix of its kind in lower case.

    The kind of ``ops.py.txt`` is ``.py``. Of a file that is not read, the path is whole and the
    kind is empty.
    """
    stem, suffix = os.path.splitext(_ADDED_SUFFIX.sub("", path))
    return (stem, suffix.lower()) if suffix.lower() in LARGEST else (path, "")


def by_suffix(path: str) -> int:
    """The bytes that a file may have; 0 for a kind that is not read."""
    return LARGEST.get(split_kind(path)[1], 0)


def suffix_of(name: str) -> str:
    """The suffix that says how a submission is packed, in lower case; empty if it is unknown.

    It is all that stands behind the name: ``.py.txt`` and ``.zip.txt`` too.
    """
    stem, kind = split_kind(name)
    return name[len(stem) :].lower() if kind else _archive_suffix(name)


def _archive_suffix(name: str) -> str:
    bare = _ADDED_SUFFIX.sub("", name).lower()
    suffix = max((s for s in ARCHIVE_SUFFIXES if bare.endswith(s)), key=len, default="")
    return name[len(bare) - len(suffix) :].lower() if suffix else ""


def without_suffix(name: str) -> str:
    """A file's name without the suffix that says how it is packed, or without its last one."""
    suffix = suffix_of(name) or PurePosixPath(name).suffix
    return name[: len(name) - len(suffix)]


def packed_as(start: bytes) -> str:
    """What people call the archive that begins with these bytes; empty if it is not known."""
    return next((kind for first, kind in _STARTS.items() if start.startswith(first)), "")


def is_clerical(name: str) -> bool:
    """Whether a file is one that an instructor keeps beside submissions, by its name."""
    path = PurePosixPath(name)
    suffix = path.suffix.lower()
    known = suffix in CLERICAL_TEXTS and path.stem.casefold() in CLERICAL_NAMES
    return (known or suffix in CLERICAL_SUFFIXES) and not suffix_of(name)


def is_archive(name: str) -> bool:
    """Whether a file is an archive, by its name."""
    return bool(_archive_suffix(name))


def is_zip(start: bytes, name: str) -> bool:
    """Whether an archive is a zip, and not a tar. Its name decides only if its bytes do not.

    Args:
        start: its first `START` bytes.
    """
    is_tar = start[_TAR_MAGIC_AT:].startswith(_TAR_MAGIC)
    if is_tar or start.startswith((*_ZIP_STARTS, *_TAR_STARTS)):
        return not is_tar and start.startswith(_ZIP_STARTS)
    return _archive_suffix(name).startswith(".zip")
