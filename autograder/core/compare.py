"""Comparing an observation with the expected output, with a message that teaches what differs.

Kind is compared before values. `values` says how each kind is compared.
"""

from __future__ import annotations

import datetime
from typing import Any, TypeAlias

import numpy as np

from .compare_arrays import compare_arrays
from .compare_containers import compare_dictionaries, compare_sequences, compare_sets
from .compare_numbers import as_float, compare_exact_numbers, compare_numbers
from .compare_tables import compare_tables
from .compare_texts import NumbersInText, text_difference
from .comparison import RIGHT, Comparison, describe_in_sentence, show, wrong, wrong_kind
from .goals import Goal
from .picks import Picks
from .tolerances import Tolerance
from .values import (
    ARRAY,
    DATETIME,
    DECIMAL,
    DICT,
    FRACTION,
    LIST,
    NUMBER,
    OBJECT,
    SET,
    TABLE,
    TEXT,
    TIMEDELTA,
    TUPLE,
    kind,
)  # fmt: skip

#: How an observation is compared with the expected output.
Measure: TypeAlias = Tolerance | Picks | NumbersInText
#: The kinds that a goal can be set for.
_REAL = (NUMBER, DECIMAL, FRACTION)


def compare(observed: object, expected: object, tolerance: Measure, path: str = "") -> Comparison:
    """Compare one observation with its expected output; both in plain form.

    Args:
        path: of the value inside of the observation, ``["rate"][2]``; for messages.
    """
    found, wanted = kind(observed), kind(expected)
    if found != wanted and (found, wanted) != (FRACTION, NUMBER):
        return wrong_kind(observed, expected)
    if isinstance(tolerance, Picks):
        share = tolerance.share(str(observed), str(expected))
        message = "" if share >= 1.0 else f"got picks {observed}, expected {expected}"
        return Comparison(share, None, message)
    if wanted == TEXT:
        return _compare_texts(str(observed), str(expected), tolerance)
    # Of other values that such a text is seen with, the numbers have the same tolerance.
    numbers = tolerance.numbers if isinstance(tolerance, NumbersInText) else tolerance
    return _compare_kind(wanted, observed, expected, numbers, path)


def _compare_kind(
    wanted: str, observed: Any, expected: Any, tolerance: Tolerance, path: str
) -> Comparison:
    """Compare two values of one kind."""
    if wanted == ARRAY:
        return compare_arrays(np.asarray(observed), np.asarray(expected), tolerance, path)
    if wanted == NUMBER:
        return compare_numbers(observed, expected, tolerance)
    if wanted in (DECIMAL, FRACTION):
        return compare_exact_numbers(observed, expected, tolerance)
    if wanted in (LIST, TUPLE):
        return compare_sequences(observed, expected, tolerance, path, compare)
    if wanted == DICT:
        return compare_dictionaries(observed, expected, tolerance, path, compare)
    if wanted == SET:
        return compare_sets(observed, expected, tolerance, path)
    if wanted == TABLE:
        return compare_tables(observed, expected, tolerance, compare)
    if wanted in (DATETIME, TIMEDELTA):
        equal = _is_same_moment(observed, expected)
    else:
        equal = wanted != OBJECT and bool(observed == expected)
    return RIGHT if equal else wrong(f"got {show(observed)}, expected {show(expected)}")


def _compare_texts(observed: str, expected: str, tolerance: Measure) -> Comparison:
    if observed == expected:
        return RIGHT
    share, error = 0.0, None
    if isinstance(tolerance, NumbersInText):
        share, error = tolerance.share(observed, expected)
    return Comparison(share, error, "" if share >= 1 else text_difference(observed, expected))


def _is_same_moment(observed: Any, expected: Any) -> bool:
    """Whether two datetimes or two timedeltas are equal; each is Python's or NumPy's."""
    values = [observed, expected]
    if not any(isinstance(value, np.generic) for value in values):
        return bool(observed == expected)
    if any(isinstance(v, datetime.datetime) and v.tzinfo is not None for v in values):
        return False  # NumPy's know no zone
    try:
        return bool(np.equal(*(np.asarray(value, _of_numpy(value)) for value in values)))
    except (OverflowError, TypeError):  # of units that do not fit into one
        return False


def _of_numpy(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.dtype
    return "M8[us]" if isinstance(value, datetime.datetime) else "m8[us]"


def compare_with_goal(observed: Any, goal: Goal) -> Comparison:
    """Compare a number with a goal; a text in its place says why there is no number."""
    if kind(observed) == TEXT:
        return Comparison(0.0, None, str(observed))
    complex_number = kind(observed) == NUMBER and np.iscomplexobj(observed)
    if kind(observed) not in _REAL or complex_number:
        got = "a complex number" if complex_number else describe_in_sentence(observed)
        return wrong(f"got {got}, expected a number")
    number = as_float(observed)
    share = goal.share(number)
    message = "" if share >= 1.0 else f"got {number:.6g}, expected {goal}"
    return Comparison(share, None, message)
