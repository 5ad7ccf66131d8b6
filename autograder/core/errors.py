"""The exceptions that a check can meet; ``autograder.errors`` draws the whole hierarchy."""

from __future__ import annotations

from .stubs import EXCEPTION, region_of_message


class PlumblineError(Exception):
    """Every exception that Plumbline raises on purpose."""


class UserError(PlumblineError):
    """Somebody's input is wrong; the message says what was sought, where, and what to do."""


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
        return region_of_message(self.message) if self.kind == EXCEPTION else None
