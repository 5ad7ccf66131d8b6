"""Which files of a submission are taken, by their names, kinds and sizes.

A name is somebody else's text: it decides nothing before it was found to be harmless.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO

from autograder.errors import SubmissionError

MIB = 1 << 20
#: What is read of a submission: suffixes, and the bytes that one such file may have.
LARGEST = {".py": MIB, ".ipynb": 32 * MIB}
#: What may be asked for, and is for a person to look at.
NOTED = {".pdf"}
MAX_TOTAL = 96 * MIB
MAX_MEMBERS = 50_000
#: From this size on, a stream that unpacks to more than so many times its size is a bomb.
MAX_SMALL, MAX_RATIO = 64 * MIB, 100
#: Remarks on ignored files, and kinds of files that are not read: more say no more.
MAX_REMARKS, MAX_KINDS = 1000, 50

#: Folders that tools leave behind; hidden ones are told by their dot.
_JUNK = {"__macosx", "__pycache__", "node_modules", "site-packages"}
#: Categories of what controls a terminal, parts lines, or is half of a character.
_CONTROLS = frozenset({"Cc", "Cs", "Zl", "Zp"})
#: They turn the direction of what is written, and so make one name look like another.
_BIDIRECTIONAL = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
#: Windows takes these for devices, whatever suffix they bear.
RESERVED = re.compile(
    r"(con|conin\$|conout\$|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE
)


def by_suffix(path: str) -> int:
    """The bytes that a file may have; 0 for a kind that is not read."""
    return LARGEST.get(os.path.splitext(path)[1].lower(), 0)


@dataclass
class Contents:
    """What was found.

    Attributes:
        files: bytes by relative posix path, of modules and notebooks.
        notes: what was ignored that somebody may have meant to hand in.
        ignored: the reason by path, for every such file.
        archives: archives at the top, unread.
        others: files of a kind that is noted, and not read.
        unread: how many files of other kinds there are, by suffix.
        limit_of: the bytes that the file of a path may have, 0 if it is not to be read.
        prefix: stands before the path of whatever is taken next.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    archives: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    ignored: dict[str, str] = field(default_factory=dict)
    unread: Counter[str] = field(default_factory=Counter)
    limit_of: Callable[[str], int] = by_suffix
    prefix: str = ""
    _folded: dict[str, str] = field(default_factory=dict)
    _members: int = 0
    _total: int = 0

    @property
    def unpacked(self) -> int:
        """The bytes that were read so far, of ignored files too."""
        return self._total

    def count(self) -> None:
        """Another member of whatever kind. Raises SubmissionError for too many of them."""
        self._members += 1
        if self._members > MAX_MEMBERS:
            raise too_many(MAX_MEMBERS)

    def take(self, name: str, read: Callable[[int], bytes]) -> None:
        """Keep a file if it is wanted; `read` gives at most so many bytes of it.

        Raises SubmissionError where two files cannot be told apart, or all are too large.
        """
        path = self.prefix + tidy(name)
        reason = unsafe(name)
        if reason:
            self.ignore(name, reason)
            return
        if is_junk(path):
            return
        limit = self.limit_of(path)
        if not limit:
            suffix = os.path.splitext(path)[1].lower()
            if suffix in NOTED:
                self.others.append(path)
            self._leave(suffix)
            return
        data = read(limit + 1)
        self._total += len(data)  # what is ignored was unpacked all the same
        if self._total > MAX_TOTAL:
            raise SubmissionError(
                f"its modules and notebooks are larger than {MAX_TOTAL // MIB} MiB"
            )
        if len(data) > limit:
            size = f"{limit // MIB} MiB" if limit >= MIB else f"{limit} bytes"
            todo = (
                "; clear its outputs and hand it in again"
                if path.lower().endswith(".ipynb")
                else ""
            )
            self.ignore(name, f"it is larger than {size}{todo}")
            return
        self._keep(path, data)

    def _leave(self, suffix: str) -> None:
        """Count a file that is not read; a suffix is somebody's text, and there may be many."""
        plain = re.fullmatch(r"\.[a-z0-9_]{1,12}", suffix)
        known = suffix in self.unread or len(self.unread) < MAX_KINDS
        self.unread[suffix if plain and known else "other"] += 1

    def _keep(self, path: str, data: bytes) -> None:
        known = self._folded.setdefault(folded(path), path)
        if self.files.get(known, data) != data:
            if known != path:
                raise SubmissionError(
                    f"it holds both {known} and {path}, which are one file on many systems; "
                    "hand in only one of them"
                )
            self.notes.append(f"{path} is there more than once; the last one counts")
        self.files[known] = data

    def ignore(self, name: str, reason: str) -> None:
        """Note that a file was left out; not a word of what tools leave behind."""
        if not is_junk(tidy(name)) and len(self.notes) < MAX_REMARKS:
            self.ignored[self.prefix + tidy(name)] = reason
            self.notes.append(f"ignored {printable(name)}: {reason}")


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
    """What is the same for two names that some file system takes for one."""
    parts = (part.rstrip(" .") for part in path.split("/"))
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", "/".join(parts)).casefold())


def too_many(most: int) -> SubmissionError:
    """The refusal of what holds more members than anybody would hand in."""
    return SubmissionError(
        f"it holds more than {most} files; hand in the package folder and the notebooks only"
    )


def most_unpacked(packed: int, most: int) -> int:
    """The bytes that so many packed ones may become: no student's work shrinks to a hundredth."""
    return min(most, max(MAX_SMALL, MAX_RATIO * packed))


def copy_bounded(source: IO[bytes], target: IO[bytes], most: int) -> None:
    """Copy a stream piece by piece. Raises SubmissionError once it is longer than `most` bytes."""
    total = 0
    while piece := source.read(MIB):
        total += len(piece)
        if total > most:
            raise SubmissionError(
                f"unpacked it is larger than {most // MIB} MiB; "
                "hand in the package folder and the notebooks only, without data"
            )
        target.write(piece)


def printable(name: str, limit: int = 120) -> str:
    """A name for a message: escaped where it is not plain, and cut."""
    shown = name if not unsafe(name) else name.encode("unicode_escape", "replace").decode()
    return shown if len(shown) <= limit else f"{shown[:limit]}…"
