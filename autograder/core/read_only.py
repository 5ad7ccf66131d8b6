"""Lets code read files and not write them, while we try whether it can run again and again.

This protects a student's own files from a cell that would be run once more. It is no protection
against code that means harm.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

#: What is raised where code would write.
SENTENCE = "it writes to a file or starts a program"

_WRITING_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_TRUNC
#: Other audit events of Python's at which something is written or started.
_EVENTS = {
    "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink", "os.system",
    "os.truncate", "subprocess.Popen",
}  # fmt: skip
#: Libraries keep what they computed before below these; that is not the code's own writing.
_CACHES = ("MPLCONFIGDIR", "IPYTHONDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")
_CACHES_AT_HOME = (".cache", ".config", ".ipython", ".matplotlib", "Library", "AppData")


class _State:
    """What the audit hook looks at. A hook stays for as long as its process."""

    installed = False
    active = False


@contextmanager
def read_only() -> Iterator[None]:
    """Within this block, opening a file to write to it raises PermissionError."""
    if not _State.installed:
        sys.addaudithook(_refuse)
        _State.installed = True
    _State.active = True
    try:
        yield
    finally:
        _State.active = False


def _refuse(event: str, args: tuple[Any, ...]) -> None:
    if not _State.active:
        return
    if event in _EVENTS or (event == "open" and args[2] & _WRITING_FLAGS):
        path = args[0] if args else ""
        if isinstance(path, int) or _is_cache(path):
            return
        raise PermissionError(SENTENCE)


def _is_cache(path: Any) -> bool:
    """Whether a path is where libraries keep what they computed, or the null device."""
    try:
        full = Path(os.path.abspath(os.fsdecode(path)))
        homes = [Path.home() / name for name in _CACHES_AT_HOME]
    except (TypeError, ValueError, RuntimeError):
        return False
    homes += [Path(os.path.abspath(os.environ[n])) for n in _CACHES if os.environ.get(n)]
    return (
        full == Path(os.devnull)
        or "__pycache__" in full.parts
        or any(home in full.parents or full == home for home in homes)
    )
