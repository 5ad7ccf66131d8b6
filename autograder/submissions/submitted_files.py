"""The files of one submission, collected from a folder or an archive."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from autograder.errors import DAMAGED_ARCHIVE, SubmissionError
from autograder.limits import MIB
from autograder.submissions.archive_limits import MAX_MEMBERS, MAX_TOTAL, too_many
from autograder.submissions.archive_suffixes import by_suffix, is_archive, split_kind
from autograder.submissions.file_names import (
    folded,
    folder_of_tools,
    hidden_by_hand,
    is_junk,
    printable,
    tidy,
    why_unsafe,
    without_marks,
)
from autograder.submissions.notes import LeftAside

#: What people call the archives of kinds that are not read, by suffix.
UNREAD_ARCHIVES = {".rar": "RAR", ".7z": "7z"}
_MARKED = (
    "its name begins or ends with a mark of text direction, and there is a file with the name alone"
)
_HIDDEN_FOLDER = "hidden folders are not read; give it a name that does not begin with a dot"
_HIDDEN_FILE = "hidden files are not read; give it a name that does not begin with a dot"
#: So many files whose names differ in such marks alone are kept beside the file of the name alone.
_MOST_MARKED = 20
#: Documents that an assignment may ask for. They are for a person to read.
DOCUMENTS = {".pdf"}
#: Files with these suffixes may be modules that were saved under another name.
_MAY_BE_PYTHON = {".txt", ".text", ".pyw", ".bak", ".old", ".md"}
_DEFINITION = re.compile(rb"^(?:def|class)[ \t]", re.MULTILINE)
#: So many such files are looked into, if they have no more bytes than this.
_MOST_TEXTS, _LONGEST_TEXT = 50, 256 * 1024
#: The most notes on ignored files, and the most suffixes of unread files, that are kept.
MAX_REMARKS, MAX_KINDS = 1000, 50


def unread_archive(kind: str) -> str:
    """The sentence about an archive of a kind that is not read."""
    return f"it is a {kind} archive, which is not read; pack the files as a zip and hand that in"


@dataclass
class SubmittedFiles:
    """The files that were found, and what there is to say of those that were not read.

    Attributes:
        files: bytes by relative posix path, of modules and notebooks.
        notes: sentences for the report, on files that somebody may have meant to hand in.
        archives: archives at the top of a folder. They are named here, and not read.
        documents: paths of documents. They are not read.
        ignored: the reason by path, for each ignored file that `notes` names.
        tool_folders: folders that tools leave behind, with modules, notebooks or archives in
            them, in the order in which they were found. They are not read.
        too_large: the paths of those that were ignored for their size.
        unread: how many files of other kinds there are, by suffix.
        unread_files: the paths of such files; of many the first ones.
        texts: the bytes of those of them, by path, that may be Python though their suffix says
            something else; of many or long ones the first and the short.
        limit_of: the bytes that the file of a path may have; 0 if it is not to be read.
        folder: with a slash at the end; the next files are put into it. Empty for the top.
        opened: how many archives inside what was handed in were opened.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    archives: list[str] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)
    ignored: dict[str, str] = field(default_factory=dict)
    tool_folders: dict[str, None] = field(default_factory=dict)
    too_large: set[str] = field(default_factory=set)
    unread: Counter[str] = field(default_factory=Counter)
    unread_files: dict[str, None] = field(default_factory=dict)
    texts: dict[str, bytes] = field(default_factory=dict)
    limit_of: Callable[[str], int] = by_suffix
    folder: str = ""
    opened: int = 0
    _path_by_key: dict[str, str] = field(default_factory=dict)
    _hidden: set[str] = field(default_factory=set)
    _marked: dict[str, str] = field(default_factory=dict)
    _members: int = 0
    _texts: int = 0
    _total: int = 0

    @property
    def unpacked(self) -> int:
        """The bytes that were read so far, those of ignored files too."""
        return self._total

    @contextmanager
    def put_into(self, folder: str) -> Iterator[None]:
        """Put the files that are added meanwhile into a folder of the current one.

        Args:
            folder: its name with a slash at the end; empty for the current folder itself.
        """
        before, self.folder = self.folder, self.folder + folder
        try:
            yield
        finally:
            self.folder = before

    def count_member(self) -> None:
        """Count a member of any kind. Raises SubmissionError for too many of them."""
        self._members += 1
        if self._members > MAX_MEMBERS:
            raise too_many(MAX_MEMBERS)

    def add(self, name: str, read: Callable[[int], bytes]) -> None:
        """Read a file and keep it, if it is of a kind that is read.

        Args:
            name: its path.
            read: takes a number n and returns at most n bytes of the file.

        Of several files with one path the last one counts, as in other tools. One whose name has
        marks of text direction is kept as a copy's name, ``ops (1).py``, beside the file of the
        name alone. Raises SubmissionError if all together are too large.
        """
        written, name = name, without_marks(name)
        path = self.folder + tidy(name)
        # The folder is that of an archive inside: with it, a path may be too long.
        reason = why_unsafe(name) or why_unsafe(path)
        if reason:
            self.ignore(name, reason)
            return
        if is_junk(path):
            if self.limit_of(path) or is_archive(path):
                self._note_junk(path)
            return
        limit = self.limit_of(path)
        if not limit:
            suffix = os.path.splitext(path)[1].lower()
            if suffix in DOCUMENTS:
                self.documents.append(path)
            elif suffix in UNREAD_ARCHIVES:
                self.ignore(name, unread_archive(UNREAD_ARCHIVES[suffix]))
            self.unread[self._kind_of_unread(path)] += 1
            if len(self.unread_files) < MAX_REMARKS:
                self.unread_files[path] = None
            if suffix in _MAY_BE_PYTHON and self.limit_of is by_suffix:
                self._keep_text(path, read)
            return
        data = read(limit + 1)
        self._total += len(data)  # files that are ignored below were unpacked, too
        if self._total > MAX_TOTAL:
            raise SubmissionError(
                f"its modules and notebooks are larger than {MAX_TOTAL // MIB} MiB"
            )
        if len(data) > limit:
            size = f"{limit // MIB} MiB" if limit >= MIB else f"{limit} bytes"
            is_notebook = split_kind(path)[1] == ".ipynb"
            advice = "; clear its outputs and hand it in again" if is_notebook else ""
            self.too_large.add(path)
            self.ignore(name, f"it is larger than {size}{advice}")
            return
        key = folded(path)
        if written != name and key in self._path_by_key:
            self._keep_as_copy(path, data, written)
        elif earlier := self._marked.pop(key, ""):
            # The name alone is this file's, whichever of the two comes first.
            with_marks = self.files.pop(self._path_by_key.pop(key))
            self._keep(path, data)
            self._keep_as_copy(path, with_marks, earlier)
        else:
            self._keep(path, data)
            if written != name:
                self._marked[key] = written

    def _note_junk(self, path: str) -> None:
        """Note a hidden file, unless a tool has hidden it; remember the folders of tools."""
        if hidden := hidden_by_hand(path):
            self.note_hidden(hidden)
        elif (folder := folder_of_tools(path)) and len(self.tool_folders) < MAX_KINDS:
            self.tool_folders[folder] = None

    def note_hidden(self, hidden: str) -> None:
        """Note once that a hidden file, or a folder with a slash at the end, was ignored."""
        if hidden not in self._hidden and len(self.notes) < MAX_REMARKS:
            self._hidden.add(hidden)
            reason = _HIDDEN_FOLDER if hidden.endswith("/") else _HIDDEN_FILE
            self.notes.append(LeftAside(f"ignored {printable(hidden)}: {reason}"))

    def _keep_text(self, path: str, read: Callable[[int], bytes]) -> None:
        """Keep a file of another kind that may be Python. One that is damaged costs nothing."""
        if self._texts >= _MOST_TEXTS:
            return
        self._texts += 1
        with suppress(SubmissionError, MemoryError, *DAMAGED_ARCHIVE):
            data = read(_LONGEST_TEXT + 1)
            if len(data) <= _LONGEST_TEXT and _DEFINITION.search(data):
                self.texts[path] = data

    def was_opened(self, name: str) -> None:
        """Take an archive inside, that was opened, from the files that were not read."""
        path = self.folder + tidy(without_marks(name))
        if path in self.unread_files:
            del self.unread_files[path]
            self.unread -= Counter([self._kind_of_unread(path)])

    def _kind_of_unread(self, path: str) -> str:
        """What a file that is not read is counted as: students choose the suffix, of many kinds."""
        suffix = os.path.splitext(path)[1].lower()
        plain = re.fullmatch(r"\.[a-z0-9_]{1,12}", suffix)
        known = suffix in self.unread or len(self.unread) < MAX_KINDS
        return suffix if plain and known else "other"

    def _keep(self, path: str, data: bytes) -> None:
        """Keep a file. Two with different bytes are kept if their paths differ in capitals alone.

        Only one of those is ever written into a folder: see `modules` and `notebooks`.
        """
        known = self._path_by_key.setdefault(folded(path), path)
        if self.files.get(known) == data:
            return
        if path in self.files:
            self.note_repeated(path)
        self.files[path] = data

    def _keep_as_copy(self, path: str, data: bytes, written: str) -> None:
        """Keep a file beside the one of its path.

        Args:
            written: its name as it was handed in.
        """
        if self.files[self._path_by_key[folded(path)]] == data:
            return
        stem = split_kind(path)[0]
        copies = (f"{stem} ({n}){path[len(stem) :]}" for n in range(1, _MOST_MARKED + 1))
        copy = next((name for name in copies if folded(name) not in self._path_by_key), "")
        if not self.limit_of(copy) or why_unsafe(copy):
            self.ignore(written, _MARKED)
            return
        self._keep(copy, data)
        if len(self.notes) < MAX_REMARKS:
            self.notes.append(f"{printable(self.folder + written)} was read as {copy}: {_MARKED}")

    def note_repeated(self, path: str) -> None:
        """Note that several files have this path, and that the last one counts."""
        if len(self.notes) < MAX_REMARKS:
            self.notes.append(
                LeftAside(f"{printable(path)} is there more than once; the last one counts")
            )

    def ignore(self, name: str, reason: str) -> None:
        """Note that a file was ignored. Junk is ignored without a note."""
        if not is_junk(tidy(name)) and len(self.notes) < MAX_REMARKS:
            self.ignored[self.folder + tidy(name)] = reason
            self.notes.append(LeftAside(f"ignored {printable(self.folder + name)}: {reason}"))
