"""The exceptions that checks raise or see; ``autograder.errors`` shows the whole hierarchy."""

from __future__ import annotations

import re

from .stubs import EXCEPTION, region_of_message

_UNDEFINED = re.compile(r"name '(\w+)' is not defined")


class PlumblineError(Exception):
    """Every exception that Plumbline raises on purpose."""


class UserError(PlumblineError):
    """An input is wrong; the message says what was expected, where, and what to do."""


class CheckError(UserError):
    """A check is broken: it cannot be loaded, or it did not return observations."""


class SubmissionError(UserError):
    """A submission cannot be read; the message says what to hand in instead."""


class UnknownQuestion(UserError):
    """The assignment does not have this question, or it has no visible check."""


class StudentFault(PlumblineError):
    """A call did not return, and the student's code is the cause, not ours."""


class StudentError(StudentFault):
    """The student's own exception.

    Attributes:
        kind: the exception's class name, ``"ZeroDivisionError"``.
        message: its text.
        traceback: the traceback without our own frames.
    """

    def __init__(self, kind: str, message: str, traceback: str = "") -> None:
        super().__init__(f"{kind}: {message}" if message else kind)
        self.kind = kind
        self.message = message
        self.traceback = traceback

    @property
    def unwritten(self) -> str | None:
        """The region of the untouched stub that raised this, or None if no stub did."""
        return region_of_message(self.message) if self.kind == EXCEPTION else None


def undefined_name(message: str) -> str | None:
    """The name that a NameError with this text says is not defined; None for another text."""
    found = _UNDEFINED.match(message)
    return found[1] if found else None
