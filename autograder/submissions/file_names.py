"""Names of files that a student chose: which are safe, which are junk, which are the same.

A name is somebody else's text. It decides nothing before it was found to be harmless.
"""

from __future__ import annotations

import re
import unicodedata

#: Suffixes of the course's own files that lie beside submissions, not among them.
CLERICAL_SUFFIXES = {
    ".csv", ".html", ".json", ".log", ".md", ".toml", ".tsv", ".txt", ".xlsx", ".yml",
}  # fmt: skip

#: Folders that tools leave behind; hidden ones are told by their dot.
_JUNK = {"__macosx", "__pycache__", "node_modules", "site-packages"}
#: Unicode categories of characters that control a terminal, end a line, or are half a character.
_CONTROLS = frozenset({"Cc", "Cs", "Zl", "Zp"})
#: They turn the direction of what is written, and so make one name look like another.
_BIDIRECTIONAL = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
#: Windows takes these for devices, whatever suffix they bear.
RESERVED = re.compile(
    r"(con|conin\$|conout\$|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE
)


def tidy(name: str) -> str:
    """A member's name without empty parts and single dots."""
    return "/".join(part for part in name.split("/") if part not in ("", "."))


def is_junk(path: str) -> bool:
    """Whether a file lies where tools keep theirs, or is hidden."""
    parts = path.split("/")
    return any((p.startswith(".") and p != "..") or p.lower() in _JUNK for p in parts)


def unsafe(name: str) -> str:
    """Why a member's name cannot be trusted; empty if it can."""
    parts = name.split("/")
    if name.startswith("/") or re.match(r"[A-Za-z]:", name):
        return "its name is an absolute path"
    if ".." in parts:
        return "its name leads out of the archive"
    if "\\" in name:
        return "there is a backslash in its name"
    if any(unicodedata.category(c) in _CONTROLS or c in _BIDIRECTIONAL for c in name):
        return "there are control characters in its name"
    if any(RESERVED.fullmatch(part.rstrip(" .")) for part in parts):
        return "its name means a device on Windows"
    if len(name) > 1000 or any(len(part.encode()) > 255 for part in parts):
        return "its name is too long"
    return ""


def folded(path: str) -> str:
    """A key that is the same for two names that some file system takes for one."""
    parts = (part.rstrip(" .") for part in path.split("/"))
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", "/".join(parts)).casefold())


def printable(name: str, limit: int = 120) -> str:
    """A name for a message: escaped where it is not plain, and cut."""
    shown = name if not unsafe(name) else name.encode("unicode_escape", "replace").decode()
    return shown if len(shown) <= limit else f"{shown[:limit]}…"
