"""Folders for a run's temporary files, which go even if an earlier run was killed outright."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LOCK = ".lock"


@contextmanager
def scratch_folder(prefix: str, mode: int = 0o700) -> Iterator[Path]:
    """A folder of our own, gone afterwards.

    It is locked while we live. Folders of the same prefix whose lock nobody holds are left from
    runs that were killed, and go first.
    """
    _sweep(Path(tempfile.gettempdir()), prefix)
    folder, lock = _make(prefix)
    folder.chmod(mode)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _make(prefix: str) -> tuple[Path, int]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=prefix))
        with contextlib.suppress(FileNotFoundError):
            lock = os.open(folder / _LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            fcntl.flock(lock, fcntl.LOCK_EX)
            if (folder / _LOCK).exists():
                return folder, lock
            os.close(lock)  # somebody swept it before it was locked


def _sweep(top: Path, prefix: str) -> None:
    """Remove what no living run holds; a folder without a lock is no scratch folder, or too new."""
    for folder in top.glob(f"{prefix}*"):
        with contextlib.suppress(OSError):
            if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
                continue
            lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)
