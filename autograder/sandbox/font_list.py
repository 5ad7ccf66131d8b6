"""matplotlib's list of the fonts of this machine, made once, without any code of a student's.

matplotlib searches all fonts when it is first imported, and keeps the list in a folder. A box
cannot keep anything, so each check whose code draws would search them again.
"""

from __future__ import annotations

import functools
import hashlib
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from autograder.sandbox.machine_cache import made_once

#: Seconds after which we take it that the search hangs.
_SEARCH_TIMEOUT_S = 300
#: The folders of fonts that a box sees, beside matplotlib's own fonts.
_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts")


@functools.cache
def font_list() -> Path | None:
    """The folder with the list, as matplotlib names the file; None if it could not be made."""
    try:
        return made_once(f"fonts-{_key(version('matplotlib'))}", _search_fonts)
    except (OSError, subprocess.SubprocessError, PackageNotFoundError):
        return None  # each box makes its own then


def _key(matplotlib: str) -> str:
    """A name for all that the list depends on."""
    folders = [Path(folder) for folder in _FONT_FOLDERS]
    changed = [folder.stat().st_mtime_ns if folder.is_dir() else 0 for folder in folders]
    return hashlib.sha256(repr((matplotlib, sys.prefix, changed)).encode()).hexdigest()[:32]


def _search_fonts(folder: Path) -> Path:
    """Let matplotlib search the fonts that a box sees, and return the folder with the list."""
    made = folder / "matplotlib"
    made.mkdir()
    # No home folder and no fc-list: what they name, a box does not see.
    environment = {
        "HOME": "/nonexistent",
        "PATH": "",
        "MPLBACKEND": "Agg",
        "MPLCONFIGDIR": str(made),
    }
    subprocess.run(
        [sys.executable, "-P", "-s", "-c", "import matplotlib.font_manager"],
        cwd=folder,
        env=environment,
        check=True,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=_SEARCH_TIMEOUT_S,
    )
    if not any(made.glob("fontlist-*.json")):
        raise FileNotFoundError("matplotlib wrote no list of fonts")
    return made
