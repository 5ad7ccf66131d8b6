"""The folders of a box: run folder, scratch folders, and system folders of this machine."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

#: Where the run folder lies inside a box.
RUN = "/submission"

#: The folders inside a box that the student's code can write to.
SCRATCH = ("/tmp", "/dev/shm")

#: Where an environment lies inside a box whose own place is hidden there.
_ELSEWHERE = "/environment"


def system_folders() -> tuple[list[str], dict[str, str]]:
    """``/usr`` and the folders and links in the root directory that belong to it.

    Returns the folders, and the target of each link by the link's name.
    """
    folders, links = ["/usr"], {}
    for name in ("/bin", "/lib", "/lib32", "/lib64"):
        if os.path.islink(name):
            links[name] = os.readlink(name)
        elif os.path.isdir(name):
            folders.append(name)
    return folders, links


@dataclass(frozen=True)
class Interpreter:
    """The Python that runs in a box: this machine's own, shown read-only.

    Attributes:
        python: the interpreter's path inside the box.
        folders: the folder on this machine by its path inside the box. Folders below ``/usr`` are
            left out, since the box has them anyway.
        aliases: the path inside the box by each other name that a folder goes by. Links of the
            environment may lead through such a name.
    """

    python: str
    folders: dict[str, str]
    aliases: dict[str, str]


def interpreter() -> Interpreter:
    """The environment that we run in and the installation that it was made from.

    An environment in a folder that the box replaces, such as ``/tmp``, gets another place there. It
    does not mind: Python finds an environment from the path that it is started by.
    """
    prefixes = (sys.prefix, sys.base_prefix)
    real = dict.fromkeys(map(os.path.realpath, prefixes))
    inside = {folder: folder for folder in real}
    environment = os.path.realpath(sys.prefix)
    if is_hidden(environment):
        inside[environment] = _ELSEWHERE
    return Interpreter(
        python=f"{inside[environment]}/bin/python",
        folders={inside[f]: f for f in real if not Path(f).is_relative_to("/usr")},
        aliases={
            name: inside[os.path.realpath(name)]
            for name in prefixes
            if name not in real and not is_hidden(name)
        },
    )


def is_hidden(folder: str) -> bool:
    """Whether the box mounts an empty scratch folder over this folder."""
    return any(Path(folder).is_relative_to(scratch) for scratch in SCRATCH)
