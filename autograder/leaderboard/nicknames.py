"""Nicknames: reading the bytes that a student handed in, and making them safe to show."""

from __future__ import annotations

import unicodedata

from autograder.render.clean_text import one_line
from autograder.submissions.texts import decoded_text

MAX_NICKNAME = 30

#: Letters that look like nothing, although they are no control characters in Unicode.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def read_nickname(data: bytes) -> str | None:
    """The name in a nickname.txt, cleaned and cut; empty if there is none, None for no text."""
    try:
        return clean_nickname(decoded_text(data))
    except UnicodeError:
        return None


def clean_nickname(text: str) -> str:
    """A name on one line of at most 30 characters, without invisible characters."""
    visible = "".join(
        character
        for character in one_line(text)
        if unicodedata.category(character) not in ("Cc", "Cf", "Co", "Cs")
        and character not in _BLANK
    )
    return one_line(visible)[:MAX_NICKNAME].strip()
