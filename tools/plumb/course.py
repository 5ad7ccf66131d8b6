"""Finds a course and its assignments from the folder that a command is called in."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from autograder.cli.course_folder import (
    CourseFile,
    course_around,
    course_folder,
    is_small,
    read_course_file,
)
from autograder.errors import UserError
from plumb.config import read_assignment_file, variants


@dataclass(frozen=True)
class AssignmentPlace:
    """Where an assignment lies.

    Attributes:
        folder: its sources.
        solutions: the folder with its package; of a small assignment its own.
        out: where its variants are released, a folder each.
        variants: their names; an assignment without a file for them has one, of its own name.
        name: of the assignment, by which its author asks for it.
    """

    name: str
    folder: Path
    solutions: Path
    out: Path
    variants: tuple[str, ...]

    def variant(self, wanted: str | None) -> str:
        """The variant that is meant: the one wanted, the only one, or that of the same name.

        Raises UserError with all of them if that is not clear.
        """
        if wanted is not None:
            return wanted
        if len(self.variants) == 1:
            return self.variants[0]
        if self.name in self.variants:
            return self.name
        raise UserError(
            f"{self.name} has several variants: {', '.join(self.variants)}; choose one with "
            "--variant, or build all with --all"
        )


@dataclass(frozen=True)
class Course:
    """A course.

    Attributes:
        folder: its folder.
        file: the content of ``course.toml``.
        assignments: in the order of their names.
        here: the one whose folder the command is called in, if it is.
    """

    folder: Path
    file: CourseFile
    assignments: tuple[AssignmentPlace, ...]
    here: AssignmentPlace | None = None

    def choose(self, name: str | None) -> list[AssignmentPlace]:
        """The assignment of a name; without one the one that we are in, or all of them.

        Raises UserError with what there is if there is no such assignment.
        """
        if name is None and self.here:
            return [self.here]
        if name is None:
            if not self.assignments:
                raise UserError(
                    f"{shown(self.folder)} has no assignment yet; `plumb new hw1` makes one"
                    f"{_begun(self.folder)}"
                )
            return list(self.assignments)
        wanted = name.rstrip("/\\")
        for place in self.assignments:
            if place.name == wanted:
                return [place]
        there = ", ".join(place.name for place in self.assignments) or "none yet"
        raise UserError(
            f"there is no assignment {wanted!r} in {shown(self.folder)}; there are: {there}"
            f"{_why_not(self.folder / wanted)}"
        )


def full_place(assignment: Path, solutions: Path, out: Path) -> AssignmentPlace:
    """An assignment with these folders, such as the one at the top of Plumbline's own repository.

    Raises AssignmentError if it has no ``assignment.toml``, UserError if it has no variants.
    """
    if is_small(assignment):
        return _small_place(assignment, out)
    name = read_assignment_file(assignment).name
    names = tuple(variants(assignment))
    if not names:
        raise UserError(f"{assignment} has no variants; name the folder with --assignment")
    return AssignmentPlace(name, assignment, solutions, out, names)


def find_course(start: Path) -> Course:
    """The course that a folder belongs to.

    It is the nearest folder with a ``course.toml``, or else the folder with an ``assignment/`` in
    the full form, the folder above a small assignment, or the folder above nothing but those.

    Raises UserError, which says what to do, if there is none.
    """
    start = start.resolve()
    if course_folder(start) is None and (start / "assignment" / "assignment.toml").is_file():
        parts = ("assignment", "solutions", "release")
        place = full_place(*(Path(os.path.relpath(start / part)) for part in parts))
        return Course(start, CourseFile(), (place,), place)
    folder = course_around(start)
    places = [
        _small_place(Path(os.path.relpath(path)), Path(os.path.relpath(folder / "release")))
        for path in sorted(folder.iterdir())
        if path.is_dir() and not path.name.startswith(".") and is_small(path)
    ]
    if not places and folder == start and not (folder / "course.toml").is_file():
        raise UserError(
            f"{start}: there is no assignment here; `plumb new hw1` makes one, and a course around "
            f"it in an empty folder{_begun(start)}"
        )
    here = next((p for p in places if start.is_relative_to(p.folder.resolve())), None)
    return Course(folder, read_course_file(folder), tuple(places), here)


def shown(path: Path) -> str:
    """A path as it is shown: from the current folder, where it is below it."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative


def _why_not(folder: Path) -> str:
    """What a folder lacks to be an assignment; empty if there is no such folder."""
    if not folder.is_dir():
        return ""
    return f". {shown(folder)} has no checks.py, which makes a folder an assignment; write one"


def _begun(folder: Path) -> str:
    """What the first folder lacks that has a notebook and no checks; empty if there is none."""
    sources = [p for p in folder.glob("*/*.py") if re.search(rb"(?m)^# ?%%", p.read_bytes())]
    begun = sorted({path.parent for path in [*sources, *folder.glob("*/*.ipynb")]})
    return next((_why_not(path) for path in begun), "")


def _small_place(folder: Path, out: Path) -> AssignmentPlace:
    name = folder.resolve().name
    return AssignmentPlace(name, folder, folder, out, tuple(variants(folder)) or (name,))
