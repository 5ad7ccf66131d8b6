"""What is installed here, and what the box keeps apart: found by trying, in a real box."""

from __future__ import annotations

import functools
import importlib.metadata
import os
import platform
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from autograder.core.student import Student
from autograder.errors import BoxError, SandboxUnavailable, StudentFault
from autograder.sandbox import Limits, backend
from autograder.student import Bench

#: What an attacker would run; each function says what it got, or raises.
_PROBE = """
import os
import pathlib
import socket


def read(path):
    return pathlib.Path(path).read_text(errors="replace")


def write(path):
    pathlib.Path(path).write_text("x")
    return True


def environment():
    return repr(dict(os.environ))


def processes():
    return sorted(int(name) for name in os.listdir("/proc") if name.isdigit())


def connect(port):
    with socket.create_connection(("127.0.0.1", port), timeout=2):
        return True


def allocate(mebibytes):
    held = bytearray(mebibytes << 20)
    return len(held)


def leave(path):
    pathlib.Path(path).write_text("left")
    if os.fork() == 0:
        import time
        time.sleep(60)
    return True
"""


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's table.

    Attributes:
        ok: True if it is as it should be, False if not, None if it is a plain fact.
    """

    subject: str
    ok: bool | None
    detail: str


def installed() -> list[Finding]:
    """The programs and packages that grading needs, with their versions."""
    python = f"{platform.python_version()}, {sys.executable}"
    findings = [Finding("Python", sys.version_info >= (3, 11), python)]
    for package in ("numpy", "ipython", "cython"):
        findings.append(Finding(package, True, importlib.metadata.version(package)))
    bwrap = shutil.which("bwrap")
    told = "not found; apt-get install bubblewrap"
    if bwrap:
        done = subprocess.run([bwrap, "--version"], capture_output=True, text=True, check=False)
        told = done.stdout.strip()
    findings.append(Finding("bubblewrap", bwrap is not None, told))
    compiler = shutil.which("cc") or shutil.which("gcc")
    told = compiler or "not found; the given fast layers will run on NumPy, slower"
    findings.append(Finding("C compiler", compiler is not None, told))
    who = "root: boxes run as an unprivileged user" if os.geteuid() == 0 else "an ordinary user"
    findings.append(Finding("started by", None, who))
    return findings


def limits(name: str = "bubblewrap") -> list[Finding]:
    """What the backend says it enforces, and by what."""
    try:
        described = backend(name).describe(Limits())
    except SandboxUnavailable as error:
        return [Finding(name, False, str(error))]
    return [Finding(subject, None, detail) for subject, detail in described.items()]


def attacks(name: str = "bubblewrap") -> Iterator[Finding]:
    """Attack a box of one's own; each finding is ok if the attack failed."""
    try:
        box = backend(name)
    except SandboxUnavailable as error:
        yield Finding("a box", False, str(error))
        return
    secret = secrets.token_hex(16)
    with tempfile.TemporaryDirectory(prefix="plumb-doctor-") as folder, _listener() as port:
        outside = Path(folder, "outside")
        outside.write_text(secret)
        outside.chmod(0o644)
        Path(folder).chmod(0o755)
        package = Path(folder, "run", "package", "probe")
        package.mkdir(parents=True)
        package.joinpath("__init__.py").write_text(_PROBE)
        os.environ["PLUMB_DOCTOR"] = secret
        try:
            with Bench(box, Path(folder, "run"), "probe", Limits()) as bench:
                # An attack that fails means something only where honest code gets through.
                with bench.student(seed=0, seconds=10) as student:
                    honest = student.write("/tmp/honest") is True
                yield Finding("run honest code", honest, "it runs" if honest else "it does not")
                yield from _attack(bench, outside, secret, port)
        except (BoxError, StudentFault) as error:
            yield Finding("a box", False, f"it does not start: {error}")
        finally:
            del os.environ["PLUMB_DOCTOR"]


def _attack(bench: Bench, outside: Path, secret: str, port: int) -> Iterator[Finding]:
    def attempt(subject: str, act: Callable[[Student], bool], succeeded: str) -> Finding:
        """Run one attack; `act` says whether it got what it wanted."""
        try:
            with bench.student(seed=0, seconds=10) as student:
                got = act(student)
        except StudentFault as error:
            return Finding(subject, True, f"failed: {error}"[:120])
        return Finding(subject, not got, succeeded if got else "failed")

    yield attempt(
        "read a file outside",
        lambda s: secret in s.read(str(outside)),
        "the box reads files of this machine",
    )
    yield attempt(
        "read the grader's environment",
        lambda s: secret in s.environment() or secret in s.read(f"/proc/{os.getpid()}/environ"),
        "the environment leaks into the box",
    )
    for where in ("/submission/package/probe/new.py", "/usr/probe", "/probe"):
        write = functools.partial(_write, where)
        yield attempt(f"write {where}", write, "the box writes where it must not")
    yield attempt(
        "write to /proc/sys",
        lambda s: s.write("/proc/sys/kernel/core_pattern"),
        "the box changes the kernel's settings",
    )
    yield attempt(
        "see other processes",
        lambda s: (
            any(pid > 2 and pid == os.getpid() for pid in s.processes()) or len(s.processes()) > 4
        ),
        "the box sees processes of this machine",
    )
    yield attempt("connect to this machine", lambda s: s.connect(port), "the box has a network")
    yield attempt(
        "take 3 GiB of memory",
        lambda s: s.allocate(3072) > 0,
        "one process may take more than its limit",
    )
    with suppress(StudentFault), bench.student(seed=0, seconds=10) as student:
        student.leave("/tmp/left")
    yield attempt(
        "find what an earlier check left",
        lambda s: len(s.processes()) > 3 or "left" in s.read("/tmp/left"),
        "something is carried from one check to the next",
    )


def _write(path: str, student: Student) -> bool:
    return student.write(path) is True


@contextmanager
def _listener() -> Iterator[int]:
    """A port of this machine that the box must not reach."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]
