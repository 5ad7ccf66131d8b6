"""Watches the body of a check while it runs on the reference, in whatever thread.

It bounds how long the body computes, and refuses files that it opens.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from autograder.cpu_guard import MAX_CPU_SECONDS
from autograder.errors import CheckError, CpuTimeExceeded

#: Seconds of computing that a check's body has here: half of what it has in grading, since the
#: grader's machine may be slower.
OWN_SECONDS = MAX_CPU_SECONDS / 2
#: So often it is looked how long a body has computed.
_INTERVAL_S = 0.2

#: Where Python and its packages keep files that they read when they need them.
_ROOTS = (
    *map(os.path.realpath, (sys.prefix, sys.base_prefix, "/usr", "/etc")),
    *("/proc", "/sys", "/dev", os.devnull),
)
_PACKAGES = ("site-packages", "dist-packages")
#: What opens files of its own for a body: imports, and what shows the lines of a traceback.
_READERS = (
    "importlib",
    "_frozen_importlib",
    "_frozen_importlib_external",
    "linecache",
    "zipimport",
)

#: In each thread, the code of the body that runs there, and the folder that it may read; or None.
_watched = threading.local()

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
    processor_clock = _processor_clock(thread)
    spent = processor_clock or time.monotonic

    def watch() -> None:
        before = spent()
        end = before + OWN_SECONDS
        while not over.wait(_INTERVAL_S):
            with lock:  # again and again: the body may have caught the first one
                now, waits = spent(), asking()
                if waits and processor_clock is None:
                    end += now - before
                before = now
                if now >= end and not over.is_set() and not waits:
                    _raise_in_thread(ctypes.c_ulong(thread), ctypes.py_object(CpuTimeExceeded))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        # One that was sent may not have come yet. It must not come later, so it comes here. To call
        # it off would leave the interpreter's flag for it set, and CPython 3.11 then stands still
        # where a profiler is set.
        ended = False
        while not ended:
            with contextlib.suppress(CpuTimeExceeded):
                over.set()
                with lock:
                    pass
                for _ in range(100):
                    pass  # Python looks for it at each turn of a loop
                ended = True


def _processor_clock(thread: int) -> Callable[[], float] | None:
    """A clock of the processor time of a thread; None on macOS and Windows, which have none."""
    clock_of = getattr(time, "pthread_getcpuclockid", None)
    if clock_of is None:
        return None
    clock = clock_of(thread)
    return lambda: time.clock_gettime(clock)


@contextmanager
def no_files(body: Callable[..., object], held: Path) -> Iterator[None]:
    """Raise CheckError where the body of a check opens a file, whatever opens it for the body.

    The scan of `check_bodies` sees what is written in the author's file. This sees what runs.

    Args:
        held: the folder of what the grader has; a body may read what lies there.
    """
    _install_hook()
    code = getattr(body, "__code__", None)
    _watched.body = (code, os.path.realpath(held))
    try:
        yield
    finally:
        _watched.body = None


@functools.cache
def _install_hook() -> None:
    """Ask Python to call `_on_event`. Nobody can take such a hook away, so there is one only."""
    sys.addaudithook(_on_event)


def _on_event(event: str, arguments: tuple[Any, ...]) -> None:
    if event != "open":
        return
    watched = getattr(_watched, "body", None)
    if watched is None or not isinstance(arguments[0], (str, bytes, os.PathLike)):
        return
    code, held = watched
    frame = sys._getframe(1)
    _watched.body = None  # what is asked here may open files
    try:
        if _opens_for(code, frame) and not _is_known(os.fsdecode(arguments[0]), held):
            raise CheckError(
                f"{os.fsdecode(arguments[0])!r} is opened where the grader runs, and not where the "
                "student's code does: student.file(\"out.csv\") reads a file that the student's "
                'code wrote, grader_data.path("name") is one of grader_data/'
            )
    finally:
        _watched.body = watched


def _opens_for(code: CodeType | None, frame: FrameType | None) -> bool:
    """Whether a frame works for a body, and is not the grader's, an import or a traceback."""
    while frame is not None:
        if frame.f_code is code:
            return True
        if str(frame.f_globals.get("__name__")).partition(".")[0] in _READERS:
            return False
        frame = frame.f_back
    return False


def _is_known(path: str, held: str) -> bool:
    """Whether a file is Python's, the system's, or one that the grader has."""
    real = os.path.realpath(path)
    if not set(_PACKAGES).isdisjoint(Path(real).parts):
        return True
    return any(real == known or real.startswith(known + os.sep) for known in (held, *_ROOTS))
