"""What a check is and how values are compared.

Students receive this package too (as ``selfcheck.core``), so it holds nothing secret and needs
nothing but NumPy. A file of checks imports its whole vocabulary from here.
"""

from autograder.core.checks import Check, check
from autograder.core.data import Data
from autograder.core.goals import Goal, at_least, at_most, by_data
from autograder.core.picks import ONE, SELECT_ALL
from autograder.core.student import Handle, Student
from autograder.core.tolerances import EXACT, FLOAT32, FLOAT64, Tolerance, rel_error

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
