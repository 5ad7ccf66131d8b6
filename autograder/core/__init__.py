"""What a check is and how values are compared.

Students receive this package too (as ``selfcheck.core``), so it holds nothing secret and needs
nothing but NumPy. A file of checks imports its whole vocabulary from here.
"""

from autograder.core.checks import Check, check
from autograder.core.goals import Goal, at_least, at_most
from autograder.core.student import Handle, Student
from autograder.core.tolerances import EXACT, FLOAT32, FLOAT64, Tolerance, rel_error

__all__ = [
    "EXACT",
    "FLOAT32",
    "FLOAT64",
    "Check",
    "Goal",
    "Handle",
    "Student",
    "Tolerance",
    "at_least",
    "at_most",
    "check",
    "rel_error",
]
