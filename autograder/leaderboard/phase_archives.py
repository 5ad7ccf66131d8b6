"""Archives of one phase: ``prediction_phase_2.zip``, maybe with the student's name before it."""

from __future__ import annotations

import re

#: Course sites put the student's name before it, and the number of the attempt behind it.
_PHASE_ZIP = re.compile(
    r"(?P<who>.*?)[-_. ]*prediction_phase_(?P<phase>[1-9][0-9]{0,3})(?:[-_ ]?\(?[0-9]+\)?)?\.zip",
    re.IGNORECASE | re.ASCII | re.DOTALL,
)


def phase_of(name: str) -> int:
    """The phase in an archive's name, 0 if it names none."""
    match = _PHASE_ZIP.fullmatch(name)
    return int(match["phase"]) if match else 0


def owner_of(name: str) -> str:
    """The student's name in the name of an archive of one phase; empty if there is none."""
    match = _PHASE_ZIP.fullmatch(name)
    return match["who"] if match else ""
