"""A folder of submissions, or one submission: which of both a folder is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from autograder.errors import SubmissionError
from autograder.submissions.archive_suffixes import suffix_of
from autograder.submissions.file_names import CLERICAL_SUFFIXES, is_junk


def collect(
    paths: Iterable[Path], package: str, answer_files: Iterable[str], notebooks: Iterable[str]
) -> list[Path]:
    """The submissions that these paths name: each itself, or those in a folder of them.

    Args:
        package, answer_files, notebooks: what a submission holds, as the harness names them.

    Raises SubmissionError for a path that does not exist.
    """
    modules, books = set(answer_files), {f"{name}.ipynb" for name in notebooks}
    found: dict[Path, None] = {}
    for path in paths:
        if not path.exists():
            raise SubmissionError(f"{path} does not exist")
        named = path if path.name not in ("", "..") else path.resolve()
        among = _class_folder(named, package, modules, books) if named.is_dir() else []
        found.update(dict.fromkeys(among or [named]))
    return list(found)


def _class_folder(folder: Path, package: str, modules: set[str], notebooks: set[str]) -> list[Path]:
    """The submissions in a folder; none if it is a submission itself."""

    def holds(where: Path, names: set[str]) -> bool:
        return any((where / name).is_file() for name in names)

    entries = sorted(e for e in folder.iterdir() if not is_junk(e.name))
    folders = [e for e in entries if e.is_dir() and not e.is_symlink()]
    if holds(folder, modules | notebooks) or any(e.name == package for e in folders):
        return []
    files = [e for e in entries if e not in folders and e.suffix.lower() not in CLERICAL_SUFFIXES]
    # One folder with the modules right in it, and nothing beside: a package by another name.
    if not files and len(folders) == 1 and holds(folders[0], modules):
        return []
    known = [e for e in files if suffix_of(e.name)]
    return sorted([*folders, *files]) if folders or known else []
