"""A bound on what the grader itself computes over a submission, whatever it holds."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

#: Seconds of computing that the grader gives to a check's body, or to the reading of a submission.
MAX_CPU_SECONDS = 60.0


class CpuTimeExceeded(BaseException):
    """The grader's own computing took more than it may.

    No Exception: what reads somebody's text may take any of those for a fault of the text.
    """


@contextmanager
def limited_cpu_time(seconds: float, busy: Callable[[], bool] = lambda: False) -> Iterator[None]:
    """Raise TooLong inside the block once this process has computed for so many seconds in it.

    Processor time, of the system's work for us too: waiting for a box or a disk costs nothing. It
    can be counted in a process's first thread alone; in another one there is no bound. A single
    call of NumPy's is not interrupted, but what it makes is bounded by the process's memory.

    Args:
        busy: says whether it must not be raised just now; it is then raised a second later.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    over = False

    def end(_signal: int, _frame: FrameType | None) -> None:
        if not over and not busy():
            raise CpuTimeExceeded(f"it computed for more than {seconds:g} s")

    before = signal.signal(signal.SIGPROF, end)
    # Again each second: what was raised first may have been caught on its way.
    signal.setitimer(signal.ITIMER_PROF, seconds, 1.0)
    try:
        yield
    finally:
        try:
            over = True
        finally:  # the signal may have come between the two
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, before)
