"""When and with what something was graded, as every page says it."""

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
