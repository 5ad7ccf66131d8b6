"""The files of a submission, as they are taken out of a folder or an archive."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from autograder.errors import SubmissionError
from autograder.limits import MIB
from autograder.submissions.archive_limits import MAX_MEMBERS, MAX_TOTAL, too_many
from autograder.submissions.file_names import folded, is_junk, printable, tidy, unsafe

#: What is read of a submission: suffixes, and the bytes that one such file may have.
LARGEST = {".py": MIB, ".ipynb": 32 * MIB}
#: What may be asked for, and is for a person to look at.
NOTED = {".pdf"}
#: Remarks on ignored files, and kinds of files that are not read: more say no more.
MAX_REMARKS, MAX_KINDS = 1000, 50


def by_suffix(path: str) -> int:
    """The bytes that a file may have; 0 for a kind that is not read."""
    return LARGEST.get(os.path.splitext(path)[1].lower(), 0)


@dataclass
class SubmittedFiles:
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
