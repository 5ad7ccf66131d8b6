"""A lock on a folder that a command writes its results into."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.errors import UserError


@contextmanager
def locked_folder(folder: Path, results: str) -> Iterator[None]:
    """Make a folder, and lock it so that no other run writes into it. The lock leaves no file.

    Processes that we start do not inherit the lock, and it ends with us, however we end.

    Args:
        results: what is written there, for the message: "the leaderboard".

    Raises UserError if another run holds the lock, OSError if the folder cannot be made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if os.name != "posix":  # Windows cannot lock a folder
        yield
        return
    import fcntl

    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UserError(
                f"another run is writing {results} in {folder}; wait until it has ended, "
                "or name another folder"
            ) from None
        yield
    finally:
        os.close(descriptor)
