"""What an attacker would hand in: the doctor has a box run it. Each function says what it got.

It harms nothing where it succeeds: it opens and does not write, and what it starts ends by itself.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import socket
import sys
import time
from pathlib import Path

_LIBC = ctypes.CDLL(None, use_errno=True)
#: Seconds after which what survives ends by itself.
_LIFETIME = 20


def honest() -> str:
    """What any submission does: writes a scratch file, starts a process."""
    file = Path(scratch(), "honest")
    file.write_text("honest")
    pid = os.fork()
    if pid == 0:
        os._exit(7)
    _, status = os.waitpid(pid, 0)
    return file.read_text() if os.waitstatus_to_exitcode(status) == 7 else ""


def scratch() -> str:
    """Where it may write."""
    return os.environ["HOME"]


def read(path: str) -> str:
    """A file."""
    return Path(path).read_text(errors="replace")


def environment() -> str:
    """All variables."""
    return repr(dict(os.environ))


def openable(*paths: str) -> tuple[str, ...]:
    """Those of the files that it may write to."""
    return tuple(path for path in paths if _opens(path, os.O_WRONLY))


def creatable(*folders: str) -> tuple[str, ...]:
    """Those of the folders in which it may make a file, which is gone at once."""
    made = []
    for folder in folders:
        path = f"{folder}/.plumb-probe"
        if _opens(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL):
            os.unlink(path)
            made.append(folder)
    return tuple(made)


def processes() -> tuple[int, ...]:
    """All that it sees."""
    return tuple(int(name) for name in os.listdir("/proc") if name.isdigit())


def connect(port: int, abstract: str) -> bool:
    """Reach a port of this machine, or a socket that has a name and no file."""
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


def forbidden_calls() -> tuple[str, ...]:
    """The names of system calls that it may make and no homework needs."""
    tried = {
        "ptrace": (0, 0, 0, 0),  # be traced by the parent
        "unshare": (0x10000000,),  # a namespace of users
        "memfd_create": (b"probe", 0),
        "shmget": (0, 4096, 0o600),
        "personality": (0,),
    }
    return tuple(name for name, arguments in tried.items() if _in_child(name, arguments))


def look_into_first() -> tuple[str, ...]:
    """What of the runner's own process it can open."""
    runner = f"/proc/{os.getppid()}"
    found = [name for name in ("mem", "environ", "maps") if _opens(f"{runner}/{name}", os.O_RDONLY)]
    try:
        return (*found, *os.listdir(f"{runner}/fd"))
    except OSError:
        return tuple(found)


def forge() -> str:
    """Answer twice, with the nonce found in the runner's frames, on every descriptor."""
    from autograder.box.wire import Message, encode

    frame, nonce = sys._getframe(), b""
    while frame is not None and not nonce:
        nonce = getattr(frame.f_locals.get("request"), "nonce", b"")
        # None ends the loop; a type checker took the first frame for all.
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
    """Take memory, in one process."""
    return len(bytearray(mebibytes << 20))


def crowd(children: int, mebibytes: int) -> int:
    """Start processes that each hold memory until all do; how many came to that."""
    reading, writing = os.pipe()
    started = []
    try:
        for _ in range(children):
            pid = os.fork()
            if pid == 0:
                held = bytearray(mebibytes << 20)
                held[::4096] = b"x" * len(held[::4096])
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
    """Write files until this much is written; how much came to lie there."""
    written = 0
    try:
        for number in range(mebibytes):
            Path(folder, f"fill-{number}").write_bytes(bytes(1 << 20))
            written += 1
    except OSError:
        pass
    return written


def flood(mebibytes: int) -> bool:
    """Print."""
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
    """Never return, deaf to signals, with a daemon that holds a lock on this file."""
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            _deafen()
            with open(__file__, "rb") as own:
                fcntl.flock(own, fcntl.LOCK_SH)
                os.write(writing, b"1")
                time.sleep(_LIFETIME)
        os._exit(0)
    os.read(reading, 1)
    _deafen()
    deadline = time.monotonic() + _LIFETIME
    while time.monotonic() < deadline:
        pass


def _deafen() -> None:
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


def _in_child(name: str, arguments: tuple[object, ...]) -> bool:
    """Whether a system call goes through, tried where it changes nothing here."""
    pid = os.fork()
    if pid == 0:
        os._exit(0 if getattr(_LIBC, name)(*arguments) >= 0 else 1)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status) == 0
