"""Texts that people made with any editor: reading their bytes, and comparing them."""

from __future__ import annotations

import unicodedata


def decoded_text(data: bytes) -> str:
    """The text in a file: UTF-16 if it begins with that mark, else UTF-8 with or without a mark.

    Raises UnicodeError if it is neither.
    """
    return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")


def caseless(text: str) -> str:
    """A key that is the same for two texts that differ in case or in Unicode's spelling alone.

    Source: The Unicode Standard, section 3.13, compatibility caseless match.
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
