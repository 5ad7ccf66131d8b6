"""Folders for a run's temporary files, which go even if an earlier run was killed outright."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: A process with this in its environment works in the scratch folder that the path is below.
HOLDS = "PLUMB_RUN"


@contextmanager
def scratch_folder(prefix: str, mode: int = 0o700) -> Iterator[Path]:
    """A folder of our own, gone afterwards.

    A file beside it, ``NAME.lock``, is made before it, removed after it and locked while we live:
    at whatever moment a run is killed, that file is there for all that it leaves. What nobody
    holds any more goes first; and once more at the end, for those who were still dying then.
    """
    top = _top()
    _sweep(top, prefix)
    lock, held = _lock(prefix)
    folder = lock.with_suffix("")
    try:
        folder.mkdir(0o700)
        folder.chmod(mode)
        yield folder
    finally:
        _remove(folder, lock)
        os.close(held)
        _sweep(top, prefix)


def _top() -> Path:
    """Where temporary files go, which is settled for the whole process here.

    Left to itself, tempfile writes a file into a place to try it, and that one stays if the run
    is killed just then.
    """
    if tempfile.tempdir is None:
        places = [os.environ.get(name, "") for name in ("TMPDIR", "TEMP", "TMP")]
        for place in (*places, "/tmp", "/var/tmp"):
            if os.path.isdir(place) and os.access(place, os.W_OK | os.X_OK):
                tempfile.tempdir = os.path.abspath(place)
                break
    return Path(tempfile.gettempdir())


def _lock(prefix: str) -> tuple[Path, int]:
    while True:
        held, name = tempfile.mkstemp(prefix=prefix, suffix=".lock")
        fcntl.flock(held, fcntl.LOCK_EX)
        if os.fstat(held).st_nlink:
            return Path(name), held
        os.close(held)  # somebody swept it before it was locked


def _sweep(top: Path, prefix: str) -> None:
    """Remove what no living run holds."""
    for lock in top.glob(f"{prefix}*.lock"):
        with contextlib.suppress(OSError):
            held = os.open(lock, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if os.fstat(held).st_uid == os.geteuid():
                    _end_processes(lock.with_suffix(""))
                    _end_containers(lock.with_suffix(""))
                    _remove(lock.with_suffix(""), lock)
            finally:
                os.close(held)


def _end_processes(folder: Path) -> None:
    """Kill what a killed run left behind in a folder of its own.

    Bubblewrap's first process waits for ever if bubblewrap is killed in the middle of starting it.
    """
    mark = f"{HOLDS}={folder}".encode()
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = process.joinpath("environ").read_bytes().split(b"\0")
            if any(word == mark or word.startswith(mark + b"/") for word in words):
                os.kill(int(process.name), signal.SIGKILL)


def _end_containers(folder: Path) -> None:
    """Kill the first process of what podman was killed in the middle of starting for a run.

    It waits for ever, and podman has it in no list. The one who watches over it, conmon, bears the
    container's name, which begins with the run's folder; it sees to the rest.
    """
    mark = f"{folder.name}.".encode()
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            program, *words = process.joinpath("cmdline").read_bytes().split(b"\0")
            if program.endswith(b"conmon") and any(word.startswith(mark) for word in words):
                started = process.joinpath("task", process.name, "children").read_text()
                for child in started.split():
                    os.kill(int(child), signal.SIGKILL)


def _remove(folder: Path, lock: Path) -> None:
    """The folder, and then its lock; if anything stays, so does the lock, for the next sweep."""
    if not folder.is_symlink():
        shutil.rmtree(folder, ignore_errors=True)
    if not os.path.lexists(folder):
        lock.unlink(missing_ok=True)
