"""Reads what an instructor writes in TOML: the assignment, its variants, translated titles."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec

from autograder.cli.author_files import read_text, read_toml, toml_error
from autograder.errors import AssignmentError
from autograder.harness import Kind
from autograder.limits import Limits
from plumb.variant import Variant


class NotebookEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A notebook in ``assignment.toml``; its source is ``notebooks/<name>.py``."""

    name: str
    title: str


class QuestionEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A question in ``assignment.toml``.

    Attributes:
        notebooks: where it may be asked; a variant asks it in the first of these that it has.
        rubric: by what a person grades an answer in prose.
    """

    id: str
    title: str
    notebooks: tuple[str, ...]
    kind: Kind = Kind.CODE
    rubric: str = ""


class AssignmentFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The content of ``assignment.toml``.

    Attributes:
        package: the reference's package, below the folder of solutions.
        data: data sets for training checks, ``grader_data/<name>.npz``; the first that exists
            is used.
        python: the packages that the assignment needs beside the course's, such as ``scipy``.
        features: what only some variants ask, by names of its own. A variant names those that it
            asks; the conditions of cells and checks are made of them.
        limits: the limits of checks that do not train a model.
        training: the limits of checks that train a model.
        submission_seconds: wall-clock time that all checks of one submission may take together,
            whatever comes of them; None: see `autograder.grading.time_budget`.
    """

    name: str
    title: str
    package: str
    data: tuple[str, ...] = ()
    python: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    notebooks: tuple[NotebookEntry, ...]
    questions: tuple[QuestionEntry, ...]
    limits: Limits = msgspec.field(default_factory=Limits)
    training: Limits = msgspec.field(default_factory=Limits)
    submission_seconds: Annotated[float, msgspec.Meta(gt=0)] | None = None


class SmallQuestionEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A question in the ``assignment.toml`` of an assignment in the small form.

    Attributes:
        points: what a person can give for an answer in prose.
        kind: of a question that has no solution region.
    """

    id: str
    title: str = ""
    rubric: str = ""
    points: float | None = None
    kind: Kind = Kind.CODE


class SmallAssignmentFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The ``assignment.toml`` of an assignment in the small form: what cannot be derived.

    Attributes:
        package: which of several packages students complete.
        notebooks: their order; by default by name.
    """

    title: str = ""
    package: str = ""
    python: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    notebooks: tuple[str, ...] = ()
    questions: tuple[SmallQuestionEntry, ...] = ()
    limits: Limits = msgspec.field(default_factory=Limits)
    training: Limits = msgspec.field(default_factory=Limits)


class Titles(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The content of ``variants/titles.<language>``.

    Attributes:
        questions: the titles of questions, by id.
        checks: the titles and hints of checks, by the English ones.
    """

    questions: dict[str, str] = {}
    checks: dict[str, str] = {}


def read_assignment_file(folder: Path) -> AssignmentFile:
    """Read ``assignment.toml``. Raises AssignmentError with the place if it is wrong."""
    path = folder / "assignment.toml"
    if not path.is_file():
        raise AssignmentError(f"{path} does not exist; name the folder with --assignment")
    return read_toml(path, AssignmentFile)


def read_small_assignment_file(folder: Path) -> SmallAssignmentFile:
    """Read the ``assignment.toml`` of the small form; it may be missing."""
    path = folder / "assignment.toml"
    return read_toml(path, SmallAssignmentFile) if path.is_file() else SmallAssignmentFile()


def read_small_variants(folder: Path, default: Variant) -> dict[str, Variant]:
    """The variants of an assignment in the small form; what they leave out is as in `default`."""
    known = msgspec.to_builtins(default)
    found = {}
    for name in variants(folder):
        path = folder / "variants" / f"{name}.toml"
        text = read_text(path)
        try:
            found[name] = msgspec.convert(known | msgspec.toml.decode(text), Variant)
        except msgspec.DecodeError as error:
            raise toml_error(path, text, error, Variant) from None
    return found


def variants(folder: Path) -> list[str]:
    """The names of all variants of an assignment."""
    return sorted(path.stem for path in (folder / "variants").glob("*.toml"))


def read_variant(folder: Path, name: str) -> Variant:
    """Read a variant's file. Raises AssignmentError if it does not exist or is wrong."""
    path = folder / "variants" / f"{name}.toml"
    if not path.is_file():
        known = ", ".join(variants(folder)) or "none"
        raise AssignmentError(f"no variant {name!r}; there are: {known}")
    return read_toml(path, Variant)


def languages(folder: Path) -> list[str]:
    """The languages of an assignment's texts: English, and those of its translations."""
    # In the small form, the notebooks and their translations lie in the folder itself.
    texts = [*(folder / "notebooks").rglob("*.*.md"), *folder.glob("*.*.md")]
    texts += (folder / "variants").glob("todos.*.md")
    translated = {path.suffixes[-2].removeprefix(".") for path in texts}
    translated |= {path.suffix.removeprefix(".") for path in (folder / "variants").glob("titles.*")}
    return sorted({"en"} | translated)


def read_titles(folder: Path, language: str) -> Titles:
    """Read the titles in a language; there are none if the file does not exist."""
    path = folder / "variants" / f"titles.{language}"
    return read_toml(path, Titles) if path.is_file() else Titles()
