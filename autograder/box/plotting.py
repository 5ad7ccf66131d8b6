"""matplotlib in a box: what it takes long to do is done before, and not once a check."""

from __future__ import annotations

import contextlib
import importlib
import os
import re
from pathlib import Path

#: In a run folder: the folder with the grader's list of fonts, and an empty file that is there if
#: the submission's modules draw.
FONTS, DRAWS = "fonts", "draws"
_MENTIONED = re.compile(rb"\b(?:matplotlib|pylab)\b")


def mentions_matplotlib(source: bytes) -> bool:
    """Whether a text may import matplotlib."""
    return _MENTIONED.search(source) is not None


def link_fonts(run: Path) -> None:
    """Lead matplotlib to the grader's list of fonts. The folder for it is emptied after each check.

    The list itself is read-only, so that no check leaves anything in it.
    """
    target = Path(os.environ.get("MPLCONFIGDIR", ""))
    for file in run.joinpath(FONTS).glob("*.json"):
        with contextlib.suppress(OSError):  # without the list, matplotlib searches the fonts
            target.mkdir(exist_ok=True)
            target.joinpath(file.name).symlink_to(file)


def import_matplotlib() -> None:
    """Import what takes long, before the forks."""
    with contextlib.suppress(Exception):  # who imports it will meet the same error
        importlib.import_module("matplotlib.pyplot")
