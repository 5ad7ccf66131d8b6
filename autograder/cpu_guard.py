"""A bound on the processor time that the grader itself spends on a submission."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from autograder.errors import CpuTimeExceeded

#: Seconds of computing that the grader gives to a check's body, or to the reading of a submission.
MAX_CPU_SECONDS = 60.0
#: Seconds of computing after which a call that no exception interrupts ends the process.
GRACE_S = 15.0
#: The signal that ends it.
ENDED_BY = getattr(signal, "SIGVTALRM", None)


@contextmanager
def limited_cpu_time(seconds: float, busy: Callable[[], bool] = lambda: False) -> Iterator[None]:
    """Raise CpuTimeExceeded inside the block once this process has computed in it for `seconds`.

    The processor time of this process counts, with the system's work for it. Waiting for a box or
    a disk does not count. Only the main thread can be bounded; in any other thread, and on
    Windows, there is no bound.

    An exception cannot interrupt a single call into C, such as ``sum(range(n))`` with a huge `n`.
    If it goes on for `GRACE_S` seconds more, SIGVTALRM ends this process.

    Args:
        busy: whether the exception must not be raised just now; it is then raised a second later.
    """
    if threading.current_thread() is not threading.main_thread() or os.name != "posix":
        yield
        return

    over = False

    def end(_signal: int, _frame: FrameType | None) -> None:
        if not over and not busy():
            raise CpuTimeExceeded(f"it computed for more than {seconds:g} s")

    before = signal.signal(signal.SIGPROF, end)
    # Raise it again each second: some code may have caught the first one.
    signal.setitimer(signal.ITIMER_PROF, seconds, 1.0)
    # A timer, and no limit of resources: children, such as a box, inherit those and not this.
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds + GRACE_S)
    try:
        yield
    finally:
        try:
            over = True
        finally:  # the signal may have arrived just before `over` was set
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, before)
