"""What a check is and how values are compared.

Students receive this package too, as ``selfcheck.core``. So it holds no secrets, and it needs only
NumPy and the standard library. Files of checks import these names from ``plumbline``.
"""

from .checks import Check, check
from .compare_texts import NumbersInText
from .data import Data
from .errors import StudentError
from .figures import Figure
from .functions import Callback
from .goals import Goal, at_least, at_most, by_data
from .grader_data import GraderData
from .picks import ONE, SELECT_ALL
from .raised import Raised
from .remote import Handle
from .source_text import SourceText
from .student import Student
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
