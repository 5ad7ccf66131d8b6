"""The assignment of this repository, as the release reads it."""

import functools
from pathlib import Path

from plumb.assignment import Assignment
from plumb.assignment_reader import read_assignment

ROOT = Path(__file__).parent.parent


@functools.cache
def real_assignment(variant: str) -> Assignment:
    """The assignment for a variant; nobody may change it. It is read once: that takes a second."""
    return read_assignment(ROOT / "assignment", ROOT / "solutions", variant)
