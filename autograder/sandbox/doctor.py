"""What is installed here, and what the box keeps apart: found by trying, in a real box."""

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
from autograder.records import NOT_ENFORCED
from autograder.sandbox import backend, probe
from autograder.sandbox.attacks import ATTACKS, LIMITS, SECONDS, Attack, Scene
from autograder.sandbox.cgroups import control
from autograder.sandbox.filter import forbidden
from autograder.sandbox.launch import Backend
from autograder.sandbox.session import StudentSession
from autograder.scratch import scratch_folder

_VARIABLE = "PLUMB_DOCTOR"


@dataclass(frozen=True)
class Finding:
    """What came of one trial.

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
    try:
        findings.append(Finding("libseccomp", True, f"{len(forbidden())} system calls forbidden"))
    except SandboxUnavailable:
        findings.append(Finding("libseccomp", False, "not found; apt-get install libseccomp2"))
    groups = control()
    told = "none can be made: the memory of a box as a whole is not bounded"
    findings.append(Finding("control groups", None, groups.name if groups else told))
    engines = [name for name in ("podman", "docker") if shutil.which(name)]
    told = ", ".join(engines) or "none; bubblewrap needs none"
    findings.append(Finding("container engines", None, told))
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


def trial(name: str = "bubblewrap") -> Iterator[Finding]:
    """Attack a box of the backend of that name."""
    try:
        box = backend(name)
    except SandboxUnavailable as error:
        yield Finding("a box", False, f"there is none: {error}".partition("\n")[0])
        return
    yield from attacks(box)


def attacks(box: Backend, *, quick: bool = False) -> Iterator[Finding]:
    """Attack a box of one's own; each finding is ok if the attack failed.

    Args:
        quick: only those that take no time.
    """
    described = box.describe(LIMITS)
    try:
        with _scene(box) as scene:
            # An attack that fails means something only where honest code gets through.
            honest = scene.ask("honest") == "honest"
            yield Finding("run honest code", honest, "it runs" if honest else "it does not run")
            for one in ATTACKS:
                if quick and not one.quick:
                    continue
                if described.get(one.needs, "").startswith(NOT_ENFORCED):
                    yield Finding(one.name, None, f"not tried: {described[one.needs]}")
                    continue
                yield _finding(one, scene)
    except (BoxError, StudentFault) as error:
        yield Finding("a box", False, f"it does not work: {error}")


def need_holding(box: Backend) -> None:
    """Try the quick attacks. Raises SandboxUnavailable if one succeeds, with what to do."""
    failed = [finding for finding in attacks(box, quick=True) if finding.ok is False]
    if not failed:
        return
    listed = "\n".join(f"    {finding.subject}: {finding.detail}" for finding in failed)
    raise SandboxUnavailable(
        f"the sandbox {box.name} does not hold on this machine. Of the attacks that are tried on "
        f"it before grading, these succeeded:\n{listed}\nNothing was graded, since a submission "
        "could read or forge hidden checks. Run `plumb doctor` for the whole table; bring "
        f"{box.name} and the kernel up to date, choose another --sandbox, or grade in a virtual "
        "machine"
    )


def _finding(one: Attack, scene: Scene) -> Finding:
    try:
        got = one.act(scene)
    except StudentFault as error:
        return Finding(one.name, True, f"failed: {' '.join(str(error).split())}"[:100])
    return Finding(one.name, not got, one.succeeded if got else "failed")


@contextmanager
def _scene(box: Backend) -> Iterator[Scene]:
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
        nearby = stack.enter_context(socket.socket(socket.AF_UNIX))
        nearby.bind(f"\0{abstract}")
        nearby.listen()
        os.environ[_VARIABLE] = secret
        stack.callback(os.environ.pop, _VARIABLE, None)
        session = stack.enter_context(StudentSession(box, folder / "run", "probe", LIMITS))
        with session.student(seed=0, seconds=SECONDS) as student:
            scratch = str(student.scratch())
        port = server.getsockname()[1]
        yield Scene(session, outside, secret, port, abstract, module, scratch)
