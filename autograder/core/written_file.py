"""Reading a file that the student's code wrote, on the student's side."""

from __future__ import annotations

import os
import stat

#: A larger file, in bytes, is not read.
MAX_FILE = 8 << 20
#: Windows has none of the first three, other systems not the last.
_FLAGS = sum(getattr(os, f"O_{name}", 0) for name in ("NOFOLLOW", "NONBLOCK", "CLOEXEC", "BINARY"))


def read_written(path: str) -> bytes:
    """The content of a plain file, by its path relative to the working folder.

    A link, a pipe or a device is not followed or waited for. Raises OSError for those and if there
    is no such file, OverflowError for a file of more than `MAX_FILE` bytes.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | _FLAGS)
    except FileNotFoundError:
        raise FileNotFoundError(f"your code wrote no file {path}") from None
    with open(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(f"{path} is not a plain file")
        data = file.read(MAX_FILE + 1)
    if len(data) > MAX_FILE:
        raise OverflowError(f"{path} has more than {MAX_FILE} bytes")
    return data
