"""Finds the markers that git leaves in a file where two versions of it could not be merged."""

from __future__ import annotations

import re

_OPENING = re.compile(rb"^<{7}[ \r\n]", re.MULTILINE)
_CLOSING = re.compile(rb"^>{7}[ \r\n]", re.MULTILINE)


def conflict_line(data: bytes) -> int:
    """The line, from 1, of the first marker of a conflict; 0 if there is none."""
    opening = _OPENING.search(data)
    if opening is None or _CLOSING.search(data, opening.end()) is None:
        return 0
    return data.count(b"\n", 0, opening.start()) + 1


def conflict_sentence(line: int) -> str:
    """What to do about markers of a conflict, for a message about a file."""
    return (
        f"git's markers of a conflict stand in it (<<<<<<< in line {line}); "
        "delete them and the version of the lines that is not to count"
    )
