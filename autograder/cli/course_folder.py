"""The folder of a course: found from any folder in it, and where releases and grades lie."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

from autograder.cli.author_files import read_toml
from autograder.errors import UserError

COURSE_FILE = "course.toml"


class CourseFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The content of ``course.toml``.

    Attributes:
        python: the packages that the course needs, such as ``pandas>=2``.
        roster: the class list, a path from the course's folder.
    """

    title: str = ""
    python: tuple[str, ...] = ()
    roster: str = ""


@dataclass(frozen=True)
class Grading:
    """What ``plumb grade`` takes from the course, where the call does not say it."""

    harness: Path
    out: Path
    submissions: list[Path]
    roster: Path | None


def read_course_file(folder: Path) -> CourseFile:
    """Read ``course.toml``; it may be missing. Raises AssignmentError with the keys it can have."""
    path = folder / COURSE_FILE
    return read_toml(path, CourseFile) if path.is_file() else CourseFile()


def course_folder(start: Path) -> Path | None:
    """The folder above `start`, or itself, that has a ``course.toml``; None if there is none."""
    start = start.resolve()
    return next((f for f in (start, *start.parents) if (f / COURSE_FILE).is_file()), None)


def is_small(folder: Path) -> bool:
    """Whether a folder is an assignment in the small form."""
    return not (folder / "notebooks").is_dir() and (
        (folder / "checks.py").is_file() or (folder / "checks").is_dir()
    )


def course_around(start: Path) -> Path:
    """The folder of the course that a folder belongs to.

    Without a ``course.toml`` it is the folder above a small assignment, or else the folder itself.
    """
    start = start.resolve()
    return course_folder(start) or (start.parent if is_small(start) else start)


def find_grading(arguments: list[Path], start: Path) -> Grading:
    """The harness of an assignment of the course, and what is graded by it.

    Args:
        arguments: the name of the assignment and the submissions; the name may be left out within
            the assignment's folder, and if only one assignment was released.
        start: the folder that the command is called in.

    Raises UserError, which says what to do, if it is not clear which assignment is meant.
    """
    start = start.resolve()
    course = course_around(start)
    released = sorted(path.parent.name for path in course.glob("release/*/harness.zip"))
    first = arguments[0].name if str(arguments[0]).rstrip("/") == arguments[0].name else ""
    inside = start.relative_to(course).parts[0] if start != course else ""
    if first in released:
        name, submissions = first, arguments[1:]
    elif open_names := [n for n in (first, inside) if _is_unreleased(course, n, released)]:
        # Another assignment's harness would give every student a grade for the wrong one.
        name = open_names[0]
        raise UserError(f"{name} is not released yet; run `plumb release {name}` first")
    elif inside in released:
        name, submissions = inside, arguments
    elif len(released) == 1:
        name, submissions = released[0], arguments
    else:
        there = f"there are: {', '.join(released)}" if released else "nothing was released yet"
        raise UserError(
            "which assignment is to be graded? Write `plumb grade ASSIGNMENT SUBMISSION`; "
            f"{there}. `plumb release` makes a release; --harness names a harness.zip elsewhere"
        )
    if not submissions:
        raise UserError(f"what is to be graded? Write `plumb grade {name} SUBMISSION`")
    roster = read_course_file(course).roster
    return Grading(
        harness=course / "release" / name / "harness.zip",
        out=course / "grades" / name,
        submissions=submissions,
        roster=course / roster if roster else None,
    )


def _is_unreleased(course: Path, name: str, released: list[str]) -> bool:
    """Whether an assignment of the course has this name, and no release."""
    sources = ("assignment.toml", "checks.py", "checks")
    folder = course / name
    return bool(name) and name not in released and any((folder / s).exists() for s in sources)
