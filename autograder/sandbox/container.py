"""Boxes of a container runtime, podman or docker, for machines without bubblewrap.

The image is empty. Interpreter and libraries are this machine's own, mounted read-only as in
bubblewrap's boxes. So numbers are the same, and nothing has to be downloaded.
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
import tarfile
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from autograder.box.setup import BoxPipes
from autograder.errors import SandboxUnavailable
from autograder.limits import MIB, Limits
from autograder.records import Enforcement
from autograder.sandbox.box_folders import RUN, interpreter, system_folders
from autograder.sandbox.box_modules import copy_box_modules, runner_command
from autograder.sandbox.box_setup import box_setup, rlimits
from autograder.sandbox.environment import box_environment, pinned_numerics
from autograder.sandbox.launch import Launch
from autograder.sandbox.pipe_broker import PipeBroker
from autograder.sandbox.seccomp_filter import forbidden, json_profile
from autograder.sandbox.unprivileged import give_to, unprivileged_uid

#: Seconds for the runtime to answer a question, or to run a container that does nothing.
_RUNTIME_TIMEOUT_S = 60.0
#: podman prefers higher limits, which it may not be allowed to set. The runner sets the box's own.
_HIGH_ULIMITS = ("--ulimit=nofile=1024:1024", "--ulimit=nproc=4096:4096")
#: The name of a folder that `scratch` made.
_SCRATCH_NAME = re.compile(r"plumb-[a-z]+-\w{8}")
#: A shell command that prints the limits of a container's control group.
_PRINT_LIMITS = (
    "cat /sys/fs/cgroup/{memory,}/memory.{max,limit_in_bytes} /sys/fs/cgroup/{pids,}/pids.max"
)


class Container:
    """Starts boxes with the command of a container runtime, as an unprivileged user inside.

    Args:
        runtime: ``podman`` or ``docker``.

    Raises SandboxUnavailable, with what the runtime says, if it cannot run a container here.
    """

    isolated = True

    def __init__(self, runtime: str) -> None:
        self.name = runtime
        self._program = shutil.which(runtime) or ""
        if not self._program:
            raise SandboxUnavailable(
                f"{runtime} is not installed. Install it, or bubblewrap, which needs less:\n"
                "    apt-get install bubblewrap"
            )
        self._python = interpreter().python
        self._user = _user(runtime, self._program)
        self._image = _image(self._program)
        self._sets_limits = _sets_limits(self._program, self._image, tuple(self._user))

    def describe(self, limits: Limits) -> dict[str, Enforcement]:
        """What enforces each limit on this machine, by the limit's name."""
        by_group = f"cgroup, set by {self.name}"
        counted_by = by_group if self._sets_limits else "rlimit"
        enforced = {
            "files": "only the submission, the interpreter and /usr, read-only; by mount namespace",
            "network": "none; by network namespace and seccomp filter",
            "processes": (
                f"{limits.processes}, no others seen; by {counted_by}, and pid namespace"
            ),
            "time": f"{limits.seconds:g} s for a check; by the clock outside",
            "memory of a process": f"{limits.data_mb} MiB; by rlimit",
            "memory of the box": f"{limits.memory_mb} MiB; by {by_group}",
            "scratch": f"{limits.tmp_mb} MiB in /tmp, {limits.shm_mb} in /dev/shm; by tmpfs",
            "output": f"{limits.output_killed // MIB} MiB of printed text; by the reader outside",
            "system calls": f"{len(forbidden())} forbidden, unknown ones absent; by seccomp filter",
            "numerics": pinned_numerics(),
        }
        described = {name: Enforcement(True, by) for name, by in enforced.items()}
        if not self._sets_limits:
            reason = f"{self.name} may make no control group here"
            described["memory of the box"] = Enforcement(False, reason)
        return described

    def launch(self, run: Path, package: str, limits: Limits, pipes: BoxPipes) -> Launch:
        """How to start the runner on a run folder."""
        copy_box_modules(run)
        run.joinpath("seccomp.json").write_text(json_profile())
        give_to(run, unprivileged_uid())
        broker = PipeBroker(run)
        name = _name(run)
        variables = box_environment("/tmp").items()
        setup = box_setup(
            run,
            package,
            rlimits(limits, count_processes=not self._sets_limits),
            broker=f"{RUN}/{broker.name}",
        )
        command = [
            *_run_command(self._program, self._user),
            *(_limit_arguments(limits) if self._sets_limits else ()),
            f"--name={name}",
            f"--security-opt=seccomp={run / 'seccomp.json'}",
            f"--shm-size={limits.shm_mb}m",
            f"--tmpfs=/tmp:rw,nosuid,nodev,mode=1777,size={limits.tmp_mb}m",
            *_mounts({**_machine_folders(), RUN: str(run)}),
            *(f"--env={key}={value}" for key, value in variables),
            "--workdir=/tmp",
            self._image,
            *runner_command(self._python, RUN, setup),
        ]
        remove = [self._program, "rm", "--force", name]
        return Launch(command, dict(os.environ), broker=broker, cleanup=remove)


def _run_command(program: str, user: Iterable[str]) -> list[str]:
    """The beginning of every command: a container without rights, which is removed at its end."""
    podman = Path(program).name == "podman"
    quiet = ["--log-level=error"] if podman else []
    plain = ["--read-only-tmpfs=false", "--http-proxy=false", *_HIGH_ULIMITS] if podman else []
    return [
        program, *quiet, "run", "--rm", "--pull=never", "--init=false", "--log-driver=none",
        "--network=none", "--ipc=private", "--hostname=sandbox", "--read-only", *plain,
        "--cap-drop=all", "--security-opt=no-new-privileges", "--security-opt=label=disable", *user,
    ]  # fmt: skip


def _name(folder: Path) -> str:
    """A new name for a container.

    It begins with the name of the scratch folder that the container works in: by it `scratch` finds
    the containers of a run that was killed.
    """
    scratch = [part for part in folder.parts if _SCRATCH_NAME.fullmatch(part)] or ["plumb"]
    return ".".join([*scratch, secrets.token_hex(8)])


def _limit_arguments(limits: Limits) -> list[str]:
    """Arguments that set the limits of a container's control group."""
    memory = f"{limits.memory_mb}m"
    return [f"--memory={memory}", f"--memory-swap={memory}", f"--pids-limit={limits.processes}"]


def _mounts(folders: Mapping[str, str]) -> list[str]:
    """Arguments that mount folders read-only. The keys are paths in the container."""
    return [
        f"--mount=type=bind,source={source},target={target},readonly"
        for target, source in folders.items()
    ]


def _machine_folders() -> dict[str, str]:
    """The folders of this machine that a container sees, by their paths in the container."""
    folders, _ = system_folders()
    shown = interpreter()
    # A container's mounts need a folder of this machine, also for another name of one.
    aliases = {name: shown.folders.get(inside, inside) for name, inside in shown.aliases.items()}
    return {name: name for name in folders} | shown.folders | aliases


def _user(runtime: str, program: str) -> list[str]:
    """Arguments for the user that runs a container's processes. On this machine it is never root.

    If the runtime has no root rights, it makes a user namespace. There podman maps our user to the
    same user, and docker maps our user to the namespace's root, which has only our own rights here.
    """
    uid = unprivileged_uid()
    if runtime == "podman" and uid is None:
        return ["--userns=keep-id"]
    if runtime == "docker" and "rootless" in _output(
        program, "info", "--format={{.SecurityOptions}}"
    ):
        return ["--user=0:0"]
    uid, gid = (uid, uid) if uid is not None else (os.getuid(), os.getgid())
    return [f"--user={uid}:{gid}"]


@functools.cache
def _image(program: str) -> str:
    """The name of our image, which is made if it is not there.

    It holds nothing but empty folders to mount on, and the links in the root directory to /usr.
    """
    _, links = system_folders()
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
    if _run([program, "image", "inspect", image]).returncode:
        _output(program, "import", "-", image, stdin=content)
    return image


@functools.cache
def _sets_limits(program: str, image: str, user: tuple[str, ...]) -> bool:
    """Whether the runtime can limit memory and processes here, as a container sees it.

    Raises SandboxUnavailable if it cannot even run a container.
    """
    limits = Limits(memory_mb=64, processes=33)
    mounts = _mounts({name: name for name in system_folders()[0]})
    plain = [*mounts, image, "/bin/bash", "-c", f"{_PRINT_LIMITS}; true"]
    name = f"--name={_name(Path(tempfile.gettempdir()))}"
    command = [*_run_command(program, user), *_limit_arguments(limits), name, *plain]
    try:
        done = _run(command)
    except subprocess.TimeoutExpired:
        done = subprocess.CompletedProcess(command, 1, b"", b"")
    printed = done.stdout.decode(errors="replace").split()
    if done.returncode == 0 and {str(64 * MIB), "33"} <= set(printed):
        return True
    _output(*_run_command(program, user), *plain)
    return False


def _output(program: str, *arguments: str, stdin: bytes = b"") -> str:
    """What a command of the runtime prints. Raises SandboxUnavailable, with its error message."""
    command, name = [program, *arguments], Path(program).name
    try:
        done = _run(command, stdin)
    except subprocess.TimeoutExpired:
        raise SandboxUnavailable(f"{name} did not answer within {_RUNTIME_TIMEOUT_S:g} s") from None
    if done.returncode:
        error = done.stderr.decode(errors="replace").strip()[-2000:]
        raise SandboxUnavailable(
            f"{name} cannot run a container here; it says\n    {error}\n"
            f"See that `{name} run` works for this user, or use bubblewrap:\n"
            "    apt-get install bubblewrap"
        )
    return done.stdout.decode(errors="replace")


def _run(command: list[str], stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run a command of the runtime to its end. Raises TimeoutExpired.

    If the grader is interrupted meanwhile, the command is not killed as `subprocess.run` would do,
    and Ctrl-C does not reach it. See `BoxProcess._wait_for_runtime`.
    """
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=True
    ) as process:
        try:
            output, errors = process.communicate(stdin, _RUNTIME_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    return subprocess.CompletedProcess(command, process.returncode, output, errors)
