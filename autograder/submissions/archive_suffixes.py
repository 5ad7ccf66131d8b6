"""How a submission is packed, as its name says."""

from __future__ import annotations

from pathlib import PurePosixPath

from autograder.submissions.file_names import CLERICAL_NAMES, CLERICAL_SUFFIXES, CLERICAL_TEXTS
from autograder.submissions.submitted_files import split_kind

ARCHIVE_SUFFIXES = (
    ".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tbz", ".tar.xz", ".txz",
)  # fmt: skip
#: The first bytes of archives, and what people call them.
_STARTS = {b"PK\x03\x04": "zip", b"Rar!\x1a\x07": "RAR", b"7z\xbc\xaf\x27\x1c": "7z"}


def suffix_of(name: str) -> str:
    """The suffix that says how a submission is packed, in lower case; empty if it is unknown.

    Of a single file, it is all that stands behind the name: ``.py.txt`` too.
    """
    stem, kind = split_kind(name)
    if kind:
        return name[len(stem) :].lower()
    return max((s for s in ARCHIVE_SUFFIXES if name.lower().endswith(s)), key=len, default="")


def without_suffix(name: str) -> str:
    """The name without the suffix that says how a submission is packed."""
    return name[: len(name) - len(suffix_of(name))]


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
    return suffix_of(name) in ARCHIVE_SUFFIXES
