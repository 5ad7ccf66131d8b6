"""What is made once a machine and kept between runs: compiled modules, the list of fonts."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


def cache_folder() -> Path:
    """Where things are kept between runs. Raises OSError for a user without a home directory."""
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    try:
        return Path(base).expanduser() / "plumbline"
    except RuntimeError as error:
        raise OSError("there is no home directory; set XDG_CACHE_HOME to a folder") from error


def made_once(name: str, make: Callable[[Path], Path]) -> Path:
    """The folder of this name in the cache, made if it is not there. Several processes may ask.

    Args:
        name: the key: it changes with all that the content depends on.
        make: gets an empty temporary folder, and returns the folder in it that is to be kept.

    Raises what `make` raises, and OSError if the cache cannot be written; then nothing is kept.
    """
    cached = cache_folder() / name
    if not cached.is_dir():
        with _locked(cached.with_suffix(".lock")):
            if not cached.is_dir():
                with tempfile.TemporaryDirectory(prefix=".build-", dir=cached.parent) as folder:
                    make(Path(folder)).rename(cached)
    return cached


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Let one process at a time make it. The system releases the lock if the process is killed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if os.name != "posix":  # Windows has no such lock: the second process then fails to rename
        yield
        return
    import fcntl

    with open(path, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
