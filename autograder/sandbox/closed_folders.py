"""Shows the box folders that its user cannot reach, such as an environment in root's home.

Where the grader is root, a box is started by an unprivileged user, who may not enter a folder of
mode 0700, whatever lies in it. So root first makes a mount namespace of its own, in which the
folders that the box needs are mounted at a place that every user can enter. No other process of
this machine sees that place. Nothing is copied, and no permissions are changed.
"""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import SandboxUnavailable
from autograder.sandbox.unprivileged import closed_parent

#: Folders of which one is hidden, in the namespace alone, by the folders that are mounted.
_PLACES = ("/mnt", "/media", "/srv", "/opt")
_PROGRAMS = ("unshare", "mount", "setpriv")


@dataclass(frozen=True)
class Opened:
    """How to start a program by which closed folders can be reached.

    Attributes:
        command: what the program's command line is put behind; empty if nothing is closed. It is
            started as root and becomes the unprivileged user.
        places: where a closed folder is found by the program, by the folder.
    """

    command: tuple[str, ...] = ()
    places: dict[str, str] = field(default_factory=dict)


def open_folders(folders: Iterable[str], uid: int | None) -> Opened:
    """How a program of this user gets at the folders; None is the user that we are.

    Raises SandboxUnavailable if what it takes is not installed.
    """
    wanted = list(folders)
    closed = [f for f in wanted if uid is not None and closed_parent(Path(f, "x")) is not None]
    if not closed:
        return Opened()
    needed = [*wanted, os.path.realpath(shutil.which("bwrap") or "/usr/bin/bwrap")]
    place = next((p for p in _PLACES if _is_free(p, needed)), None)
    missing = [name for name in _PROGRAMS if shutil.which(name) is None]
    if place is None or missing:
        raise SandboxUnavailable(
            f"{closed[0]} lies below a folder that is closed to other users, and to show it to the "
            f"sandbox takes {' and '.join(missing) or 'a folder /mnt'}. Install util-linux, or "
            "make the environment in another folder, such as /opt/plumb"
        )
    return _opened(closed, place, uid)


def _is_free(place: str, needed: Iterable[str]) -> bool:
    return os.path.isdir(place) and not any(Path(n).is_relative_to(place) for n in needed)


def _opened(closed: list[str], place: str, uid: int | None) -> Opened:
    unshare, mount, setpriv = (str(shutil.which(name)) for name in _PROGRAMS)
    places = {folder: f"{place}/{number}" for number, folder in enumerate(closed)}
    lines = [f"{mount} -t tmpfs -o mode=755,size=64k plumb {place}"]
    for folder, target in places.items():
        lines.append(f"mkdir -m 755 {target}")
        lines.append(f"{mount} --bind {shlex.quote(folder)} {target}")
    lines.append(f'exec {setpriv} --reuid={uid} --regid={uid} --clear-groups -- "$@"')
    shell = ("/bin/sh", "-c", " && ".join(lines), "sh")
    return Opened((unshare, "--mount", "--propagation", "private", *shell), places)
