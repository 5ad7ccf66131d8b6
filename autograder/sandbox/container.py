"""The box of a container engine, podman or docker, for machines without bubblewrap.

The image is empty: interpreter and libraries are this machine's own, mounted read-only as in
bubblewrap's box, so that the numbers are the same and nothing has to be fetched.
"""

from __future__ import annotations

import functools
import hashlib
import io
import os
import re
import secrets
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable
from pathlib import Path

from autograder.errors import SandboxUnavailable
from autograder.limits import MIB, Limits
from autograder.records import NOT_ENFORCED
from autograder.sandbox.filter import forbidden, profile
from autograder.sandbox.launch import (
    BOX_MODULES,
    RUN,
    SCRATCH,
    Descriptors,
    Launch,
    copy_box_modules,
    environment,
    hand_over,
    interpreter,
    pinned,
    rlimits,
    runner_command,
    system,
    unprivileged_uid,
)
from autograder.sandbox.pipe_broker import PipeBroker

#: Seconds for the engine to answer a question or to run nothing.
_RUNTIME_TIMEOUT_S = 60.0
#: podman prefers higher ones, which it may not set everywhere; the runner sets the box's own.
_ROOMY = ("--ulimit=nofile=1024:1024", "--ulimit=nproc=4096:4096")
#: The name of a folder of ours, as `scratch` makes them.
_OURS = re.compile(r"plumb-[a-z]+-\w{8}")
#: Tells how the container's group is bounded.
_LOOK = "cat /sys/fs/cgroup/{memory,}/memory.{max,limit_in_bytes} /sys/fs/cgroup/{pids,}/pids.max"


class Container:
    """Starts boxes with an engine's command line, as an unprivileged user in the container.

    Args:
        engine: ``podman`` or ``docker``.

    Raises SandboxUnavailable, with what the engine says, if it cannot run a container here.
    """

    isolated = True

    def __init__(self, engine: str) -> None:
        self.name = engine
        self._program = shutil.which(engine) or ""
        if not self._program:
            raise SandboxUnavailable(
                f"{engine} is not installed. Install it, or bubblewrap, which needs less:\n"
                "    apt-get install bubblewrap"
            )
        self._python = str(Path(os.path.realpath(sys.prefix), "bin", "python"))
        self._user = _user(engine, self._program)
        self._image = _image(self._program)
        self._bounded = _bounded(self._program, self._image, tuple(self._user))

    def describe(self, limits: Limits) -> dict[str, str]:
        """Each limit, and what enforces it."""
        by = f"cgroup, set by {self.name}"
        memory = f"{limits.memory_mb} MiB; by {by}"
        if not self._bounded:
            memory = f"{NOT_ENFORCED}: {self.name} may make no control group here"
        counted = by if self._bounded else "rlimit"
        return {
            "files": "only the submission, the interpreter and /usr, read-only; by mount namespace",
            "network": "none; by network namespace and seccomp filter",
            "processes": f"{limits.processes}, no others seen; by {counted}, and pid namespace",
            "time": f"{limits.seconds:g} s for a check; by the clock outside",
            "memory of a process": f"{limits.data_mb} MiB; by rlimit",
            "memory of the box": memory,
            "scratch": f"{limits.tmp_mb} MiB in /tmp, {limits.shm_mb} in /dev/shm; by tmpfs",
            "output": f"{limits.output_killed // MIB} MiB of printed text; by the reader outside",
            "system calls": f"{len(forbidden())} forbidden, unknown ones absent; by seccomp filter",
            "numerics": pinned(),
        }

    def launch(self, run: Path, package: str, limits: Limits, pipes: Descriptors) -> Launch:
        """The command that starts the runner on a run folder."""
        copy_box_modules(run)
        run.joinpath("seccomp.json").write_text(profile())
        hand_over(run, unprivileged_uid())
        broker = PipeBroker(run)
        name = _name(run)
        variables = environment("/tmp").items()
        setup = {
            "package": package,
            "package_root": f"{RUN}/package",
            "notebooks": f"{RUN}/notebooks" if (run / "notebooks").is_dir() else "",
            "scratch": list(SCRATCH),
            "contained": True,
            "rlimits": rlimits(limits, counted=self._bounded),
            "desk": f"{RUN}/{broker.name}",
        }
        command = [
            *_run(self._program, self._user),
            *(_bounds(limits) if self._bounded else ()),
            f"--name={name}",
            f"--security-opt=seccomp={run / 'seccomp.json'}",
            f"--shm-size={limits.shm_mb}m",
            f"--tmpfs=/tmp:rw,nosuid,nodev,mode=1777,size={limits.tmp_mb}m",
            *_mounts({**_visible(), RUN: str(run)}.items()),
            *(f"--env={key}={value}" for key, value in variables),
            "--workdir=/tmp",
            self._image,
            *runner_command(self._python, f"{RUN}/{BOX_MODULES}", setup),
        ]
        remove = [self._program, "rm", "--force", name]
        return Launch(command, dict(os.environ), broker=broker, cleanup=remove)


def _run(program: str, user: Iterable[str]) -> list[str]:
    """The beginning of every command: a container that can do nothing and leaves nothing."""
    quiet = ["--log-level=error"] if Path(program).name == "podman" else []
    sober = ["--read-only-tmpfs=false", "--http-proxy=false", *_ROOMY] if quiet else []
    return [
        program, *quiet, "run", "--rm", "--pull=never", "--init=false", "--log-driver=none",
        "--network=none", "--ipc=private", "--hostname=sandbox", "--read-only", *sober,
        "--cap-drop=all", "--security-opt=no-new-privileges", "--security-opt=label=disable", *user,
    ]  # fmt: skip


def _name(folder: Path) -> str:
    """For a container: new, and telling `scratch` what run it is of, by the folder it serves."""
    ours = [part for part in folder.parts if _OURS.fullmatch(part)] or ["plumb"]
    return ".".join([*ours, secrets.token_hex(8)])


def _bounds(limits: Limits) -> list[str]:
    memory = f"{limits.memory_mb}m"
    return [f"--memory={memory}", f"--memory-swap={memory}", f"--pids-limit={limits.processes}"]


def _mounts(places: Iterable[tuple[str, str]]) -> list[str]:
    return [f"--mount=type=bind,source={there},target={here},readonly" for here, there in places]


def _visible() -> dict[str, str]:
    """What of this machine stands in the container, by its place there."""
    folders, _ = system()
    real, others = interpreter()
    return {name: name for name in (*folders, *real)} | others


def _user(engine: str, program: str) -> list[str]:
    """As whom the container's processes run: on this machine never as root.

    Without root's rights of its own an engine makes a user namespace. podman maps us to ourselves
    there; docker maps us to its root, who has nothing here but what is ours.
    """
    uid = unprivileged_uid()
    if engine == "podman" and uid is None:
        return ["--userns=keep-id"]
    if engine == "docker" and "rootless" in _ask(program, "info", "--format={{.SecurityOptions}}"):
        return ["--user=0:0"]
    uid, gid = (uid, uid) if uid is not None else (os.getuid(), os.getgid())
    return [f"--user={uid}:{gid}"]


@functools.cache
def _image(program: str) -> str:
    """The name of the empty image, of folders to mount on and /usr's links; made if need be."""
    _, links = system()
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name in ("dev", "etc", "proc", "run", "submission", "sys", "tmp", "usr"):
            entry = tarfile.TarInfo(name)
            entry.type, entry.mode = tarfile.DIRTYPE, 0o1777 if name == "tmp" else 0o755
            archive.addfile(entry)
        for name, target in sorted(links.items()):
            entry = tarfile.TarInfo(name.lstrip("/"))
            entry.type, entry.linkname = tarfile.SYMTYPE, target
            archive.addfile(entry)
    content = buffer.getvalue()
    image = f"localhost/plumbline-empty:{hashlib.sha256(content).hexdigest()[:12]}"
    known = [program, "image", "inspect", image]
    if _done(known).returncode:
        _ask(program, "import", "-", image, given=content)
    return image


@functools.cache
def _bounded(program: str, image: str, user: tuple[str, ...]) -> bool:
    """Whether the engine bounds memory and processes here, as seen from inside a container.

    Raises SandboxUnavailable if it cannot even run one.
    """
    limits = Limits(memory_mb=64, processes=33)
    mounts = _mounts((name, name) for name in system()[0])
    plain = [*mounts, image, "/bin/bash", "-c", f"{_LOOK}; true"]
    name = f"--name={_name(Path(tempfile.gettempdir()))}"
    command = [*_run(program, user), *_bounds(limits), name, *plain]
    try:
        done = _done(command)
    except subprocess.TimeoutExpired:
        done = subprocess.CompletedProcess(command, 1, b"", b"")
    seen = done.stdout.decode(errors="replace").split()
    if done.returncode == 0 and {str(64 * MIB), "33"} <= set(seen):
        return True
    _ask(*_run(program, user), *plain)
    return False


def _ask(program: str, *arguments: str, given: bytes = b"") -> str:
    """What the engine answers. Raises SandboxUnavailable with what it says instead."""
    command, name = [program, *arguments], Path(program).name
    try:
        done = _done(command, given)
    except subprocess.TimeoutExpired:
        raise SandboxUnavailable(f"{name} did not answer within {_RUNTIME_TIMEOUT_S:g} s") from None
    if done.returncode:
        told = done.stderr.decode(errors="replace").strip()[-2000:]
        raise SandboxUnavailable(
            f"{name} cannot run a container here; it says\n    {told}\n"
            f"See that `{name} run` works for this user, or use bubblewrap:\n"
            "    apt-get install bubblewrap"
        )
    return done.stdout.decode(errors="replace")


def _done(command: list[str], given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """What came of a command of the engine. Raises TimeoutExpired.

    If we are told to stop meanwhile it is not killed, as subprocess.run would, nor does Ctrl-C
    reach it: see `Running._outlast_runtime`.
    """
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=True
    ) as process:
        try:
            out, told = process.communicate(given, _RUNTIME_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    return subprocess.CompletedProcess(command, process.returncode, out, told)
