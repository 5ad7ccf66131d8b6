"""Tells a folder of submissions from a folder that is one submission."""

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
    modules, notebook_files = set(answer_files), {f"{name}.ipynb" for name in notebooks}
    found: dict[Path, None] = {}
    for path in paths:
        if not path.exists():
            raise SubmissionError(f"{path} does not exist")
        named = path if path.name not in ("", "..") else path.resolve()
        inside = _submissions_in(named, package, modules, notebook_files) if named.is_dir() else []
        found.update(dict.fromkeys(inside or [named]))
    return list(found)


def _submissions_in(
    folder: Path, package: str, modules: set[str], notebook_files: set[str]
) -> list[Path]:
    """The submissions in a folder; none if the folder is a submission itself."""

    def holds(where: Path, names: set[str]) -> bool:
        return any((where / name).is_file() for name in names)

    entries = sorted(e for e in folder.iterdir() if not is_junk(e.name))
    folders = [e for e in entries if e.is_dir() and not e.is_symlink()]
    if holds(folder, modules | notebook_files) or any(e.name == package for e in folders):
        return []
    files = [e for e in entries if e not in folders and e.suffix.lower() not in CLERICAL_SUFFIXES]
    # A single folder that holds the modules, with no file beside it, is a renamed package.
    if not files and len(folders) == 1 and holds(folders[0], modules):
        return []
    readable = [e for e in files if suffix_of(e.name)]
    return sorted([*folders, *files]) if folders or readable else []
