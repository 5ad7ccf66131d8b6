"""Limits the processor time that the grader itself spends on a submission."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

#: Seconds of processor time for a check's body, or for reading a submission.
MAX_CPU_SECONDS = 60.0


class CpuTimeExceeded(BaseException):
    """The grader itself used more processor time than it may.

    It is no Exception, because code that reads a submission catches those as errors in its text.
    """


@contextmanager
def limited_cpu_time(seconds: float, busy: Callable[[], bool] = lambda: False) -> Iterator[None]:
    """Raise CpuTimeExceeded in the block when this process has used this much processor time in it.

    The time that the system works for this process counts too. Waiting for a box or a disk does
    not count. Only the main thread can be limited: in another thread there is no limit. A single
    call of NumPy is not interrupted, but the process's memory limits what it can compute.

    Args:
        busy: tells whether to wait with raising, because it would do harm now. It is asked again
            every second.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    over = False

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        if not over and not busy():
            raise CpuTimeExceeded(f"it computed for more than {seconds:g} s")

    previous = signal.signal(signal.SIGPROF, interrupt)
    # Again every second: code in the block may have caught the first exception.
    signal.setitimer(signal.ITIMER_PROF, seconds, 1.0)
    try:
        yield
    finally:
        try:
            over = True
        finally:  # the signal may come between the two
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, previous)
