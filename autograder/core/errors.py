"""The exceptions that checks, students' packages and box modules use.

``autograder.errors`` holds the others, draws the whole tree, and says how each is shown.
"""

from __future__ import annotations

from typing import ClassVar


class PlumblineError(Exception):
    """Every exception that Plumbline raises on purpose, but for `errors.CpuTimeExceeded`.

    Attributes:
        exit_code: how a command ends that this exception reaches; it then prints `sentence`.
            None for exceptions that reach no command: if one does, that is a bug of ours, and
            Python prints its traceback.
    """

    exit_code: ClassVar[int | None] = None

    @property
    def sentence(self) -> str:
        """What a command prints on standard error."""
        return str(self)


class UserError(PlumblineError):
    """Somebody's input is wrong; the message says what was sought, where, and what to do."""

    exit_code: ClassVar[int] = 2


class CheckError(UserError):
    """A check is broken: it cannot be loaded, or what it returned cannot be an observation."""


class SubmissionError(UserError):
    """What a student handed in cannot be read; the message says what they should hand in."""


class UnknownQuestion(UserError):
    """A question that this assignment does not have, or that has no visible check."""


class StudentFault(PlumblineError):
    """The student's code, not ours, kept a call from returning."""


class StudentError(StudentFault):
    """The student's own exception.

    Attributes:
        kind: the exception's class name, ``"ZeroDivisionError"``.
        message: its text.
        traceback: the traceback with our own frames left out.
    """

    def __init__(self, kind: str, message: str, traceback: str = "") -> None:
        super().__init__(f"{kind}: {message}" if message else kind)
        self.kind = kind
        self.message = message
        self.traceback = traceback

    @property
    def unwritten(self) -> str | None:
        """The id of the untouched stub that raised this, or None."""
        if self.kind == "NotImplementedError" and self.message.startswith("TODO: "):
            return self.message.removeprefix("TODO: ").strip()
        return None


class WireError(PlumblineError):
    """Bytes that are no frame, or a value that cannot be sent in one."""


class FrameTooLarge(WireError):
    """A frame that announces more bytes than are allowed."""
