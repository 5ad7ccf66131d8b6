"""Every exception of Plumbline, each with its exit code and how it is shown.

The number is the exit code of a command that the exception reaches. Where there is a dash, the
exception reaches no command. Those marked with * are in ``core/errors.py``, since the box or
students' packages use them::

    PlumblineError *            -
    ├── UserError *             2
    │   ├── AssignmentError     2  assignment.toml, a variant or a notebook source is wrong
    │   ├── CheckError *        2  a check cannot be loaded or recorded
    │   ├── MarkerError         2  a solution region's marker is wrong; says file and line
    │   ├── SubmissionError *   2  what a student handed in cannot be read
    │   ├── HarnessError        2  not a harness, a damaged one, or one of another version
    │   ├── RosterError         2  a class list that cannot be understood
    │   ├── SandboxUnavailable  2  the isolation is not available; says what to install
    │   ├── ReleaseRefused      2  the audit found something; lists every finding
    │   └── UnknownQuestion *   2  the assignment has no such question, or no visible check of it
    ├── BoxError                3  the box failed: never the student's loss
    ├── StudentFault *          -  the student's code kept a call from returning
    │   ├── StudentError *      -  it raised: kind, message, traceback
    │   ├── AnswerTooLarge      -  the grader's memory did not suffice to read an answer
    │   ├── StudentTimeout      -  it did not return in time
    │   └── StudentKilled       -  it reached a limit, ended its process or broke the protocol
    ├── DownloadChanged         -  a bulk download was changed while it was graded
    ├── NotPlain *              -  something is no value of the kinds that cross
    │   └── TooManyValues *     -  it holds more values than may cross
    ├── NoKey *                 -  a key or an element of a set is no such value
    ├── WorkerDied              -  a worker process ended in the middle of a job, twice
    └── WireError *             -  no frame, or a value that cannot be sent in one
        └── FrameTooLarge *     -  a frame that announces more bytes than are allowed
    BaseException
    └── CpuTimeExceeded         -  the grader itself computed for too long over a submission

How each is shown:

- With an exit code: `sentence`, in red on standard error, without a traceback. `cli.exits` does it.
  If a SubmissionError is raised while a class is graded, it is the reason in that student's report,
  with the status "unreadable". ``python -m selfcheck`` prints an UnknownQuestion itself.
- BoxError: first the box is started once more. If it fails again, the check's result is
  "not graded" with the message.
- StudentFault and what is below it: the outcome, message and traceback of the check's result.
- DownloadChanged and WorkerDied: the reason in the student's report, with the status "not graded".
- NotPlain, TooManyValues and NoKey: caught where a value is copied; the object stays in the box.
- WireError and FrameTooLarge: the sandbox turns what the box sent into StudentKilled or BoxError.
  A check that itself sends such a value has broken.
- Any exception that breaks a check, CpuTimeExceeded too: before the submission answered anything,
  the check is "not graded", with the message. After that it is failed, and flagged for staff. An
  OSError is a failure of our disk, and "not graded".
- CpuTimeExceeded while a submission is read: the reason why it cannot be read.
"""

from __future__ import annotations

import lzma
import tarfile
import zipfile
import zlib
from typing import ClassVar

from autograder.core.errors import (
    CheckError,
    FrameTooLarge,
    NoKey,
    NotPlain,
    PlumblineError,
    StudentError,
    StudentFault,
    SubmissionError,
    TooManyValues,
    UnknownQuestion,
    UserError,
    WireError,
)

__all__ = [
    "DAMAGED_ARCHIVE",
    "AnswerTooLarge",
    "AssignmentError",
    "BoxError",
    "CheckError",
    "CpuTimeExceeded",
    "DownloadChanged",
    "FrameTooLarge",
    "HarnessError",
    "MarkerError",
    "NoKey",
    "NotPlain",
    "PlumblineError",
    "ReleaseRefused",
    "RosterError",
    "SandboxUnavailable",
    "StudentError",
    "StudentFault",
    "StudentKilled",
    "StudentTimeout",
    "SubmissionError",
    "TooManyValues",
    "UnknownQuestion",
    "UserError",
    "WireError",
    "WorkerDied",
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
        file, line: where it stands; the message starts with both.
    """

    def __init__(self, file: str, line: int, message: str) -> None:
        super().__init__(f"{file}:{line}: {message}")
        self.file = file
        self.line = line


class HarnessError(UserError):
    """A file is not a harness, is damaged, or was made for another version of Plumbline."""


class RosterError(UserError):
    """A class list that cannot be understood; the message names the line and what to change."""


class SandboxUnavailable(UserError):
    """The chosen sandbox cannot work on this machine; the message says what to install."""


class ReleaseRefused(UserError):
    """The audit found reasons not to publish.

    Attributes:
        findings: one sentence each.
    """

    def __init__(self, findings: list[str]) -> None:
        super().__init__("the release is refused:\n" + "\n".join(f"  - {f}" for f in findings))
        self.findings = findings


class AnswerTooLarge(StudentFault):
    """The grader ran out of memory while it read an answer. The box must be closed."""


class StudentTimeout(StudentFault):
    """The student's code did not return within the check's seconds."""


class StudentKilled(StudentFault):
    """The student's code reached a limit, ended its own process, or broke the protocol.

    Attributes:
        limit: True for a limit of the box (memory, output, CPU), False if the code did it itself.
    """

    def __init__(self, message: str, *, limit: bool) -> None:
        super().__init__(message)
        self.limit = limit


class BoxError(PlumblineError):
    """The box could not start, or died for a reason that is not the student's."""

    exit_code: ClassVar[int] = 3

    @property
    def sentence(self) -> str:
        """What is wrong with the sandbox, and what to do."""
        return f"the sandbox failed: {self}; `plumb doctor` tells what is wrong on this machine"


class DownloadChanged(PlumblineError):
    """A bulk download was changed while it was graded; no student is to blame."""


class WorkerDied(PlumblineError):
    """A worker process ended in the middle of a job, twice."""


class CpuTimeExceeded(BaseException):
    """The grader itself computed for longer than it may.

    It is not an Exception: code that reads a student's text may catch any Exception and take it
    for a fault of the text.
    """

    exit_code: ClassVar[int | None] = None
