"""Folders for temporary files. What a killed run left behind is removed by the next run."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.core.errors import UserError

with contextlib.suppress(ImportError):  # Windows has no such module
    import fcntl

#: Bytes of the path of the folder for temporary files. Linux allows 4096 for a whole path. A
#: student's file, whose path has up to 1000, lies below it, in folders of ours.
MOST_BYTES = 2500
#: The environment variable by which processes are found that a killed run left behind. Its value
#: is a scratch folder, or a path below it.
SCRATCH_VARIABLE = "PLUMB_RUN"


@contextmanager
def scratch_folder(prefix: str, mode: int = 0o700) -> Iterator[Path]:
    """A new folder, removed afterwards.

    The file ``NAME.lock`` beside it is made before the folder and removed after it, and our process
    holds a lock on it. So if a run is killed at any moment, there is a lock file for everything
    that it left, and no process holds the lock. We remove what such runs left: at the beginning,
    and again at the end, since some of their processes may have been alive at the beginning.

    Raises UserError if there is no folder for temporary files, or if its path is too long.
    """
    top = _top()
    if os.name != "posix":  # Windows has no such locks. A killed run's folder stays
        with tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as name:
            yield Path(name)
        return
    _remove_abandoned(top, prefix)
    lock, lock_fd = _lock(prefix)
    folder = lock.with_suffix("")
    try:
        folder.mkdir(0o700)
        folder.chmod(mode)
        yield folder
    finally:
        _remove(folder, lock)
        os.close(lock_fd)
        _remove_abandoned(top, prefix)


def _top() -> Path:
    """The folder for temporary files, which is set here for the whole process.

    To find this folder, tempfile would write a file into it and remove it. If the run were killed
    between the two, the file would stay.
    """
    if tempfile.tempdir is None and os.name == "posix":
        folders = [os.environ.get(name, "") for name in ("TMPDIR", "TEMP", "TMP")]
        for folder in (*folders, "/tmp", "/var/tmp"):
            if os.path.isdir(folder) and os.access(folder, os.W_OK | os.X_OK):
                tempfile.tempdir = os.path.abspath(folder)
                break
    try:
        top = tempfile.gettempdir()
    except FileNotFoundError as error:
        raise UserError(
            "there is no folder for temporary files that can be written to; set TMPDIR to one, "
            f"and see that its disk is not full ({error.strerror})"
        ) from None
    if len(os.fsencode(top)) > MOST_BYTES:
        raise UserError(
            f"the path of the folder for temporary files has more than {MOST_BYTES} bytes, and "
            "files below it would have too long ones; set TMPDIR to another folder, such as /tmp"
        )
    return Path(top)


def _lock(prefix: str) -> tuple[Path, int]:
    """A new lock file and the open descriptor that holds its lock."""
    while True:
        lock_fd, name = tempfile.mkstemp(prefix=prefix, suffix=".lock")
        fcntl.flock(lock_fd, fcntl.LOCK_EX)
        if os.fstat(lock_fd).st_nlink:
            return Path(name), lock_fd
        os.close(lock_fd)  # another run removed the file before it was locked


def _remove_abandoned(top: Path, prefix: str) -> None:
    """Remove what killed runs left, and end their processes and containers."""
    for lock in top.glob(f"{prefix}*.lock"):
        with contextlib.suppress(OSError):
            lock_fd = os.open(lock, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock_fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if os.fstat(lock_fd).st_uid == os.geteuid():
                    _end_processes(lock.with_suffix(""))
                    _end_containers(lock.with_suffix(""))
                    _remove(lock.with_suffix(""), lock)
            finally:
                os.close(lock_fd)


def _end_processes(folder: Path) -> None:
    """Kill the processes that a killed run left, by their environment.

    For example, the first process of a box waits for ever if bubblewrap is killed while it starts
    the box.
    """
    mark = f"{SCRATCH_VARIABLE}={folder}".encode()
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = process.joinpath("environ").read_bytes().split(b"\0")
            if any(word == mark or word.startswith(mark + b"/") for word in words):
                os.kill(int(process.name), signal.SIGKILL)


def _end_containers(folder: Path) -> None:
    """Kill the first processes of containers that podman was starting when it was killed.

    They wait for ever, and podman does not list them. Each has a parent, conmon, with the
    container's name on its command line. The name begins with the name of the scratch folder.
    When the first process is killed, conmon cleans up and ends.
    """
    mark = f"{folder.name}.".encode()
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            program, *words = process.joinpath("cmdline").read_bytes().split(b"\0")
            if program.endswith(b"conmon") and any(word.startswith(mark) for word in words):
                children = process.joinpath("task", process.name, "children").read_text()
                for child in children.split():
                    os.kill(int(child), signal.SIGKILL)


def _remove(folder: Path, lock: Path) -> None:
    """Remove a folder and then its lock file.

    If part of the folder cannot be removed, the lock file stays, and a later run tries again.
    """
    if not folder.is_symlink():
        shutil.rmtree(folder, ignore_errors=True)
    if not os.path.lexists(folder):
        lock.unlink(missing_ok=True)
