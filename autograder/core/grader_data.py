"""The files that graders alone have, for checks: labels, secret inputs, answers of a survey."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from .errors import CheckError


class GraderData:
    """The files of ``grader_data/``; a check gets them by an argument of the name `grader_data`.

    They lie in the trusted process alone. A check may hand a part of them to the student's code,
    such as inputs without their labels. That part is then known to the student's code.

    Args:
        folder: where the files lie.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, name: str) -> Path:
        """Where a file lies, for readers that take a path, such as ``pandas.read_csv``.

        Args:
            name: its path below ``grader_data/``.

        Raises CheckError, which says what files there are, if there is no such file.
        """
        files = {p.relative_to(self._folder).as_posix(): p for p in self._files()}
        if name not in files:
            there = ", ".join(sorted(files)) or "none"
            raise CheckError(f"there is no file {name!r} in grader_data/; there are: {there}")
        return files[name]

    def bytes(self, name: str) -> bytes:
        """The content of a file."""
        return self.path(name).read_bytes()

    def text(self, name: str) -> str:
        """The text of a file in UTF-8."""
        return self.path(name).read_text("utf-8-sig")

    def load(self, name: str) -> Any:
        """What ``numpy.load`` gives: an array of an .npy file, a dictionary of arrays of an .npz.

        Raises CheckError for any other file; nothing is ever unpickled.
        """
        content = self.bytes(name)
        try:
            loaded = np.load(io.BytesIO(content), allow_pickle=False)
            return dict(loaded) if isinstance(loaded, np.lib.npyio.NpzFile) else loaded
        except (ValueError, EOFError, zipfile.BadZipFile) as error:
            raise CheckError(f"grader_data/{name} cannot be loaded: {error}") from None

    def _files(self) -> list[Path]:
        return [path for path in self._folder.rglob("*") if path.is_file()]
