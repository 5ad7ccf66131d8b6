"""The code of an attacker, which the doctor runs in a box. Each function returns what it reached.

It does no harm if it succeeds: it opens files but does not write to them, and the processes that
it starts end by themselves.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import sys
import time
from pathlib import Path

_LIBC = ctypes.CDLL(None, use_errno=True) if os.name == "posix" else None
#: Seconds after which a process that was not killed ends by itself.
_LIFETIME = 20


def honest() -> str:
    """Do what any submission may do: write a scratch file, start a process."""
    file = Path(scratch(), "honest")
    file.write_text("honest")
    pid = os.fork()
    if pid == 0:
        os._exit(7)
    _, status = os.waitpid(pid, 0)
    return file.read_text() if os.waitstatus_to_exitcode(status) == 7 else ""


def scratch() -> str:
    """The folder that it may write to."""
    return os.environ["HOME"]


def read(path: str) -> str:
    """The text of a file."""
    return Path(path).read_text(errors="replace")


def environment() -> str:
    """All environment variables."""
    return repr(dict(os.environ))


def openable(*paths: str) -> tuple[str, ...]:
    """The files among these that it can open to write."""
    return tuple(path for path in paths if _opens(path, os.O_WRONLY))


def creatable(*folders: str) -> tuple[str, ...]:
    """The folders among these in which it can make a file. The file is removed at once."""
    found = []
    for folder in folders:
        path = f"{folder}/.plumb-probe"
        if _opens(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL):
            os.unlink(path)
            found.append(folder)
    return tuple(found)


def processes() -> tuple[int, ...]:
    """The ids of all processes that it sees."""
    return tuple(int(name) for name in os.listdir("/proc") if name.isdigit())


def connect(port: int, abstract: str) -> bool:
    """Whether it can connect to a port of this machine, or to an abstract socket."""
    for family, address in (
        (socket.AF_INET, ("127.0.0.1", port)),
        (socket.AF_UNIX, f"\0{abstract}"),
    ):
        try:
            with socket.socket(family) as caller:
                caller.settimeout(2)
                caller.connect(address)
                return True
        except OSError:
            continue
    return False


def possible_calls() -> tuple[str, ...]:
    """The system calls that it can make although they should be forbidden."""
    calls = {
        "ptrace": (0, 0, 0, 0),  # be traced by the parent
        "unshare": (0x10000000,),  # a namespace of users
        "memfd_create": (b"probe", 0),
        "shmget": (0, 4096, 0o600),
        "personality": (0,),
    }
    return tuple(name for name, arguments in calls.items() if _succeeds(name, arguments))


def look_into_runner() -> tuple[str, ...]:
    """The files in /proc of the runner's process that it can open, and its descriptors."""
    runner = f"/proc/{os.getppid()}"
    found = [name for name in ("mem", "environ", "maps") if _opens(f"{runner}/{name}", os.O_RDONLY)]
    try:
        return (*found, *os.listdir(f"{runner}/fd"))
    except OSError:
        return tuple(found)


def forge() -> str:
    """Write forged answers to every descriptor, with the nonce from the runner's stack frames."""
    from autograder.box.wire import Message, encode

    frame, nonce = sys._getframe(), b""
    while frame is not None and not nonce:
        nonce = getattr(frame.f_locals.get("request"), "nonce", b"")
        # It is None at the end of the loop; a type checker takes it for a frame.
        frame = frame.f_back  # type: ignore[assignment]
    for kind in ("value", "ended"):
        forged = encode(Message(kind, nonce, ["forged"]))
        for descriptor in range(3, 64):
            try:
                os.set_blocking(descriptor, False)
                os.write(descriptor, forged)
            except OSError:
                continue
    return "honest"


def allocate(mebibytes: int) -> int:
    """Allocate memory in one process. Returns how many bytes."""
    return len(bytearray(mebibytes << 20))


def start_processes(number: int, mebibytes: int) -> int:
    """Start processes that each hold memory at the same time. Returns how many could."""
    reading, writing = os.pipe()
    started = []
    try:
        for _ in range(number):
            pid = os.fork()
            if pid == 0:
                memory = bytearray(mebibytes << 20)
                memory[::4096] = b"x" * len(memory[::4096])
                os.write(writing, b"1")
                time.sleep(_LIFETIME)
                os._exit(0)
            started.append(pid)
    except OSError:
        pass
    os.close(writing)
    os.set_blocking(reading, False)
    ready, deadline = 0, time.monotonic() + 3
    while ready < len(started) and time.monotonic() < deadline:
        try:
            ready += len(os.read(reading, 4096))
        except BlockingIOError:
            time.sleep(0.01)
    for pid in started:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    return ready


def fill(folder: str, mebibytes: int) -> int:
    """Write files of this size together. Returns how many MiB could be written."""
    written = 0
    try:
        for number in range(mebibytes):
            Path(folder, f"fill-{number}").write_bytes(bytes(1 << 20))
            written += 1
    except OSError:
        pass
    return written


def flood(mebibytes: int) -> bool:
    """Print that many MiB of text."""
    for _ in range(mebibytes):
        print("x" * (1 << 20))
    return True


def leave(path: str) -> bool:
    """Leave a file and a process behind."""
    Path(path).write_text("left")
    if os.fork() == 0:
        time.sleep(_LIFETIME)
        os._exit(0)
    return True


def survive() -> None:
    """Never return, and ignore signals. Before, start a daemon that holds a lock on this file."""
    import fcntl  # here alone: the grader imports this module too, also on Windows

    reading, writing = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            _ignore_signals()
            with open(__file__, "rb") as file:
                fcntl.flock(file, fcntl.LOCK_SH)
                os.write(writing, b"1")
                time.sleep(_LIFETIME)
        os._exit(0)
    os.read(reading, 1)
    _ignore_signals()
    deadline = time.monotonic() + _LIFETIME
    while time.monotonic() < deadline:
        pass


def _ignore_signals() -> None:
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            continue


def _opens(path: str, flags: int) -> bool:
    try:
        os.close(os.open(path, flags))
    except OSError:
        return False
    return True


def _succeeds(name: str, arguments: tuple[object, ...]) -> bool:
    """Whether a system call succeeds, tried in a child process, so that nothing changes here."""
    pid = os.fork()
    if pid == 0:
        os._exit(0 if getattr(_LIBC, name)(*arguments) >= 0 else 1)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status) == 0
