"""Lets code read files and not write them, while we try whether it can run again and again.

This protects a student's own files from a cell that would be run once more. It is no protection
against code that means harm. Temporary files are nobody's: they may be written, but not beside the
code that runs.
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
EVENTS = {
    "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink", "os.system",
    "os.truncate", "subprocess.Popen",
}  # fmt: skip
#: Libraries keep what they computed before below these; that is not the code's own writing.
_CACHES = ("MPLCONFIGDIR", "IPYTHONDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")
#: Where `tempfile` keeps files. Asking it would write one.
_TEMPORARY = ("/tmp", "/var/tmp", "/usr/tmp")
_TEMPORARY_BY_NAME = ("TMPDIR", "TEMP", "TMP")
#: At which places of these events' arguments there are paths, with the open folders that they
#: begin in. All other events have one path, the first.
_PATHS = {
    "os.link": ((0, 2), (1, 3)), "os.mkdir": ((0, 2),), "os.remove": ((0, 1),),
    "os.rename": ((0, 2), (1, 3)), "os.rmdir": ((0, 1),), "os.symlink": ((1, 2),),
}  # fmt: skip
_PROGRAMS = ("os.system", "subprocess.Popen")
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
    if event in EVENTS or (event == "open" and args[2] & _WRITING_FLAGS):
        path = args[0] if args else ""
        if isinstance(path, int) or _is_cache(path):
            return
        if event not in _PROGRAMS and all(map(_is_temporary, _paths(event, args))):
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


def _paths(event: str, args: tuple[Any, ...]) -> list[Any]:
    """The paths that an event writes to; None for one that is not known."""
    if event not in _PATHS:
        return [args[0] if args else None]
    return [_in_folder(args[path], args[folder]) for path, folder in _PATHS[event]]


def _in_folder(path: Any, folder: Any) -> Any:
    """A path that begins in an open folder as one from the root; None if that is not known."""
    try:
        if folder in (None, -1) or os.path.isabs(path):
            return path
        return os.path.join(os.readlink(f"/proc/self/fd/{folder}"), os.fsdecode(path))
    except (OSError, TypeError, ValueError):
        return None


def _is_temporary(path: Any) -> bool:
    """Whether a whole path is in a folder for temporary files, where no code lies that runs here.

    A path from the current folder means that folder, wherever it is.
    """
    named = [os.environ[name] for name in _TEMPORARY_BY_NAME if os.environ.get(name)]
    try:
        full = Path(os.path.realpath(os.fsdecode(path)))
        code = [Path(os.path.realpath(each)) for each in sys.path if each]
        used = [*code, Path(os.path.realpath(os.getcwd()))]
        folders = {Path(os.path.realpath(each)) for each in (*named, *_TEMPORARY)} - {*code}
        if not os.path.isabs(path) or full in folders:  # a folder itself is opened to make files
            return full in folders
    except (OSError, TypeError, ValueError):
        return False
    for folder in folders.intersection(full.parents):
        first = folder / full.relative_to(folder).parts[0]
        if not any(first == each or first in each.parents for each in used):
            return True
    return False
