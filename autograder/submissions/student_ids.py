"""Makes a student's id that is safe as a file name on every system."""

from __future__ import annotations

import re
import unicodedata

from autograder.submissions.file_names import RESERVED


def safe_id(name: str) -> str:
    """The id for a name: only letters, digits and ``_ - . + @``, at most 120 bytes.

    It is "student" if nothing of the name is left.
    """
    name = unicodedata.normalize("NFC", name)
    name = re.sub(r"[^\w.+@-]+", "_", name).strip("._+@-")
    while len(name.encode()) > 120:
        name = name[:-1]
    if RESERVED.fullmatch(name):
        name = f"student_{name}"
    return name or "student"
