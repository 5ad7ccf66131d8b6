"""The exceptions that checks, students' packages and box modules use.

``autograder.errors`` holds the others, draws the whole tree, and says how each is shown.
"""

from __future__ import annotations

import re
from typing import ClassVar

from .stubs import EXCEPTION, region_of_message

_UNDEFINED = re.compile(r"name '(\w+)' is not defined")
#: The exceptions of Python's that say that a name is not there.
_MISSING = re.compile(r"(NameError|ImportError|AttributeError|ModuleNotFoundError): ")
_QUOTED = re.compile(r"'(\w+)'")


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
    """An input is wrong; the message says what was expected, where, and what to do."""

    exit_code: ClassVar[int] = 2


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


class NotPlain(PlumblineError):
    """Something is no value of the kinds that cross, or is too deep inside of others."""


class TooManyValues(NotPlain):
    """It holds more than `values.MAX_VALUES` values."""


class NoKey(PlumblineError):
    """Something that is no value is the key of a dictionary or the element of a set."""


class WireError(PlumblineError):
    """Bytes that are no frame, or a value that cannot be sent in one."""


class FrameTooLarge(WireError):
    """A frame that announces more bytes than are allowed."""


def undefined_name(message: str) -> str | None:
    """The name that a NameError with this text says is not defined; None for another text."""
    found = _UNDEFINED.match(message)
    return found[1] if found else None


def missing_names(described: str) -> list[str]:
    """The names that an exception quotes, if it is one for a name that is not there.

    Args:
        described: its class and its text, as ``str(StudentError)`` gives them.
    """
    return _QUOTED.findall(described) if _MISSING.match(described) else []
