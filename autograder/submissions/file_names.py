"""Names of files that a student chose: which are safe, which are junk, which are the same.

Students and their tools write these names. A name is checked before it decides anything.
"""

from __future__ import annotations

import re
import unicodedata

from autograder.submissions.texts import caseless

#: Files that an instructor keeps beside submissions: all with the first suffixes, and those with
#: the others whose names are known. Such a file is no submission. Any other one may be a student's.
CLERICAL_SUFFIXES = {".csv", ".log", ".toml", ".tsv", ".xlsx", ".yml"}
CLERICAL_TEXTS = {".html", ".json", ".md", ".txt"}
CLERICAL_NAMES = {
    "changelog", "class", "feedback", "grades", "grading", "index", "instructions", "licence",
    "license", "manifest", "marks", "metadata", "notes", "readme", "requirements", "roster",
    "rubric", "students", "submission_metadata", "timestamp", "todo",
}  # fmt: skip

#: Folders that tools leave behind. Hidden ones are recognized by their dot.
_JUNK = {"__macosx", "__pycache__", "node_modules", "site-packages"}
#: Hidden files and folders of tools. Nobody means to hand them in.
_HIDDEN_BY_TOOLS = re.compile(
    r"\.(_.*|~.*|git.*|svn|hg|ipynb_checkpoints|virtual_documents|ipython|jupyter|v?env.*|conda.*"
    r"|vs|vscode|idea|settings|metadata|devcontainer|history|cache|.*_cache|tox|nox|eggs|npm"
    r"|hypothesis|matplotlib|keras|kaggle|local|config|ds_store|apple.*|fseventsd|spotlight.*"
    r"|trash.*|temporaryitems|documentrevisions.*)",
    re.IGNORECASE,
)
_UP = ".."
#: Bytes of a file's path in a submission. Linux allows 4096 for a whole path, and the file is laid
#: out below a temporary folder, whose path may be long too.
MAX_PATH = 1000
#: Unicode categories of characters that control a terminal, end a line, or are half a character.
_CONTROLS = frozenset({"Cc", "Cs", "Zl", "Zp"})
#: They change the direction of text, so that one name may look like another.
_BIDIRECTIONAL = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
#: Names of devices on Windows, with any suffix.
RESERVED = re.compile(
    r"(con|conin\$|conout\$|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE
)


def tidy(name: str) -> str:
    """A file's name without empty parts and single dots."""
    return "/".join(part for part in name.split("/") if part not in ("", "."))


def is_junk(path: str) -> bool:
    """Whether a file is hidden, or lies in a folder that tools leave behind."""
    parts = path.split("/")
    return any((p.startswith(".") and p != "..") or p.lower() in _JUNK for p in parts)


def is_hidden_by_hand(name: str) -> bool:
    """Whether a file's or folder's name is hidden, and not by a tool that is known."""
    is_hidden = name.startswith(".") and name.strip(".") != ""
    return is_hidden and not _HIDDEN_BY_TOOLS.fullmatch(name)


def is_left_by_tools(path: str) -> bool:
    """Whether a file is one that tools leave behind, or lies in a folder that they leave."""
    return any(is_junk(part) and not is_hidden_by_hand(part) for part in path.split("/"))


def hidden_by_hand(path: str) -> str:
    """The hidden file of a path, or its hidden folder, that somebody may have meant to hand in.

    A folder ends in a slash. It is empty if nothing is hidden, or if tools left the file behind.
    """
    parts = path.split("/")
    hidden = [number for number, part in enumerate(parts) if is_hidden_by_hand(part)]
    if not hidden or is_left_by_tools(path):
        return ""
    end = hidden[0] + 1
    return "/".join(parts[:end]) + ("/" if end < len(parts) else "")


def folder_of_tools(path: str) -> str:
    """The folder, with a slash at the end, that tools left behind with a file that they did not.

    It is empty if there is none.
    """
    *folders, base = path.split("/")
    if is_left_by_tools(base):
        return ""
    ends = (end for end in range(len(folders)) if is_left_by_tools(folders[end]))
    return next(("/".join(folders[: end + 1]) + "/" for end in ends), "")


def without_marks(name: str) -> str:
    """A file's name without the marks of text direction that its parts begin or end with.

    Windows and some editors put such a mark before a name that is copied, or behind it.
    """
    marks = "".join(_BIDIRECTIONAL)
    return "/".join(part.strip(marks) for part in name.split("/"))


def why_unsafe(name: str) -> str:
    """The reason why a file's name cannot be trusted; empty if it can."""
    parts = name.split("/")
    if leads_out(name):
        up = _UP in parts
        return "its name leads out of the archive" if up else "its name is an absolute path"
    if "\\" in name:
        return "there is a backslash in its name"
    if any(unicodedata.category(c) in _CONTROLS or c in _BIDIRECTIONAL for c in name):
        return "there are control characters in its name"
    if any(RESERVED.fullmatch(part.rstrip(" .")) for part in parts):
        return "its name means a device on Windows"
    if len(name.encode()) > MAX_PATH or any(len(part.encode()) > 255 for part in parts):
        return "its name is too long"
    return ""


def leads_out(name: str) -> bool:
    """Whether a file's name is absolute, or leads out of the folder that it is in."""
    return (
        name.startswith("/") or re.match(r"[A-Za-z]:", name) is not None or _UP in name.split("/")
    )


def folded(path: str) -> str:
    """A key that is the same for two names that are one file on some systems."""
    return "/".join(part.rstrip(" .") for part in caseless(path).split("/"))


def is_acceptable(name: str) -> bool:
    """Whether a file may be looked at: its name is safe, and it is not junk."""
    return not is_junk(name) and not why_unsafe(name)


def printable(name: str, limit: int = 120) -> str:
    """A name for a message, cut to `limit` characters and escaped if it is unsafe."""
    shown = name if not why_unsafe(name) else name.encode("unicode_escape", "replace").decode()
    return shown if len(shown) <= limit else f"{shown[:limit]}…"
