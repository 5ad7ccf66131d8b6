"""Finds out what is installed on this machine, and whether real attacks on a box fail."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import secrets
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from autograder.errors import BoxError, SandboxUnavailable, StudentFault
from autograder.limits import Limits
from autograder.sandbox import backend, probe
from autograder.sandbox.attacks import ATTACK_TIMEOUT_S, ATTACKS, LIMITS, Attack, Scene
from autograder.sandbox.cgroups import find_group_maker
from autograder.sandbox.compile_extension import BUILDERS, missing_builders
from autograder.sandbox.launch import Backend
from autograder.sandbox.seccomp_filter import forbidden
from autograder.sandbox.session import StudentSession
from autograder.scratch import scratch_folder

#: The environment variable that holds the secret which attacks look for.
_VARIABLE = "PLUMB_DOCTOR"


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's report.

    Attributes:
        subject: what was looked at or tried.
        ok: True if it is as it should be, False if not, None if it is only information.
        detail: what was found.
    """

    subject: str
    ok: bool | None
    detail: str


def installed() -> list[Finding]:
    """The programs and packages that grading needs or can use, with their versions."""
    python = f"{platform.python_version()}, {sys.executable}"
    findings = [Finding("Python", sys.version_info >= (3, 11), python)]
    for package in ("numpy", "ipython"):
        findings.append(Finding(package, True, importlib.metadata.version(package)))
    missing = missing_builders()
    detail = f"not installed; only .pyx files need it: pip install {' '.join(missing)}"
    if not missing:
        detail = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in BUILDERS)
    findings.append(Finding("builders of .pyx", None if missing else True, detail))
    bwrap = shutil.which("bwrap")
    detail = "not found; apt-get install bubblewrap"
    if bwrap:
        done = subprocess.run([bwrap, "--version"], capture_output=True, text=True, check=False)
        detail = done.stdout.strip()
    findings.append(Finding("bubblewrap", bwrap is not None, detail))
    try:
        findings.append(Finding("libseccomp", True, f"{len(forbidden())} system calls forbidden"))
    except SandboxUnavailable:
        findings.append(Finding("libseccomp", False, "not found; apt-get install libseccomp2"))
    groups = find_group_maker()
    detail = groups.name if groups else "none can be made; the memory of a box is not limited"
    findings.append(Finding("control groups", None, detail))
    runtimes = [name for name in ("podman", "docker") if shutil.which(name)]
    detail = ", ".join(runtimes) or "none; bubblewrap needs none"
    findings.append(Finding("container runtimes", None, detail))
    compiler = shutil.which("cc") or shutil.which("gcc")
    detail = compiler or "not found; only .pyx files need it, and run on NumPy without, slower"
    findings.append(Finding("C compiler", True if compiler else None, detail))
    root = hasattr(os, "geteuid") and os.geteuid() == 0  # Windows has no such users
    user = "root; boxes run as an unprivileged user" if root else "an ordinary user"
    findings.append(Finding("started by", None, user))
    return findings


def enforced_limits(name: str = "bubblewrap") -> list[Finding]:
    """Each limit of the backend of that name, and what enforces it on this machine."""
    try:
        described = backend(name).describe(Limits())
    except SandboxUnavailable as error:
        return [Finding(name, False, str(error))]
    return [Finding(limit, None, str(found)) for limit, found in described.items()]


def attack_sandbox(name: str = "bubblewrap") -> Iterator[Finding]:
    """Attack a box of the backend of that name, with all attacks."""
    try:
        box_backend = backend(name)
    except SandboxUnavailable as error:
        yield Finding("a box", False, f"there is none: {error}".partition("\n")[0])
        return
    yield from run_attacks(box_backend)


def run_attacks(box_backend: Backend, *, quick: bool = False) -> Iterator[Finding]:
    """Attack a box of a backend. A finding is ok if its attack failed.

    Args:
        quick: run only the attacks that take little time.
    """
    described = box_backend.describe(LIMITS)
    try:
        with _scene(box_backend) as scene:
            # A failed attack means nothing if honest code fails too.
            honest = scene.call("honest") == "honest"
            yield Finding("run honest code", honest, "it runs" if honest else "it does not run")
            for attack in ATTACKS:
                if quick and not attack.quick:
                    continue
                needed = described.get(attack.needs)
                if needed is not None and not needed.enforced:
                    yield Finding(attack.name, None, f"not tried: {needed}")
                    continue
                yield _run(attack, scene)
    except (BoxError, StudentFault) as error:
        yield Finding("a box", False, f"it does not work: {error}")


def require_isolation(box_backend: Backend) -> None:
    """Run the quick attacks. Raises SandboxUnavailable if one succeeds, with what to do."""
    findings = run_attacks(box_backend, quick=True)
    succeeded = [finding for finding in findings if finding.ok is False]
    if not succeeded:
        return
    lines = "\n".join(f"    {finding.subject}: {finding.detail}" for finding in succeeded)
    name = box_backend.name
    raise SandboxUnavailable(
        f"the sandbox {name} does not isolate on this machine. Before grading, it is attacked. "
        f"These attacks succeeded:\n{lines}\nNothing was graded, because a submission could read "
        "hidden checks or forge results. Run `plumb doctor` for the whole table. Update "
        f"{name} and the kernel, choose another --sandbox, or grade in a virtual machine"
    )


def _run(attack: Attack, scene: Scene) -> Finding:
    try:
        succeeded = attack.run(scene)
    except StudentFault as error:
        return Finding(attack.name, True, f"blocked: {' '.join(str(error).split())}"[:100])
    return Finding(attack.name, not succeeded, attack.meaning if succeeded else "blocked")


@contextmanager
def _scene(box_backend: Backend) -> Iterator[Scene]:
    """A box that runs the attacker's module, and all that the attacks try to reach."""
    secret, abstract = secrets.token_hex(16), f"plumb-{secrets.token_hex(8)}"
    with ExitStack() as stack:
        folder = stack.enter_context(scratch_folder("plumb-doctor-", 0o755))
        outside = folder / "outside"
        outside.write_text(secret)
        outside.chmod(0o644)
        package = folder / "run" / "package" / "probe"
        package.mkdir(parents=True)
        module = package / "__init__.py"
        shutil.copyfile(probe.__file__, module)
        for path in (package.parent, package, module):  # whatever our umask is
            path.chmod(0o755 if path.is_dir() else 0o644)
        server = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        listener = stack.enter_context(socket.socket(socket.AF_UNIX))
        listener.bind(f"\0{abstract}")
        listener.listen()
        os.environ[_VARIABLE] = secret
        stack.callback(os.environ.pop, _VARIABLE, None)
        session = stack.enter_context(StudentSession(box_backend, folder / "run", "probe", LIMITS))
        with session.student(seed=0, seconds=ATTACK_TIMEOUT_S) as student:
            scratch = str(student.scratch())
        port = server.getsockname()[1]
        yield Scene(session, outside, secret, port, abstract, module, scratch)
