"""How a submission is packed, as its name says."""

from __future__ import annotations

from autograder.submissions.submitted_files import LARGEST

ARCHIVE_SUFFIXES = (
    ".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tbz", ".tar.xz", ".txz",
)  # fmt: skip
SUFFIXES = (*ARCHIVE_SUFFIXES, *LARGEST)


def suffix_of(name: str) -> str:
    """The suffix that says how a submission is packed, in lower case; empty if it is unknown."""
    return max((s for s in SUFFIXES if name.lower().endswith(s)), key=len, default="")


def without_suffix(name: str) -> str:
    """The name without the suffix that says how a submission is packed."""
    return name[: len(name) - len(suffix_of(name))]


def is_archive(name: str) -> bool:
    """Whether a file is an archive, by its name."""
    return suffix_of(name) in ARCHIVE_SUFFIXES
