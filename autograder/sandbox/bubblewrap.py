"""The box of bubblewrap: namespaces of its own, a read-only view of little, a filter, a group."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path

from autograder.errors import SandboxUnavailable
from autograder.limits import MIB, Limits
from autograder.records import NOT_ENFORCED
from autograder.sandbox.cgroups import control
from autograder.sandbox.filter import forbidden, program
from autograder.sandbox.launch import (
    BOX_MODULES,
    RUN,
    SCRATCH,
    Descriptors,
    Launch,
    become,
    can_run,
    closed_parent,
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
from autograder.scratch import HOLDS

_NOBODY = "65534"
_UNBOUNDED = (
    f"{NOT_ENFORCED}: this machine lets us make no control group. Run it as root, or where there "
    "is systemd as `systemd-run --user --scope plumb …`"
)


class Bubblewrap:
    """Starts boxes with bubblewrap, always as an unprivileged user."""

    name = "bubblewrap"
    isolated = True

    def __init__(self) -> None:
        self._program = shutil.which("bwrap") or ""
        if not self._program:
            raise SandboxUnavailable(
                "bubblewrap is not installed. Install it with\n"
                "    apt-get install bubblewrap\n"
                "or, for code that you trust, ask for --sandbox none: every report will say so"
            )
        self._uid = unprivileged_uid()
        self._python = str(Path(os.path.realpath(sys.prefix), "bin", "python"))
        self._filter = program()
        self._control = control()
        _need_namespaces(self._program, self._uid)
        _need_readable(self._python, self._uid)

    def describe(self, limits: Limits) -> dict[str, str]:
        """Each limit, and what enforces it."""
        groups, processes = self._control, f"{limits.processes}, no others seen; by "
        memory = f"{limits.memory_mb} MiB; by {groups.name}" if groups else _UNBOUNDED
        return {
            "files": "only the submission, the interpreter and /usr, read-only; by mount namespace",
            "network": "none; by network namespace and seccomp filter",
            "processes": processes + (groups.name if groups else "rlimit") + " and pid namespace",
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
        closed = closed_parent(run) if self._uid is not None else None
        if closed is not None:
            raise SandboxUnavailable(
                f"The sandbox runs as an unprivileged user, to whom {closed} is closed, and "
                "submissions are laid out below it; name another folder in TMPDIR, such as /tmp"
            )
        copy_box_modules(run)
        hand_over(run, self._uid)
        # Put together first: where this fails, no descriptor is open yet.
        group = self._control.group(limits) if self._control else None
        info_read, info_write = os.pipe()
        go_read, go_write = os.pipe()
        filtered = _memory_file(self._filter)
        arguments = [
            *_system(),
            *_interpreter(),
            *("--ro-bind", str(run), RUN),
            *("--proc", "/proc", "--dev", "/dev"),
            *("--size", str(limits.shm_mb * MIB), "--tmpfs", "/dev/shm", "--remount-ro", "/dev"),
            *("--size", str(limits.tmp_mb * MIB), "--tmpfs", "/tmp"),
            # Writable, /proc/sys and /proc/1/mem are ways out.
            *("--remount-ro", "/proc"),
            *("--unshare-all", "--unshare-user", "--disable-userns"),
            *("--uid", _NOBODY, "--gid", _NOBODY, "--hostname", "sandbox"),
            *("--die-with-parent", "--as-pid-1", "--new-session", "--chdir", "/tmp", "--clearenv"),
            *(word for pair in environment("/tmp").items() for word in ("--setenv", *pair)),
            *("--remount-ro", "/"),
            *("--seccomp", str(filtered)),
            *("--info-fd", str(info_write), "--block-fd", str(go_read)),
        ]
        setup = {
            "package": package,
            "package_root": f"{RUN}/package",
            "notebooks": f"{RUN}/notebooks" if (run / "notebooks").is_dir() else "",
            "scratch": list(SCRATCH),
            "contained": True,
            "rlimits": rlimits(limits, counted=group is not None),
            **vars(pipes),
        }
        # By descriptor: the command line of the namespace's first process can be read inside.
        listed = _memory_file(b"".join(argument.encode() + b"\0" for argument in arguments))
        return Launch(
            command=[
                self._program, "--args", str(listed), "--",
                *runner_command(self._python, f"{RUN}/{BOX_MODULES}", setup),
            ],
            # Of bubblewrap alone: inside it is cleared.
            environment={HOLDS: str(run)},
            descriptors=[listed, filtered, info_write, go_read],
            info=info_read,
            go=go_write,
            group=group,
            uid=self._uid,
        )  # fmt: skip


def _system() -> list[str]:
    """/usr, and what of it stands in the root."""
    folders, links = system()
    arguments = [word for name in folders for word in ("--ro-bind", name, name)]
    for name, target in links.items():
        arguments += ["--symlink", target, name]
    return arguments


def _interpreter() -> list[str]:
    real, others = interpreter()
    arguments = [word for name in real for word in ("--ro-bind", name, name)]
    for name, target in others.items():
        arguments += ["--symlink", target, name]
    return arguments


def _memory_file(data: bytes) -> int:
    descriptor = os.memfd_create("handed in")
    os.write(descriptor, data)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


@functools.cache
def _need_namespaces(program: str, uid: int | None) -> None:
    """Raises SandboxUnavailable if bubblewrap cannot make an empty box."""
    box = [program, *_system(), "--unshare-all", "--unshare-user", "--disable-userns"]
    command = [*box, "--", "/usr/bin/true"]
    done = subprocess.run(command, capture_output=True, check=False, cwd="/", env={}, **become(uid))
    if done.returncode == 0:
        return
    told = done.stderr.decode(errors="replace").strip()
    if "--disable-userns" in told:
        raise SandboxUnavailable(f"bubblewrap 0.8 or newer is needed; this one says\n    {told}")
    raise SandboxUnavailable(
        f"bubblewrap cannot make a sandbox here; it says\n    {told}\n"
        "User namespaces seem to be forbidden to ordinary users. Allow them, as root, with\n"
        "    sysctl user.max_user_namespaces=10000\n"
        "on some systems also kernel.unprivileged_userns_clone=1 or\n"
        "kernel.apparmor_restrict_unprivileged_userns=0; a container must be started so that it\n"
        "may make them. Or, for code that you trust, ask for --sandbox none"
    )


@functools.cache
def _need_readable(python: str, uid: int | None) -> None:
    """Raises SandboxUnavailable if the interpreter is not to be seen or run in the box."""
    if uid is not None and not can_run(python, uid):
        raise SandboxUnavailable(
            f"The sandbox runs as an unprivileged user, who cannot run {python}:\n"
            "it, or the Python behind it, lies below a folder that is closed to other users, such "
            "as a home directory.\nMake the environment again with `make`, which finds a place "
            "that can be read, or open the folders on the way (chmod o+x)"
        )
    for folder in SCRATCH:
        if Path(python).is_relative_to(folder):
            raise SandboxUnavailable(
                f"The environment, {sys.prefix}, lies below {folder}, which in the sandbox is "
                "another, empty one. Make it anew with `make` in a folder elsewhere"
            )
