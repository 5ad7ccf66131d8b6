"""The public name that a file of checks imports from: ``from plumbline import check``.

It hands on the vocabulary of `autograder.core`. Students have neither package installed: while
their copy of ``selfcheck`` loads the visible checks, it answers to this name with its own core.
"""

from autograder.core import (
    EXACT,
    FLOAT32,
    FLOAT64,
    ONE,
    SELECT_ALL,
    Check,
    Data,
    Goal,
    Handle,
    Student,
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
    "Check",
    "Data",
    "Goal",
    "Handle",
    "Student",
    "Tolerance",
    "at_least",
    "at_most",
    "by_data",
    "check",
    "rel_error",
]
