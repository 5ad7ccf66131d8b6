"""Control groups: what bounds a box as a whole, where this machine lets us make one.

Version 2 needs a group above ours in which we may make others, with its memory and pids
controllers on: root has that on most machines, a user in what systemd delegates. Version 1 needs
root. Elsewhere there is none, and the report says so.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import os
import re
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.limits import MIB, Limits

_CONTROLLERS = ("memory", "pids")
#: The key of a version 2 hierarchy, as against the names of version 1's controllers.
_UNIFIED = ""
#: Seconds until a group whose processes were killed must be empty.
_EMPTY_TIMEOUT_S = 3.0
_OURS = re.compile(r"plumb-(\d+)-[0-9a-f]{16}")


class Group:
    """A group of our own, for one box.

    Args:
        folders: its folder in each hierarchy.
    """

    def __init__(self, folders: Iterable[Path]) -> None:
        self._folders = list(folders)

    def limit(self, limits: Limits) -> None:
        """Set what the box may use. Raises OSError."""
        memory = str(limits.memory_mb * MIB)
        self._set(("memory.max", "memory.limit_in_bytes"), memory)
        self._set(("pids.max",), str(limits.processes))
        # Only where the machine has swap, or counts it.
        with contextlib.suppress(OSError):
            self._set(("memory.swap.max",), "0")
        with contextlib.suppress(OSError):
            self._set(("memory.memsw.limit_in_bytes",), memory)
        with contextlib.suppress(OSError):
            self._set(("memory.oom.group",), "1")

    def _set(self, names: tuple[str, ...], value: str) -> None:
        """Write to the one file of these names that there is."""
        for folder in self._folders:
            for name in names:
                if folder.joinpath(name).exists():
                    folder.joinpath(name).write_text(value)
                    return
        raise FileNotFoundError(errno.ENOENT, "no such control", " or ".join(names))

    def enter(self, pid: int) -> None:
        """Put a process in, and with it all that it will start. Raises OSError."""
        for folder in self._folders:
            folder.joinpath("cgroup.procs").write_text(str(pid))

    def out_of_memory(self) -> bool:
        """Whether a process in it was killed because the memory was used up."""
        for folder in self._folders:
            for name in ("memory.events", "memory.oom_control"):
                with contextlib.suppress(OSError):
                    counted = re.search(r"^oom_kill (\d+)", folder.joinpath(name).read_text(), re.M)
                    if counted and int(counted[1]):
                        return True
        return False

    def close(self) -> None:
        """Kill whatever is in it, wait until it is empty, and remove it."""
        deadline = time.monotonic() + _EMPTY_TIMEOUT_S
        for folder in self._folders:
            while not _removed(folder) and time.monotonic() < deadline:
                _kill(folder)
                time.sleep(0.001)
        self._folders.clear()


@dataclass(frozen=True)
class Control:
    """Where groups can be made on this machine.

    Attributes:
        name: ``cgroup v2`` or ``cgroup v1``.
        parents: the folders below which each group has one.
    """

    name: str
    parents: tuple[Path, ...]

    def group(self, limits: Limits) -> Group:
        """A new group with these limits. Raises OSError."""
        name = f"plumb-{os.getpid()}-{os.urandom(8).hex()}"
        group = Group(parent / name for parent in self.parents)
        try:
            for parent in self.parents:
                parent.joinpath(name).mkdir()
            group.limit(limits)
        except BaseException:  # told to stop meanwhile, too: nothing may be left
            group.close()
            raise
        return group


@functools.cache
def control() -> Control | None:
    """What this machine offers, found by trying; None if nothing."""
    try:
        mounts = Path("/proc/self/mountinfo").read_text()
        own = Path("/proc/self/cgroup").read_text()
    except OSError:
        return None
    for candidate in candidates(hierarchies(mounts), membership(own)):
        if _works(candidate):
            for parent in candidate.parents:
                _sweep(parent)
            return candidate
    return None


def hierarchies(mountinfo: str) -> dict[str, tuple[Path, str]]:
    """Where hierarchies are mounted, and which of their folders is there, by controller."""
    found: dict[str, tuple[Path, str]] = {}
    for line in mountinfo.splitlines():
        fields, _, rest = line.partition(" - ")
        kind, _, options = [*rest.split(" "), "", ""][:3]
        root, place = fields.split(" ")[3:5]
        if kind == "cgroup2":
            found.setdefault(_UNIFIED, (Path(place), root))
        elif kind == "cgroup":
            for option in options.split(","):
                if option in _CONTROLLERS:
                    found.setdefault(option, (Path(place), root))
    return found


def membership(cgroup: str) -> dict[str, str]:
    """The group that this process is in, by controller."""
    groups: dict[str, str] = {}
    for line in cgroup.splitlines():
        _, controllers, path = line.split(":", 2)
        groups |= dict.fromkeys(controllers.split(","), path)
    return groups


def candidates(
    mounted: Mapping[str, tuple[Path, str]], own: Mapping[str, str]
) -> Iterator[Control]:
    """Where groups might be made, the likeliest first.

    Version 2: beside our own group or further up, since a group with processes in it cannot hand
    its controllers down. Version 1: below our own groups, with a group of version 2 for killing.
    """
    here = {
        name: folder
        for name, (place, root) in mounted.items()
        if name in own and (folder := _folder(place, root, own[name])) is not None
    }
    if _UNIFIED in here:
        top = mounted[_UNIFIED][0]
        for folder in (here[_UNIFIED], *here[_UNIFIED].parents):
            if not folder.is_relative_to(top):
                break
            if _hands_down(folder):
                yield Control("cgroup v2", (folder,))
    if all(name in here for name in _CONTROLLERS):
        parents = tuple(dict.fromkeys(here[name] for name in _CONTROLLERS))
        if _UNIFIED in here:
            yield Control("cgroup v1", (*parents, here[_UNIFIED]))
        yield Control("cgroup v1", parents)


def _folder(place: Path, root: str, group: str) -> Path | None:
    """The folder of a group; None if it lies outside of what is mounted."""
    with contextlib.suppress(ValueError):
        folder = place / Path(group).relative_to(root)
        return folder if folder.is_dir() else None
    return None


def _hands_down(folder: Path) -> bool:
    """Whether groups in this folder have the controllers; turns them on where that is allowed."""
    try:
        if not set(_CONTROLLERS) <= set(folder.joinpath("cgroup.controllers").read_text().split()):
            return False
        handed = folder / "cgroup.subtree_control"
        if not set(_CONTROLLERS) <= set(handed.read_text().split()):
            handed.write_text(" ".join(f"+{name}" for name in _CONTROLLERS))
    except OSError:
        return False
    return os.access(folder, os.W_OK)


def _works(control: Control) -> bool:
    """Whether a process of ours can be put into a group made there."""
    try:
        group = control.group(Limits())
    except OSError:
        return False
    try:
        with subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE, cwd="/", env={}) as process:
            group.enter(process.pid)
    except OSError:
        return False
    finally:
        group.close()
    return True


def _kill(folder: Path) -> None:
    """Kill what is in a group: by the kernel where it knows how, else one by one."""
    with contextlib.suppress(OSError):
        if folder.joinpath("cgroup.kill").exists():
            folder.joinpath("cgroup.kill").write_text("1")
            return
        for pid in folder.joinpath("cgroup.procs").read_text().split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), 9)


def _removed(folder: Path) -> bool:
    try:
        folder.rmdir()
    except FileNotFoundError:
        pass
    except OSError:
        return False
    return True


def _sweep(parent: Path) -> None:
    """Remove the groups of graders that were killed; a group in use cannot be removed."""
    for folder in parent.glob("plumb-*"):
        owner = _OURS.fullmatch(folder.name)
        if owner and not Path("/proc", owner[1]).exists():
            _removed(folder)
