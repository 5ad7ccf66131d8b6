"""Makes a student's id that is safe as a file name on every system."""

from __future__ import annotations

import re
import unicodedata

from autograder.submissions.file_names import RESERVED


def with_letters_for_marks(text: str) -> str:
    """A text of the same length in which combining marks are letters, as in words they are.

    Python's ``\\w`` does not match the marks that write vowels and tones in many scripts.
    """
    return "".join("a" if unicodedata.category(c)[0] == "M" else c for c in text)


def safe_id(name: str) -> str:
    """The id for a name: only letters, marks, digits and ``_ - . + @``, at most 120 bytes.

    It is "student" if nothing of the name is left.
    """
    name = unicodedata.normalize("NFC", name)
    parts = re.finditer(r"[\w.+@-]+", with_letters_for_marks(name))
    kept = "_".join(name[part.start() : part.end()] for part in parts)
    name = kept.strip("._+@-")
    while len(name.encode()) > 120:
        name = name[:-1]
    if RESERVED.fullmatch(name):
        name = f"student_{name}"
    return name or "student"
