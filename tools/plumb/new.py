"""Writes a new assignment from a template, and in an empty folder the course around it."""

from __future__ import annotations

import re
from pathlib import Path

from autograder.cli.course_folder import COURSE_FILE, course_around, course_folder
from autograder.errors import UserError
from plumb.small_files import is_notebook

TEMPLATES = Path(__file__).parent / "templates"
#: What the file of checks is called, and the course's folders of releases and of grades.
_TAKEN = {"checks", "release", "grades"}
#: Stands for the assignment's name in the name of a template's file.
_PLACE = "NAME"
_COURSE = {
    COURSE_FILE: 'title = "{title}"\n# roster = "class.csv"\n# python = ["numpy", "pandas>=2"]\n',
    ".gitignore": "# What plumb makes.\n/release/\n/grades/\n__pycache__/\n.ipynb_checkpoints/\n",
}
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
#: What may lie in a folder that still counts as empty.
_NOTHING = {".git", ".gitignore", ".DS_Store", "README.md", "LICENSE", ".venv", "venv"}


def templates() -> list[str]:
    """The names of the templates."""
    return sorted(path.name for path in TEMPLATES.iterdir() if path.is_dir())


def new_assignment(start: Path, name: str, like: str) -> list[Path]:
    """Write a new assignment, in the course that `start` belongs to; returns the new files.

    Raises UserError, which says what to do, for a name that cannot be used, for a template that
    there is not, and if something would be overwritten. Nothing is written then.
    """
    if not _NAME.fullmatch(name):
        raise UserError(
            f"{name!r} cannot be an assignment's name; use letters, digits, - and _, such as hw1"
        )
    if name in _TAKEN:
        raise UserError(f"{name!r} is a name of Plumbline's own; choose another one, such as hw1")
    if not is_notebook(Path(f"{name}.py")):
        raise UserError(
            f"{name!r} cannot be an assignment's name, because a file {name}.py is not taken for a "
            "notebook's source; choose another one, such as hw1"
        )
    if like not in templates():
        raise UserError(f"there is no template {like!r}; there are: {', '.join(templates())}")
    course = course_around(start)
    target = course / name
    if target.exists():
        raise UserError(
            f"{target} is there already; choose another name, or remove it first. "
            "Nothing was written"
        )
    files: dict[Path, bytes] = {}
    if {path.name for path in course.iterdir()} <= _NOTHING:
        title = course.name.replace('"', "").replace("\\", "")
        for file, text in _COURSE.items():
            if not (course / file).exists():
                files[course / file] = text.format(title=title).encode()
    source = TEMPLATES / like
    for path in sorted(source.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            inner = path.relative_to(source).as_posix().replace(_PLACE, name)
            files[target / inner] = path.read_bytes()
    for path, data in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return list(files)


def without_course_file(start: Path) -> str:
    """A sentence for the author of a new assignment that no ``course.toml`` lies around."""
    if course_folder(start) is not None:
        return ""
    return (
        f"No {COURSE_FILE} was written, because other files are here. This folder is the course "
        f'all the same; write a {COURSE_FILE} with a line title = "..." if commands are to find it '
        "from every folder in it."
    )
