"""Boxes of bubblewrap: own namespaces, few folders, a system-call filter, a control group."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path

from autograder.box.setup import BoxPipes
from autograder.errors import SandboxUnavailable
from autograder.limits import MIB, Limits
from autograder.records import Enforcement
from autograder.sandbox.box_folders import RUN, interpreter, is_hidden, system_folders
from autograder.sandbox.box_modules import copy_box_modules, runner_command
from autograder.sandbox.box_setup import box_setup, rlimits
from autograder.sandbox.cgroups import find_group_maker
from autograder.sandbox.closed_folders import Opened, open_folders
from autograder.sandbox.environment import box_environment, pinned_numerics
from autograder.sandbox.launch import Launch
from autograder.sandbox.seccomp_filter import bpf_program, forbidden
from autograder.sandbox.unprivileged import closed_parent, give_to, run_as, unprivileged_uid
from autograder.scratch import SCRATCH_VARIABLE

#: The id of ``nobody``, the user that a box's processes are inside the box.
_NOBODY = "65534"
_NO_GROUPS = (
    "this machine lets us make no control group. Run it as root, or where there "
    "is systemd as `systemd-run --user --scope plumb …`"
)


class Bubblewrap:
    """Starts boxes with bubblewrap, always as an unprivileged user.

    Raises SandboxUnavailable, with what to install or to change, if it cannot work here.
    """

    name = "bubblewrap"
    isolated = True

    def __init__(self) -> None:
        self._program = shutil.which("bwrap") or ""
        if not self._program:
            raise SandboxUnavailable(
                "bubblewrap is not installed. Install it with\n"
                "    apt-get install bubblewrap\n"
                "or, for code that you trust, use --sandbox none; every report will say so"
            )
        self._uid = unprivileged_uid()
        self._python = interpreter().python
        self._filter = bpf_program()
        self._group_maker = find_group_maker()
        _require_namespaces(self._program, self._uid)
        self._opened = open_folders(interpreter().folders.values(), self._uid)
        _require_interpreter(self._program, self._uid, sys.prefix)

    def describe(self, limits: Limits) -> dict[str, Enforcement]:
        """What enforces each limit on this machine, by the limit's name."""
        groups = self._group_maker
        counted_by = groups.name if groups else "rlimit"
        enforced = {
            "files": "only the submission, the interpreter and /usr, read-only; by mount namespace",
            "network": "none; by network namespace and seccomp filter",
            "processes": (f"{limits.processes}, no others seen; by {counted_by} and pid namespace"),
            "time": f"{limits.seconds:g} s for a check; by the clock outside",
            "memory of a process": f"{limits.data_mb} MiB; by rlimit",
            "memory of the box": f"{limits.memory_mb} MiB; by {counted_by}",
            "scratch": f"{limits.tmp_mb} MiB in /tmp, {limits.shm_mb} in /dev/shm; by tmpfs",
            "output": f"{limits.output_killed // MIB} MiB of printed text; by the reader outside",
            "system calls": f"{len(forbidden())} forbidden, unknown ones absent; by seccomp filter",
            "numerics": pinned_numerics(),
        }
        described = {name: Enforcement(True, by) for name, by in enforced.items()}
        if groups is None:
            described["memory of the box"] = Enforcement(False, _NO_GROUPS)
        return described

    def launch(self, run: Path, package: str, limits: Limits, pipes: BoxPipes) -> Launch:
        """How to start the runner on a run folder."""
        closed = closed_parent(run) if self._uid is not None else None
        if closed is not None:
            raise SandboxUnavailable(
                f"The sandbox runs as an unprivileged user, who has no access to {closed}. "
                "Submissions are unpacked below it. Set TMPDIR to another folder, such as /tmp"
            )
        copy_box_modules(run)
        give_to(run, self._uid)
        # Made first: if this fails, no descriptor is open yet.
        group = self._group_maker.make(limits) if self._group_maker else None
        info_read, info_write = os.pipe()
        block_read, block_write = os.pipe()
        filter_fd = _memory_file(self._filter)
        arguments = [
            *_system_arguments(),
            *_interpreter_arguments(self._opened),
            *("--ro-bind", str(run), RUN),
            *("--proc", "/proc", "--dev", "/dev"),
            *("--size", str(limits.shm_mb * MIB), "--tmpfs", "/dev/shm", "--remount-ro", "/dev"),
            *("--size", str(limits.tmp_mb * MIB), "--tmpfs", "/tmp"),
            # If they were writable, /proc/sys and /proc/1/mem would be ways out of the box.
            *("--remount-ro", "/proc"),
            *("--unshare-all", "--unshare-user", "--disable-userns"),
            *("--uid", _NOBODY, "--gid", _NOBODY, "--hostname", "sandbox"),
            *("--die-with-parent", "--as-pid-1", "--new-session", "--chdir", "/tmp", "--clearenv"),
            *(word for pair in box_environment("/tmp").items() for word in ("--setenv", *pair)),
            *("--remount-ro", "/"),
            *("--seccomp", str(filter_fd)),
            *("--info-fd", str(info_write), "--block-fd", str(block_read)),
        ]
        setup = box_setup(run, package, rlimits(limits, count_processes=group is None), pipes=pipes)
        # In a file: the box can read the command line of its first process.
        arguments_fd = _memory_file(b"".join(argument.encode() + b"\0" for argument in arguments))
        return Launch(
            command=[
                *self._opened.command, self._program, "--args", str(arguments_fd), "--",
                *runner_command(self._python, RUN, setup),
            ],
            # Bubblewrap itself gets this variable. Inside the box it is not set.
            environment={SCRATCH_VARIABLE: str(run)},
            extra_fds=[arguments_fd, filter_fd, info_write, block_read],
            info_fd=info_read,
            block_fd=block_write,
            group=group,
            uid=None if self._opened.command else self._uid,
        )  # fmt: skip


def _system_arguments() -> list[str]:
    """Arguments that show the system folders of this machine in the box."""
    folders, links = system_folders()
    arguments = [word for name in folders for word in ("--ro-bind", name, name)]
    for name, target in links.items():
        arguments += ["--symlink", target, name]
    return arguments


def _interpreter_arguments(opened: Opened) -> list[str]:
    """Arguments that show the interpreter's folders in the box, by all their names."""
    shown = interpreter()
    arguments = []
    for inside, folder in shown.folders.items():
        arguments += ["--ro-bind", opened.places.get(folder, folder), inside]
    for name, target in shown.aliases.items():
        arguments += ["--symlink", target, name]
    return arguments


def _memory_file(data: bytes) -> int:
    """A descriptor of a file in memory with this content."""
    descriptor = os.memfd_create("bubblewrap-input")
    os.write(descriptor, data)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


@functools.cache
def _require_namespaces(program: str, uid: int | None) -> None:
    """Raises SandboxUnavailable if bubblewrap cannot start an empty box."""
    box = [program, *_system_arguments(), "--unshare-all", "--unshare-user", "--disable-userns"]
    command = [*box, "--", "/usr/bin/true"]
    done = subprocess.run(command, capture_output=True, check=False, cwd="/", env={}, **run_as(uid))
    if done.returncode == 0:
        return
    error = done.stderr.decode(errors="replace").strip()
    if "--disable-userns" in error:
        raise SandboxUnavailable(f"bubblewrap 0.8 or newer is needed; this one says\n    {error}")
    raise SandboxUnavailable(
        f"bubblewrap cannot make a sandbox here; it says\n    {error}\n"
        "User namespaces seem to be forbidden to ordinary users. Allow them, as root, with\n"
        "    sysctl user.max_user_namespaces=10000\n"
        "on some systems also kernel.unprivileged_userns_clone=1 or\n"
        "kernel.apparmor_restrict_unprivileged_userns=0; a container must be started so that it\n"
        "may make them. Or, for code that you trust, use --sandbox none"
    )


@functools.cache
def _require_interpreter(program: str, uid: int | None, prefix: str) -> None:
    """Raises SandboxUnavailable if the box's user cannot run the interpreter in a box.

    Args:
        prefix: of the environment that we run in; the answer holds for it.
    """
    shown = interpreter()
    if uid is None and shown.python.startswith(os.path.realpath(prefix)):
        return  # the same user in the same place runs it now
    opened = open_folders(shown.folders.values(), uid)
    box = [*opened.command, program, *_system_arguments(), *_interpreter_arguments(opened)]
    box += [
        "--proc",
        "/proc",
        "--dev",
        "/dev",
        "--tmpfs",
        "/tmp",
        "--unshare-all",
        "--unshare-user",
    ]
    command = [*box, "--", shown.python, "-I", "-c", "import numpy"]
    user = {} if opened.command else run_as(uid)
    done = subprocess.run(command, capture_output=True, check=False, cwd="/", env={}, **user)
    if done.returncode == 0:
        return
    lines = done.stderr.decode(errors="replace").strip().splitlines() or ["nothing"]
    raise SandboxUnavailable(interpreter_advice(lines[-1], is_hidden(sys.base_prefix)))


def interpreter_advice(error: str, hidden: bool) -> str:
    """What to do if the Python that we run in cannot be used in a box.

    Args:
        error: what the attempt printed.
        hidden: whether the installation that the environment was made from is hidden in a box.
    """
    why = (
        f"the Python that it was made from, {sys.base_prefix}, lies in a folder for temporary "
        "files, and a box has a new, empty one in its place"
        if hidden
        else "the sandbox's unprivileged user must be able to read all of it"
    )
    return (
        f"The Python in {sys.prefix} cannot be run in the sandbox: {why}. It says\n    {error}\n"
        "If only its files are closed to other users, open them with\n"
        f"    chmod -R o+rX {sys.prefix} {sys.base_prefix}\n"
        "Otherwise install Plumbline once more in a place that every user can read, with a Python "
        "such as Debian's:\n"
        "    /usr/bin/python3 -m venv /opt/plumb\n"
        "and then install Plumbline's wheel with /opt/plumb/bin/pip. Or run plumb as an ordinary "
        "user, whose own files the sandbox can read"
    )
