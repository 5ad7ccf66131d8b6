"""How slow this machine is: a short calculation, timed before a worker's first submission.

Other workers may be grading by then, and that makes the machine slower too. The calculation enters
no harness. It only lengthens what a submission's checks may take together.
"""

from __future__ import annotations

import functools
import statistics
import time

import numpy as np

#: Seconds that the calculation takes on the machine that budgets are stated for.
_USUAL_S = 0.02
#: No machine counts as slower than this, so that what a class may wait for stays bounded, also if
#: the grader was stopped meanwhile.
_SLOWEST = 4.0


@functools.cache
def slowness() -> float:
    """How many times slower than usual this machine is now, from 1 to 4."""
    return bounded(statistics.median(_timed() for _ in range(5)) / _USUAL_S)


def bounded(ratio: float) -> float:
    """A ratio of times as a slowness: a fast machine shortens nothing."""
    return min(max(ratio, 1.0), _SLOWEST)


def _timed() -> float:
    """Seconds for what students' code does most: loops of Python, and arrays of NumPy."""
    begun = time.perf_counter()
    total = 0
    for number in range(200_000):
        total += number & 7
    array = np.arange(100_000.0)
    for _ in range(20):
        array = np.sqrt(array * array + 1.0)
    return time.perf_counter() - begun
