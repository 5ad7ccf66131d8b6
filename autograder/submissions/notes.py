"""Notes on a submission: sentences on what was corrected or left aside, and why."""

from __future__ import annotations

from collections.abc import Iterable


class LeftAside(str):
    """A note that a person should look at: something handed in does not count, or is missing.

    Every other note says how something was understood, and that it counts.
    """

    __slots__ = ()


def under(head: str, note: str) -> str:
    """The note with what it is about before it; a `LeftAside` stays one."""
    return type(note)(f"{head}: {note}")


def left_aside(notes: Iterable[str]) -> list[str]:
    """Those of the notes that a person should look at."""
    return [note for note in notes if isinstance(note, LeftAside)]


def shortened(notes: list[str], most: int) -> list[str]:
    """The first notes, and how many more there are; it is left aside if one of those is."""
    kept, more = notes[:most], notes[most:]
    if not more:
        return kept
    kind = LeftAside if left_aside(more) else str
    return [*kept, kind(f"and {len(more)} more like these")]
