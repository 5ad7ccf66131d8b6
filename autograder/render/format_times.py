"""Times in words, and the hash of a harness, as every page and the terminal say them."""

from __future__ import annotations

from datetime import UTC, datetime

#: So many digits of a SHA-256 tell the harnesses of a course apart.
SHORT_HASH = 12


def minute(time: str) -> str:
    """A time of a record, ISO 8601, to the minute in UTC; empty for what is no time."""
    try:
        moment = datetime.fromisoformat(time)
    except ValueError:
        return ""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def short_hash(sha256: str) -> str:
    """The first digits of a SHA-256."""
    return sha256[:SHORT_HASH]


def time_left(seconds: float | None) -> str:
    """About how long something still takes, in words; empty for None."""
    if seconds is None:
        return ""
    if seconds < 90:
        return f"about {max(10, 10 * round(seconds / 10))} s left"
    if seconds < 90 * 60:
        return f"about {round(seconds / 60)} min left"
    return f"about {seconds / 3600:.2g} h left"
