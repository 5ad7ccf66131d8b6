"""What a run has left behind: processes and files that should be gone."""

import contextlib
import ctypes
import hashlib
import os
import signal
import time
from pathlib import Path

_SUBREAPER = 36
#: Seconds until the kernel has taken away what was killed.
_TIMEOUT_S = 10.0
#: Attacks give this name to whatever they try to leave.
MARK = "attack-was-here"


def adopt_orphans() -> None:
    """Become the parent of every process whose own parents below us have ended.

    Whatever outlives a command that we start is then a child of ours, in whatever session, group
    or name space it hides and whatever it calls itself.
    """
    ctypes.CDLL(None, use_errno=True).prctl(_SUBREAPER, 1, 0, 0, 0)


def processes_left() -> list[str]:
    """The command lines of processes that were left to us; they are ended."""
    until = time.monotonic() + _TIMEOUT_S
    while (alive := _children()) and time.monotonic() < until:
        time.sleep(0.05)
    left = [f"{pid} {_command(pid)}" for pid in alive]
    for pid in alive:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return left


def _children() -> list[int]:
    """Our children that have not ended; those that have are buried."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    found = []
    for task in Path("/proc/self/task").iterdir():
        found += [int(pid) for pid in (task / "children").read_text().split()]
    return found


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()[:200]
    except OSError:
        return "?"


def files_below(folder: Path) -> list[str]:
    """Everything below a folder, relative to it."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def digest(folder: Path) -> str:
    """A number for all names and contents below a folder."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        found.update(path.relative_to(folder).as_posix().encode() + b"\0")
        if path.is_symlink():
            found.update(os.readlink(path).encode())
        elif path.is_file():
            found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def marked_files(*folders: Path) -> list[str]:
    """Files that bear the mark of an attack, in these folders and in those right below them."""
    found = []
    for folder in folders:
        for pattern in (f"*{MARK}*", f"*/*{MARK}*"):
            with contextlib.suppress(OSError):
                found += map(str, folder.glob(pattern))
    return sorted(found)
