"""Watches the body of a check while it runs on the reference, in whatever thread."""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from autograder.cpu_guard import MAX_CPU_SECONDS
from autograder.errors import CpuTimeExceeded

#: Seconds of computing that a check's body has here: half of what it has in grading, since the
#: grader's machine may be slower.
OWN_SECONDS = MAX_CPU_SECONDS / 2
#: So often it is looked how long a body has computed.
_INTERVAL_S = 0.2

_raise_in_thread = ctypes.pythonapi.PyThreadState_SetAsyncExc


@contextmanager
def bounded_body(asking: Callable[[], bool]) -> Iterator[None]:
    """Raise CpuTimeExceeded inside the block once its thread has computed for `OWN_SECONDS`.

    `cpu_guard` bounds the main thread alone. Waiting for the box does not count. A single call
    into C, such as ``sum(range(n))`` with a huge `n`, is not interrupted.

    Args:
        asking: whether the thread waits for the box; then nothing is raised in it.
    """
    thread, over, lock = threading.get_ident(), threading.Event(), threading.Lock()
    spent = _clock_of(thread)

    def watch() -> None:
        end = spent() + OWN_SECONDS
        while not over.wait(_INTERVAL_S):
            with lock:  # again and again: the body may have caught the first one
                if spent() >= end and not over.is_set() and not asking():
                    _raise_in_thread(ctypes.c_ulong(thread), ctypes.py_object(CpuTimeExceeded))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        try:
            over.set()
        finally:  # the exception may have come just before it was set
            over.set()
            with lock:  # one that has not come yet must not come later
                _raise_in_thread(ctypes.c_ulong(thread), None)


def _clock_of(thread: int) -> Callable[[], float]:
    """A clock of the processor time of a thread; where there is none, of the time."""
    clock_of = getattr(time, "pthread_getcpuclockid", None)
    if clock_of is None:
        return time.monotonic
    clock = clock_of(thread)
    return lambda: time.clock_gettime(clock)
