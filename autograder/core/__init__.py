"""What a check is and how values are compared.

Students receive this package too, as ``selfcheck.core``. So it holds no secrets, and it needs only
NumPy and the standard library. Files of checks import these names from ``plumbline``.
"""

from .checks import Check, check
from .data import Data
from .errors import StudentError
from .functions import Callback
from .goals import Goal, at_least, at_most, by_data
from .picks import ONE, SELECT_ALL
from .student import Handle, Student
from .tolerances import EXACT, FLOAT32, FLOAT64, Tolerance, rel_error

__all__ = [
    "EXACT",
    "FLOAT32",
    "FLOAT64",
    "ONE",
    "SELECT_ALL",
    "Callback",
    "Check",
    "Data",
    "Goal",
    "Handle",
    "Student",
    "StudentError",
    "Tolerance",
    "at_least",
    "at_most",
    "by_data",
    "check",
    "rel_error",
]
