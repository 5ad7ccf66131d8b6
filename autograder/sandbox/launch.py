"""How a box is started: the command that a backend makes of a run folder."""

from __future__ import annotations

import functools
import importlib.util
import json
import marshal
import os
import platform
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np

import autograder
from autograder.limits import MIB, Limits
from autograder.sandbox.cgroups import Group
from autograder.sandbox.pipe_broker import PipeBroker

#: The rooms that run inside the box; nothing else of Plumbline is there.
BOX_ROOMS = ("box", "core")

#: Where they lie, in a run folder.
BOX_MODULES = "box_modules"

#: Where the run folder lies inside a box, and what can be written there.
RUN = "/submission"
SCRATCH = ("/tmp", "/dev/shm")

#: Above what a distribution or systemd hands out to users, below ``nobody``.
_FIRST_UID, _UIDS = 61184, 4000


@dataclass(frozen=True)
class Descriptors:
    """The box's ends of the pipes."""

    control_in: int
    control_out: int
    data_in: int
    data_out: int

    def all(self) -> tuple[int, ...]:
        """As a tuple."""
        return (self.control_in, self.control_out, self.data_in, self.data_out)


@dataclass
class Launch:
    """A command, ready to be started.

    Attributes:
        environment: all of it; nothing is inherited.
        descriptors: further ones to pass on, closed here once it is started.
        info: a descriptor on which the namespace's init is told, as bubblewrap writes it.
        go: a descriptor on which the namespace's init waits for a byte before it runs anything.
        group: what the namespace's init is put into before that.
        desk: where the runner comes for its pipes, if it does not inherit them.
        cleanup: a command that removes what is left of the box when it is over.
        uid: the unprivileged user to become, or None to stay who we are.
    """

    command: Sequence[str]
    environment: Mapping[str, str]
    cwd: str = "/"
    descriptors: list[int] = field(default_factory=list)
    info: int | None = None
    go: int | None = None
    group: Group | None = None
    broker: PipeBroker | None = None
    cleanup: Sequence[str] = ()
    uid: int | None = None


class Backend(Protocol):
    """A way to keep a student's code apart."""

    name: str
    isolated: bool

    def describe(self, limits: Limits) -> dict[str, str]:
        """Each limit, and what enforces it here."""

    def launch(self, run: Path, package: str, limits: Limits, pipes: Descriptors) -> Launch:
        """The command that starts the runner on a run folder. Raises SandboxUnavailable."""


def system() -> tuple[list[str], dict[str, str]]:
    """/usr and what of it stands in the root on this machine: folders, and links by name."""
    folders, links = ["/usr"], {}
    for name in ("/bin", "/lib", "/lib32", "/lib64"):
        if os.path.islink(name):
            links[name] = os.readlink(name)
        elif os.path.isdir(name):
            folders.append(name)
    return folders, links


def interpreter() -> tuple[list[str], dict[str, str]]:
    """The environment we run in and the installation behind it, where they are not in /usr.

    Returns their folders, and by what other names these go: the environment's own links may lead
    through such a name, which itself may be closed to the box's user.
    """
    prefixes = (sys.prefix, sys.base_prefix)
    real = dict.fromkeys(map(os.path.realpath, prefixes))
    folders = [folder for folder in real if not Path(folder).is_relative_to("/usr")]
    others = {name: os.path.realpath(name) for name in prefixes if name not in real}
    hidden = [name for name in others if any(Path(name).is_relative_to(s) for s in SCRATCH)]
    return folders, {name: others[name] for name in others if name not in hidden}


def copy_box_modules(run: Path) -> None:
    """Put the modules that run inside the box into a run folder, once, and all of them or none.

    Half of them, on a full disk, would fail in the student's process, as if it were their code.
    """
    target, part = run / BOX_MODULES, run / f"{BOX_MODULES}.part"
    if target.exists():
        return
    for name, data in _box_modules().items():
        file = part / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    for path in (part, *part.rglob("*")):  # whatever our umask is
        path.chmod(0o755 if path.is_dir() else 0o644)
    part.rename(target)


@functools.cache
def _box_modules() -> dict[str, bytes]:
    """The modules with their bytecode, which no box could write: every start would compile them."""
    files = {}
    source = Path(autograder.__file__).parent
    rooms = [path for room in BOX_ROOMS for path in sorted((source / room).rglob("*.py"))]
    for file in [source / "__init__.py", *rooms]:
        inside = str(file.relative_to(source.parent))
        files[inside] = text = file.read_bytes()
        code = compile(text, f"{RUN}/{BOX_MODULES}/{inside}", "exec", dont_inherit=True)
        # PEP 552: bytecode that is not compared with its source again.
        head = importlib.util.MAGIC_NUMBER + (1).to_bytes(4, "little")
        files[importlib.util.cache_from_source(inside)] = (
            head + importlib.util.source_hash(text) + marshal.dumps(code)
        )
    return files


def runner_command(python: str, modules: str, setup: Mapping[str, object]) -> list[str]:
    """The command that runs the runner.

    ``-P -s``: nothing of the working or the home directory is imported. Not ``-I``, which would
    ignore PYTHONHASHSEED.
    """
    start = (
        f"import sys; sys.path.insert(0, {modules!r}); "
        "from autograder.box.runner import main; main()"
    )
    return [python, "-P", "-s", "-u", "-c", start, json.dumps(setup)]


def rlimits(limits: Limits, *, counted: bool = False) -> dict[str, int]:
    """The limits that the runner sets on itself before it listens; see getrlimit(2).

    Args:
        counted: a control group counts the processes: better, since the rlimit counts those of a
            user, who before Linux 5.14 may have others elsewhere.
    """
    every = {
        "CPU": limits.cpu_seconds,
        "DATA": limits.data_mb * MIB,
        "AS": limits.address_space_mb * MIB,
        "NPROC": limits.processes,
        "NOFILE": limits.open_files,
        "FSIZE": limits.file_mb * MIB,
        "CORE": 0,
        "MEMLOCK": 64 << 10,
        "MSGQUEUE": 0,
    }
    return {name: value for name, value in every.items() if name != "NPROC" or not counted}


def environment(home: str) -> dict[str, str]:
    """The whole environment of a box.

    One BLAS thread and one instruction set: the reference's bits changed with either.
    """
    variables = {
        "HOME": home,
        "IPYTHONDIR": f"{home}/ipython",
        "LANG": "C.UTF-8",
        "MPLBACKEND": "Agg",
        "MPLCONFIGDIR": f"{home}/matplotlib",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PATH": "/usr/bin:/bin",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "TZ": "UTC",
        "USER": "student",
    }
    return variables | _instruction_set()


@functools.cache
def _instruction_set() -> dict[str, str]:
    """Keeps BLAS and NumPy to what most machines have, so that they agree to the last bit."""
    simd = np.show_config(mode="dicts")["SIMD Extensions"]
    return instruction_set(
        platform.machine(),
        here={*simd.get("baseline", ()), *simd.get("found", ())},
        elsewhere=set(simd.get("not found", ())),
    )


def instruction_set(machine: str, here: set[str], elsewhere: set[str]) -> dict[str, str]:
    """The variables that pin a machine's instruction set: AVX2, or plain ARMv8.

    Args:
        here, elsewhere: NumPy's names for the features that this machine has, and for others that
            it knows. It has other names from version to version, and warns of unknown ones.
    """
    variables = {}
    if here & {"AVX2", "X86_V3"}:
        variables["OPENBLAS_CORETYPE"] = "Haswell"
    elif machine == "aarch64":
        variables["OPENBLAS_CORETYPE"] = "ARMV8"
    beyond = [n for n in sorted(here | elsewhere) if n.startswith(("AVX512", "X86_V4", "SVE"))]
    if beyond:
        variables["NPY_DISABLE_CPU_FEATURES"] = " ".join(beyond)
    return variables


def pinned() -> str:
    """What `environment` does for the numbers, in words."""
    told = [f"{name}={value}" for name, value in sorted(_instruction_set().items())]
    return "; ".join([", ".join(["one thread", *told]), "by environment"])


def unprivileged_uid() -> int | None:
    """The user a box is started as: None for an ordinary user, who stays what they are.

    For root a number of its own for each process of ours, so that boxes of two workers do not
    share one allowance of processes.
    """
    return _FIRST_UID + os.getpid() % _UIDS if os.geteuid() == 0 else None


def become(uid: int | None) -> dict[str, Any]:
    """What makes subprocess start a program as that user, without any group but its own."""
    return {} if uid is None else {"user": uid, "group": uid, "extra_groups": []}


def hand_over(run: Path, uid: int | None) -> None:
    """Let the box's user, and no other, read a run folder."""
    run.chmod(0o500 if uid is not None else 0o700)
    if uid is not None:
        os.chown(run, uid, uid)


def closed_parent(path: Path) -> Path | None:
    """The first folder above a path that other users cannot pass through, or None."""
    return next((p for p in reversed(path.parents) if not p.stat().st_mode & 0o001), None)


def can_run(python: str, uid: int | None) -> bool:
    """Whether that user can run an interpreter."""
    command = [python, "-I", "-c", "import numpy"]
    silent: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        return subprocess.call(command, cwd="/", env={}, **silent, **become(uid)) == 0
    except OSError:
        return False
