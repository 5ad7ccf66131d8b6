"""What an instructor writes in TOML: questions, limits, variants, titles."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import msgspec

from autograder.errors import AssignmentError
from autograder.harness import Kind
from autograder.limits import Limits
from plumb.variant import Variant

T = TypeVar("T")


class Notebook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A notebook: its source is ``notebooks/<name>.py``."""

    name: str
    title: str


class Asked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A question.

    Attributes:
        notebooks: where it may be asked; of those that a variant has, the first is the one.
        rubric: what a person goes by who grades an answer in prose.
    """

    id: str
    title: str
    notebooks: tuple[str, ...]
    kind: Kind = Kind.CODE
    rubric: str = ""


class AssignmentFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``assignment.toml``.

    Attributes:
        package: the reference's package, below the folder of solutions.
        data: data sets for training checks, ``data/<name>.npz``; the first that is there is used.
        limits, training: of checks, and of those that train.
    """

    name: str
    title: str
    package: str
    data: tuple[str, ...] = ()
    notebooks: tuple[Notebook, ...]
    questions: tuple[Asked, ...]
    limits: Limits = msgspec.field(default_factory=Limits)
    training: Limits = msgspec.field(default_factory=Limits)


class Titles(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``variants/titles.<language>``: the titles of questions by id."""

    questions: dict[str, str] = {}


def read_description(folder: Path) -> AssignmentFile:
    """``assignment.toml``. Raises AssignmentError with the place if it is wrong."""
    return _read(folder / "assignment.toml", AssignmentFile)


def variants(folder: Path) -> list[str]:
    """The names of all variants of an assignment."""
    return sorted(path.stem for path in (folder / "variants").glob("*.toml"))


def read_variant(folder: Path, name: str) -> Variant:
    """What a variant's file says. Raises AssignmentError if there is none, or it is wrong."""
    path = folder / "variants" / f"{name}.toml"
    if not path.is_file():
        known = ", ".join(variants(folder)) or "none"
        raise AssignmentError(f"no variant {name!r}; there are: {known}")
    return _read(path, Variant)


def languages(folder: Path) -> list[str]:
    """The languages that an assignment has texts in: English, and those of its translations."""
    texts = [*(folder / "notebooks").rglob("*.*.md"), *(folder / "variants").glob("todos.*.md")]
    told = {path.suffixes[-2].removeprefix(".") for path in texts}
    told |= {path.suffix.removeprefix(".") for path in (folder / "variants").glob("titles.*")}
    return sorted({"en"} | told)


def read_titles(folder: Path, language: str) -> Titles:
    """The titles in a language; none where there is no such file."""
    path = folder / "variants" / f"titles.{language}"
    return _read(path, Titles) if path.is_file() else Titles()


def _read(path: Path, type_: type[T]) -> T:
    try:
        return msgspec.toml.decode(path.read_bytes(), type=type_)
    except FileNotFoundError:
        raise AssignmentError(f"{path} does not exist; name the folder with --assignment") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise AssignmentError(f"{path}: {error}") from None
