"""The folders of a box: run folder, scratch folders, and system folders of this machine."""

from __future__ import annotations

import os
import sys
from pathlib import Path

#: Where the run folder lies inside a box.
RUN = "/submission"

#: The folders inside a box that the student's code can write to.
SCRATCH = ("/tmp", "/dev/shm")


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


def interpreter_folders() -> tuple[list[str], dict[str, str]]:
    """The Python environment that we run in and the installation that it was made from.

    Folders below ``/usr`` are left out, since the box has them anyway.

    Returns the real folders, and the real folder by each other name that it goes by. The box needs
    these names too: links of the environment may lead through such a name, and the box's user may
    have no access to it on this machine.
    """
    prefixes = (sys.prefix, sys.base_prefix)
    real = dict.fromkeys(map(os.path.realpath, prefixes))
    folders = [folder for folder in real if not Path(folder).is_relative_to("/usr")]
    aliases = {name: os.path.realpath(name) for name in prefixes if name not in real}
    # The box mounts empty scratch folders over these.
    hidden = [name for name in aliases if any(Path(name).is_relative_to(s) for s in SCRATCH)]
    return folders, {name: aliases[name] for name in aliases if name not in hidden}
