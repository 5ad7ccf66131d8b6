"""The package that files of checks import from: ``from plumbline import check``.

Its names are those of `autograder.core`. Students have neither package installed: while their copy
of ``selfcheck`` loads the visible checks, this name stands for the ``core`` beside it.
"""

from autograder.core import (
    EXACT,
    FLOAT32,
    FLOAT64,
    ONE,
    SELECT_ALL,
    Callback,
    Check,
    Data,
    Figure,
    Goal,
    GraderData,
    Handle,
    NumbersInText,
    Raised,
    SourceText,
    Student,
    StudentError,
    Tolerance,
    at_least,
    at_most,
    by_data,
    check,
    rel_error,
)

__all__ = [
    "EXACT",
    "FLOAT32",
    "FLOAT64",
    "ONE",
    "SELECT_ALL",
    "Callback",
    "Check",
    "Data",
    "Figure",
    "Goal",
    "GraderData",
    "Handle",
    "NumbersInText",
    "Raised",
    "SourceText",
    "Student",
    "StudentError",
    "Tolerance",
    "at_least",
    "at_most",
    "by_data",
    "check",
    "rel_error",
]
