"""The files of data that an assignment has: for students and the box, and for graders alone."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from autograder.errors import AssignmentError
from autograder.limits import MIB
from autograder.submissions.file_names import hidden_by_hand, is_junk, why_unsafe

#: What all files of ``data/`` may have together: every box gets a copy of them.
MAX_DATA = 64 * MIB
#: Beside ``grader_data/``'s files; it is for the authors, and goes to nobody.
_README = "README.md"


def given_data(folder: Path) -> dict[str, bytes]:
    """The files of an assignment's ``data/``, by path with ``data/`` before it.

    Raises AssignmentError for a name that some systems cannot have, for a hidden file that no tool
    left there, and for too many bytes.
    """
    data = folder / "data"
    files, total = {}, 0
    for path in sorted(data.rglob("*")):
        if path.is_file() and hidden_by_hand(path.relative_to(data).as_posix()):
            raise AssignmentError(
                f"{path}: students would not get this file, because it is hidden; give it a name "
                "without the dot, or delete it"
            )
    for name, path in _files(data):
        if reason := why_unsafe(name):
            raise AssignmentError(f"{path}: {reason}; give it another name")
        total += path.stat().st_size
        if total > MAX_DATA:
            raise AssignmentError(
                f"{path}: the files of data/ have more than {MAX_DATA // MIB} MiB together; every "
                "box gets a copy of them. Give a smaller part of the data"
            )
        files[f"data/{name}"] = path.read_bytes()
    return files


def grader_data(
    folder: Path, data_sets: Collection[str] = (), chosen: str = ""
) -> dict[str, bytes]:
    """The files of an assignment's ``grader_data/``, by path below it, without its README.md.

    Args:
        data_sets: the names of data sets for training checks, ``<name>.npz``.
        chosen: the one of them that is used; the others are left out.
    """
    unused = {f"{name}.npz" for name in data_sets if name != chosen}
    return {
        name: path.read_bytes()
        for name, path in _files(folder / "grader_data")
        if name != _README and name not in unused
    }


def _files(folder: Path) -> list[tuple[str, Path]]:
    """The files below a folder by their path below it, without what tools leave behind."""
    found = ((p.relative_to(folder).as_posix(), p) for p in sorted(folder.rglob("*")))
    return [(name, path) for name, path in found if path.is_file() and not is_junk(name)]
