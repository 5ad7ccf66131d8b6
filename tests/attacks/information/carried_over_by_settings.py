# Tries: to keep what one check showed in settings of pipes and of the first process.
# Must happen: they cannot be set, or such a box is not used again.
# Score: 4
# Outcomes: looks=passed lurking_look=passed lurking_recall=error
import fcntl
import os

import numpy as np

F_SETSIG, F_GETSIG, F_SETPIPE_SZ, F_GETPIPE_SZ = 10, 11, 1031, 1032
PIPES = (1, 2, *range(3, 20))


def attempt(function, *arguments):
    try:
        return function(*arguments)
    except OSError:
        return None


def look(values):
    number = int(abs(values[0]) * 10) % 30
    attempt(os.sched_setscheduler, 1, os.SCHED_BATCH, os.sched_param(0))
    for pipe in PIPES:
        attempt(fcntl.fcntl, pipe, F_SETSIG, 1 + number)
        attempt(fcntl.fcntl, pipe, F_SETPIPE_SZ, 4096 << (number % 8))
        attempt(fcntl.fcntl, pipe, fcntl.F_SETOWN, -os.getpgid(0))
    return float(sum(values))


def recall():
    for pipe in PIPES:
        kept = [
            attempt(fcntl.fcntl, pipe, what) for what in (F_GETSIG, F_GETPIPE_SZ, fcntl.F_GETOWN)
        ]
        if kept[0] or kept[1] not in (None, 65536) or kept[2]:
            return np.full(5, kept[0] or kept[1], np.float64)
    if os.sched_getscheduler(1) == os.SCHED_BATCH:
        return np.ones(5)
    raise LookupError("nothing was kept")
