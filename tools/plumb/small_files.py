"""The files of an assignment in the small form: which are notebooks, modules, checks."""

from __future__ import annotations

import re
from pathlib import Path

from autograder.cli.author_files import read_text
from autograder.errors import AssignmentError
from plumb.mistakes import Mistakes

#: Python files beside a notebook's source that are none themselves.
_NO_NOTEBOOKS = {"checks", "conftest", "setup"}
_BEGIN = re.compile(rb"#+ ?BEGIN SOLUTION|<!-- BEGIN SOLUTION")
_CELL = re.compile(r"^#\s?%%", re.MULTILINE)


def notebook_paths(folder: Path, order: tuple[str, ...], mistakes: Mistakes) -> list[Path]:
    """The sources of the notebooks, in order.

    It is a mistake if there is none, if there are two of one name, or if a file is none.
    """
    paths: dict[str, Path] = {}
    found = [*folder.glob("*.py"), *folder.glob("*.ipynb")]
    candidates = sorted(path for path in found if is_notebook(path))
    for path in candidates:
        text = mistakes.tried(read_text, path) if path.suffix == ".py" else "# %%"
        if text is None:
            continue
        if not _CELL.search(text):
            mistakes.add(
                f"{path}:1: this is no notebook's source: it has no line '# %%'; put modules into "
                "a package, a folder with an __init__.py, and what checks use into checks.py"
            )
        elif path.stem in paths:
            mistakes.add(
                f"{path}: {paths[path.stem].name} is a source of the same notebook; delete one"
            )
        else:
            paths[path.stem] = path
    if not candidates:
        mistakes.add(
            f"{folder}: there is no notebook's source, such as {folder.resolve().name}.py with "
            "cells that begin with '# %%', or an .ipynb"
        )
    for name in order:
        if name not in paths:
            mistakes.add(
                f"{folder / 'assignment.toml'}: there is no notebook {name!r}; there are: "
                f"{', '.join(paths)}"
            )
    return [paths[name] for name in order or paths if name in paths]


def is_notebook(path: Path) -> bool:
    """Whether a file beside ``checks.py`` is taken for a notebook's source, by its name."""
    if path.suffix == ".py" and path.stem in _NO_NOTEBOOKS:
        return False
    return not path.name.startswith(("_", ".", "test_"))


def unread_files(folder: Path, package: str) -> list[str]:
    """A sentence for each file with a solution region that is neither notebook nor module.

    Its question would vanish.
    """
    found = []
    for path in sorted([*folder.rglob("*.py"), *folder.rglob("*.ipynb")]):
        parts = path.relative_to(folder).parts
        is_module = parts[0] == package and path.suffix == ".py"
        is_aside = parts[0] in ("checks", "data", "grader_data")
        if is_module or is_aside or any(part.startswith(".") for part in parts):
            continue
        if len(parts) == 1 and (is_notebook(path) or path.stem in _NO_NOTEBOOKS):
            continue
        if _BEGIN.search(path.read_bytes()):
            found.append(
                f"{path}: it has a solution region, and nobody would get it; a module stands in a "
                "folder with an __init__.py, a notebook's source beside checks.py under a name "
                "that begins with neither _ nor test_"
            )
    return found


def package_name(folder: Path, told: str) -> str:
    """The name of the package with solutions; empty if there is none."""
    found = [
        path.parent.name
        for path in sorted(folder.glob("*/__init__.py"))
        if path.parent.name != "checks"
    ]
    if told and told not in found:
        raise AssignmentError(
            f"{folder / 'assignment.toml'}: package = {told!r}, and there is no file "
            f"{told}/__init__.py"
        )
    if not told and len(found) > 1:
        raise AssignmentError(
            f"{folder}: there are several packages: {', '.join(found)}; say in assignment.toml "
            f"which one students complete: package = {found[0]!r}"
        )
    return told or next(iter(found), "")


def check_files_of(folder: Path) -> tuple[Path, ...]:
    """The files of checks. Raises AssignmentError if there are none, or in two places."""
    inside = tuple(sorted((folder / "checks").glob("*.py")))
    alone = folder / "checks.py"
    if alone.is_file() and inside:
        raise AssignmentError(f"{alone}: there is a folder checks/ too; keep one of them")
    if not alone.is_file() and not inside:
        raise AssignmentError(f"{folder}: there are no checks; write them in checks.py")
    return inside or (alone,)
