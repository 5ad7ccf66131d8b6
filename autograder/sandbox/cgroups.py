"""Control groups: they limit the memory and the processes of a box as a whole.

Not every machine lets us make one. In version 2 we need a parent group in which we may make
groups and whose memory and pids controllers are enabled. Root has that on most machines, and an
ordinary user in a group that systemd delegates. Version 1 needs root. On other machines a box has
no control group, and the report says so.
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
#: Where there is this controller, a box gets as much of the processors as one process does, however
#: many processes it has.
_SHARES, _CPU_WEIGHT, _CPU_SHARES = "cpu", "100", "1024"
#: The key of the version 2 hierarchy. The keys of version 1 are the controllers' names.
_UNIFIED = ""
#: Seconds to wait until a group is empty after its processes were killed.
_EMPTY_TIMEOUT_S = 3.0
_GROUP_NAME = re.compile(r"plumb-(\d+)-[0-9a-f]{16}")


class ControlGroup:
    """The control group of one box.

    Args:
        folders: the group's folder in each hierarchy.
    """

    def __init__(self, folders: Iterable[Path]) -> None:
        self._folders = list(folders)

    def limit(self, limits: Limits) -> None:
        """Set the limits of the group. Raises OSError."""
        memory = str(limits.memory_mb * MIB)
        self._set(("memory.max", "memory.limit_in_bytes"), memory)
        self._set(("pids.max",), str(limits.processes))
        # These files exist only if the kernel counts swap.
        with contextlib.suppress(OSError):
            self._set(("memory.swap.max",), "0")
        with contextlib.suppress(OSError):
            self._set(("memory.memsw.limit_in_bytes",), memory)
        with contextlib.suppress(OSError):
            self._set(("memory.oom.group",), "1")
        with contextlib.suppress(OSError):
            self._set(("cpu.weight",), _CPU_WEIGHT)
        with contextlib.suppress(OSError):
            self._set(("cpu.shares",), _CPU_SHARES)

    def _set(self, names: tuple[str, ...], value: str) -> None:
        """Write to the first file of these names that exists. Raises OSError if none does."""
        for folder in self._folders:
            for name in names:
                if folder.joinpath(name).exists():
                    folder.joinpath(name).write_text(value)
                    return
        raise FileNotFoundError(errno.ENOENT, "no such control", " or ".join(names))

    def enter(self, pid: int) -> None:
        """Put a process into the group, with all that it will start. Raises OSError."""
        for folder in self._folders:
            folder.joinpath("cgroup.procs").write_text(str(pid))

    def out_of_memory(self) -> bool:
        """Whether the kernel killed a process because the group's memory was used up."""
        for folder in self._folders:
            for name in ("memory.events", "memory.oom_control"):
                with contextlib.suppress(OSError):
                    count = re.search(r"^oom_kill (\d+)", folder.joinpath(name).read_text(), re.M)
                    if count and int(count[1]):
                        return True
        return False

    def close(self) -> None:
        """Kill all processes in the group, wait until it is empty, and remove it."""
        deadline = time.monotonic() + _EMPTY_TIMEOUT_S
        for folder in self._folders:
            while not _remove(folder) and time.monotonic() < deadline:
                _kill(folder)
                time.sleep(0.001)
        self._folders.clear()


@dataclass(frozen=True)
class GroupMaker:
    """Makes control groups on this machine.

    Attributes:
        name: ``cgroup v2`` or ``cgroup v1``.
        parents: the folders in which each group gets a folder, one in each hierarchy.
    """

    name: str
    parents: tuple[Path, ...]

    def make(self, limits: Limits) -> ControlGroup:
        """A new group with these limits. Raises OSError."""
        name = f"plumb-{os.getpid()}-{os.urandom(8).hex()}"
        group = ControlGroup(parent / name for parent in self.parents)
        try:
            for parent in self.parents:
                parent.joinpath(name).mkdir()
            group.limit(limits)
        except BaseException:  # also if the grader is told to stop: nothing may be left
            group.close()
            raise
        return group


@functools.cache
def find_group_maker() -> GroupMaker | None:
    """Find out, by trying, how control groups can be made here; None if they cannot.

    This also removes the groups of graders that were killed.
    """
    try:
        mountinfo = Path("/proc/self/mountinfo").read_text()
        cgroup = Path("/proc/self/cgroup").read_text()
    except OSError:
        return None
    for candidate in candidates(mounted_hierarchies(mountinfo), own_groups(cgroup)):
        if _works(candidate):
            for parent in candidate.parents:
                _remove_abandoned(parent)
            return candidate
    return None


def mounted_hierarchies(mountinfo: str) -> dict[str, tuple[Path, str]]:
    """The mounted hierarchies, by controller, from the text of ``/proc/self/mountinfo``.

    Each is the folder it is mounted on, and the group that this folder shows.
    """
    found: dict[str, tuple[Path, str]] = {}
    for line in mountinfo.splitlines():
        fields, _, rest = line.partition(" - ")
        kind, _, options = [*rest.split(" "), "", ""][:3]
        root, mount_point = fields.split(" ")[3:5]
        if kind == "cgroup2":
            found.setdefault(_UNIFIED, (Path(mount_point), root))
        elif kind == "cgroup":
            for option in options.split(","):
                if option in (*_CONTROLLERS, _SHARES):
                    found.setdefault(option, (Path(mount_point), root))
    return found


def own_groups(cgroup: str) -> dict[str, str]:
    """The groups that this process is in, by controller, from ``/proc/self/cgroup``."""
    groups: dict[str, str] = {}
    for line in cgroup.splitlines():
        _, controllers, path = line.split(":", 2)
        groups |= dict.fromkeys(controllers.split(","), path)
    return groups


def candidates(
    hierarchies: Mapping[str, tuple[Path, str]], groups: Mapping[str, str]
) -> Iterator[GroupMaker]:
    """Makers of groups that might work here, the best first; none of them is tried.

    Version 2: groups lie in our own group or in one above it. The kernel does not let a group that
    has processes in it delegate controllers.
    Version 1: groups lie below our own groups. A group for the share of the processors is added
    where there is one, and a group of version 2, because only in version 2 the kernel can kill all
    processes of a group at once.

    Args:
        hierarchies: from `mounted_hierarchies`.
        groups: from `own_groups`.
    """
    own_folders = {
        name: folder
        for name, (mount_point, root) in hierarchies.items()
        if name in groups and (folder := _folder(mount_point, root, groups[name])) is not None
    }
    if _UNIFIED in own_folders:
        top = hierarchies[_UNIFIED][0]
        for folder in (own_folders[_UNIFIED], *own_folders[_UNIFIED].parents):
            if not folder.is_relative_to(top):
                break
            if _delegates_controllers(folder):
                yield GroupMaker("cgroup v2", (folder,))
    if all(name in own_folders for name in _CONTROLLERS):
        parents = tuple(dict.fromkeys(own_folders[name] for name in _CONTROLLERS))
        unified = [own_folders[_UNIFIED]] if _UNIFIED in own_folders else []
        shares = [own_folders[_SHARES]] if _SHARES in own_folders else []
        for more in ([*shares, *unified], unified, []):
            yield GroupMaker("cgroup v1", tuple(dict.fromkeys((*parents, *more))))


def _folder(mount_point: Path, root: str, group: str) -> Path | None:
    """The folder of a group; None if it does not lie below what is mounted."""
    with contextlib.suppress(ValueError):
        folder = mount_point / Path(group).relative_to(root)
        return folder if folder.is_dir() else None
    return None


def _delegates_controllers(folder: Path) -> bool:
    """Whether groups in this folder have our controllers. Enables them if that is allowed."""
    try:
        if not set(_CONTROLLERS) <= set(folder.joinpath("cgroup.controllers").read_text().split()):
            return False
        delegated = folder / "cgroup.subtree_control"
        enabled = set(delegated.read_text().split())
        if _SHARES not in enabled:
            with contextlib.suppress(OSError):  # without it, a box has no share of its own
                delegated.write_text(f"+{_SHARES}")
        if not set(_CONTROLLERS) <= enabled:
            delegated.write_text(" ".join(f"+{name}" for name in _CONTROLLERS))
    except OSError:
        return False
    return os.access(folder, os.W_OK)


def _works(maker: GroupMaker) -> bool:
    """Try whether we can make a group there and put a process of ours into it."""
    try:
        group = maker.make(Limits())
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
    """Kill the processes of a group, all at once if the kernel can do that."""
    with contextlib.suppress(OSError):
        if folder.joinpath("cgroup.kill").exists():
            folder.joinpath("cgroup.kill").write_text("1")
            return
        for pid in folder.joinpath("cgroup.procs").read_text().split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), 9)


def _remove(folder: Path) -> bool:
    """Remove a group if it is empty. Returns whether it is gone."""
    try:
        folder.rmdir()
    except FileNotFoundError:
        pass
    except OSError:
        return False
    return True


def _remove_abandoned(parent: Path) -> None:
    """Remove the groups of graders that were killed. Groups in use stay."""
    for folder in parent.glob("plumb-*"):
        owner = _GROUP_NAME.fullmatch(folder.name)
        if owner and not Path("/proc", owner[1]).exists():
            _remove(folder)
