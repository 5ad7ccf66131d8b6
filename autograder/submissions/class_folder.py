"""Tells a folder of submissions from a folder that is one submission."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from autograder.errors import SubmissionError
from autograder.submissions.archive_suffixes import is_clerical, suffix_of
from autograder.submissions.file_names import is_hidden_by_hand, is_junk, is_left_by_tools
from autograder.submissions.meant_names import SPELLED, nearness
from autograder.submissions.submitted_files import UNREAD_ARCHIVES

#: How many files of a hidden folder are looked at to find out whether it is a submission.
MAX_LOOKED_AT = 1000


def collect(
    paths: Iterable[Path], package: str, answer_files: Iterable[str], notebooks: Iterable[str]
) -> list[Path]:
    """The submissions that these paths name: each itself, or those in a folder of them.

    Args:
        package, answer_files, notebooks: what a submission holds, as the harness names them.

    Raises SubmissionError for a path that does not exist.
    """
    modules, notebook_files = set(answer_files), {f"{name}.ipynb" for name in notebooks}
    found: dict[Path, None] = {}
    for path in paths:
        if not path.exists():
            raise SubmissionError(f"{path} does not exist")
        named = path if path.name not in ("", "..") else path.resolve()
        inside = _submissions_in(named, package, modules, notebook_files) if named.is_dir() else []
        found.update(dict.fromkeys(inside or [named]))
    return list(found)


def is_empty(path: Path) -> bool:
    """Whether a path is a folder without any file, at any depth, but those that tools leave."""

    return path.is_dir() and all(
        is_left_by_tools(entry.relative_to(path).as_posix())
        for entry in path.rglob("*")
        if entry.is_symlink() or not entry.is_dir()
    )


def _submissions_in(
    folder: Path, package: str, modules: set[str], notebook_files: set[str]
) -> list[Path]:
    """The submissions in a folder; none if the folder is a submission itself."""

    def holds(where: Path, names: set[str]) -> bool:
        return any((where / name).is_file() for name in names)

    entries = sorted(e for e in folder.iterdir() if not is_junk(e.name) or _is_hidden_work(e))
    folders = [e for e in entries if e.is_dir() and not e.is_symlink()]
    if holds(folder, modules | notebook_files) or any(e.name == package for e in folders):
        return []
    files = [e for e in entries if e not in folders and not is_clerical(e.name)]
    # A single folder that holds the modules, with no file beside it, is a renamed package.
    if not files and len(folders) == 1 and holds(folders[0], modules):
        return []
    if not folders and _are_one_submission([e.name for e in files], modules | notebook_files):
        return []
    readable = [e for e in files if suffix_of(e.name)]
    # Several archives of kinds that are not read are a class's, too.
    unreadable = [e for e in files if e.suffix.lower() in UNREAD_ARCHIVES]
    is_class = folders or readable or len(unreadable) > 1
    return sorted([*folders, *files]) if is_class else []


def _are_one_submission(files: list[str], expected: set[str]) -> bool:
    """Whether each file is meant as another one that is asked for: ``Ops.py``, ``Hw.ipynb.txt``.

    Copies such as ``Hw (1).ipynb`` may be those of several students.
    """
    meant = [next((w for w in expected if nearness(f, w) == SPELLED), "") for f in files]
    return bool(meant) and all(meant) and len(set(meant)) == len(meant)


def _is_hidden_work(entry: Path) -> bool:
    """Whether a hidden file or folder may be a submission."""
    if not is_hidden_by_hand(entry.name) or entry.is_symlink():
        return False
    if not entry.is_dir():
        return bool(suffix_of(entry.name))
    inside = islice(entry.rglob("*"), MAX_LOOKED_AT)
    return any(suffix_of(path.name) and path.is_file() for path in inside)
