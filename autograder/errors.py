"""Every exception of Plumbline.

::

    PlumblineError
    ├── UserError             somebody's input; shown without a traceback, exit code 2
    │   ├── AssignmentError   assignment.toml, a variant, a notebook source
    │   ├── CheckError        a check that cannot be loaded or recorded
    │   ├── MarkerError       a solution region's marker, with file:line
    │   ├── SubmissionError   what a student handed in cannot be read
    │   ├── HarnessError      not a harness, a damaged one, or one of another version
    │   ├── RosterError       a class list that cannot be understood
    │   ├── SandboxUnavailable  no isolation here; says what to install
    │   └── ReleaseRefused    the audit found something; lists every finding
    ├── StudentFault          the student's code kept a call from returning
    │   ├── StudentError      it raised: kind, message, traceback
    │   ├── StudentTimeout    it did not return in time
    │   └── StudentKilled     it ran into a limit, ended its process or broke the protocol
    ├── BoxError              the box failed: never the student's loss
    └── WireError             in wire.py: no frame, or a value that cannot be sent in one
"""

from __future__ import annotations

import lzma
import tarfile
import zipfile
import zlib

from autograder.core.errors import (
    CheckError,
    PlumblineError,
    StudentError,
    StudentFault,
    SubmissionError,
    UserError,
)

__all__ = [
    "DAMAGED_ARCHIVE",
    "AssignmentError",
    "BoxError",
    "CheckError",
    "HarnessError",
    "MarkerError",
    "PlumblineError",
    "ReleaseRefused",
    "RosterError",
    "SandboxUnavailable",
    "StudentError",
    "StudentFault",
    "StudentKilled",
    "StudentTimeout",
    "SubmissionError",
    "UserError",
]


#: What Python's readers of zip and tar archives raise on bytes that are damaged or made up.
DAMAGED_ARCHIVE = (
    zipfile.BadZipFile, zipfile.LargeZipFile, tarfile.TarError, zlib.error, lzma.LZMAError,
    EOFError, OSError, ValueError, IndexError, OverflowError, RuntimeError,
)  # fmt: skip


class AssignmentError(UserError):
    """The assignment's own files contradict each other or cannot be read."""


class MarkerError(UserError):
    """A solution region's marker is wrong.

    Attributes:
        file, line: where; the message starts with both.
    """

    def __init__(self, file: str, line: int, message: str) -> None:
        super().__init__(f"{file}:{line}: {message}")
        self.file = file
        self.line = line


class HarnessError(UserError):
    """A file given as a harness is none, is damaged, or was made for another version."""


class RosterError(UserError):
    """A class list that cannot be understood; the message names the line and what to change."""


class SandboxUnavailable(UserError):
    """The isolation asked for is not to be had here; the message says what to install."""


class ReleaseRefused(UserError):
    """The audit found reasons not to publish.

    Attributes:
        findings: one sentence each.
    """

    def __init__(self, findings: list[str]) -> None:
        super().__init__("the release is refused:\n" + "\n".join(f"  - {f}" for f in findings))
        self.findings = findings


class StudentTimeout(StudentFault):
    """The student's code did not return within the check's seconds."""


class StudentKilled(StudentFault):
    """The student's code met a limit, ended its own process, or broke the protocol.

    Attributes:
        limit: True for a limit of the box (memory, output, CPU), False for an end of its own doing.
    """

    def __init__(self, message: str, *, limit: bool) -> None:
        super().__init__(message)
        self.limit = limit


class BoxError(PlumblineError):
    """The box could not start, or died for a reason that is not the student's."""
