"""The assignment's data in a box, where students have it: in the folder that their code runs in."""

from __future__ import annotations

import contextlib
from pathlib import Path

#: In a run folder: beside the package, as in the students' folder.
DATA = "package/data"


def link_data(run: Path) -> None:
    """Lead the path ``data/`` to the assignment's data, which nobody in the box can change.

    The current folder is a scratch folder, which is emptied after each check.
    """
    if (run / DATA).is_dir():
        with contextlib.suppress(OSError):  # code that reads the data then tells that it is missing
            Path("data").symlink_to(run / DATA)
