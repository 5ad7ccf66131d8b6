"""What an instructor edits, read and validated: assignment.toml, a variant, the sources beside."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec

from autograder.core.checks import Check, load_folder
from autograder.errors import AssignmentError
from autograder.harness import Question, in_question_order
from autograder.sandbox.limits import Limits

T = TypeVar("T")


class Notebook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A notebook: its source is ``notebooks/<name>.py``."""

    name: str
    title: str


class AssignmentFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``assignment.toml``.

    Attributes:
        points: what all checks must add up to, if it is said.
    """

    name: str
    title: str
    points: float | None = None
    notebooks: tuple[Notebook, ...]
    questions: tuple[Question, ...]
    limits: Limits = msgspec.field(default_factory=Limits)


class Variant(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``variants/<name>.toml``: one way to release the assignment.

    Attributes:
        package: the name of the students' package.
        notebooks: which of the assignment's notebooks, in order; their questions come along.
    """

    package: str
    notebooks: tuple[str, ...]


@dataclass(frozen=True)
class Assignment:
    """An assignment as one variant releases it.

    Attributes:
        folder: the ``assignment/`` folder.
        solutions: the folder of the reference distribution, holding ``<package>/``.
        variant: the variant's name.
        questions: those of the variant's notebooks, in order.
        checks: of these questions, in their order.
    """

    folder: Path
    solutions: Path
    name: str
    title: str
    variant: str
    package: str
    notebooks: tuple[str, ...]
    questions: tuple[Question, ...]
    checks: tuple[Check, ...]
    limits: Limits

    @property
    def package_source(self) -> Path:
        """The reference package."""
        return self.solutions / self.package

    def notebook_source(self, name: str) -> Path:
        """The percent-format source of a notebook."""
        return self.folder / "notebooks" / f"{name}.py"


def read_assignment(folder: Path, solutions: Path, variant: str) -> Assignment:
    """Read an assignment for one variant.

    Raises AssignmentError or CheckError, with the place, where the files contradict each other.
    """
    source = _read(folder / "assignment.toml", AssignmentFile)
    chosen = _read(_variant_file(folder, variant), Variant)
    known = [notebook.name for notebook in source.notebooks]
    for name in chosen.notebooks:
        if name not in known:
            raise AssignmentError(
                f"variants/{variant}.toml: no notebook {name!r} in assignment.toml; "
                f"there are {', '.join(known)}"
            )
    if not (solutions / chosen.package).is_dir():
        raise AssignmentError(
            f"{solutions / chosen.package} is not a folder: variant {variant!r} releases the "
            f"package {chosen.package!r}; name the folder of the reference with --solutions"
        )
    questions = tuple(q for q in source.questions if q.notebook in chosen.notebooks)
    checks = _checks(folder, source.questions)
    ids = {question.id for question in questions}
    total = sum(check.points for check in checks)
    if source.points is not None and abs(total - source.points) > 1e-9:
        raise AssignmentError(
            f"the checks add up to {total:g} points, assignment.toml says {source.points:g}; "
            "points stand on the checks, in assignment/checks/"
        )
    return Assignment(
        folder=folder,
        solutions=solutions,
        name=source.name,
        title=source.title,
        variant=variant,
        package=chosen.package,
        notebooks=chosen.notebooks,
        questions=questions,
        checks=tuple(check for check in checks if check.question in ids),
        limits=source.limits,
    )


def _checks(folder: Path, questions: tuple[Question, ...]) -> tuple[Check, ...]:
    """All checks, each of a known question and each question with a visible and a hidden one."""
    checks = in_question_order(load_folder(folder / "checks"), questions)
    ids = [question.id for question in questions]
    if len(set(ids)) != len(ids):
        double = sorted({one for one in ids if ids.count(one) > 1})
        raise AssignmentError(f"assignment.toml: {', '.join(double)} stands there more than once")
    for check in checks:
        for needed in (check.question, *check.needs):
            if needed not in ids:
                raise AssignmentError(
                    f"{check.place}: check {check.name} names the question {needed!r}, "
                    "which assignment.toml does not have"
                )
    for question in ids:
        own = [check for check in checks if check.question == question]
        if not any(c.visible for c in own) or all(c.visible for c in own):
            raise AssignmentError(
                f"question {question} has {len(own)} checks; "
                "it needs at least one visible and one hidden one"
            )
    return checks


def _variant_file(folder: Path, variant: str) -> Path:
    path = folder / "variants" / f"{variant}.toml"
    if not path.is_file():
        names = sorted(other.stem for other in path.parent.glob("*.toml"))
        raise AssignmentError(f"no variant {variant!r}; there are: {', '.join(names) or 'none'}")
    return path


def _read(path: Path, type_: type[T]) -> T:
    try:
        return msgspec.toml.decode(path.read_bytes(), type=type_)
    except FileNotFoundError:
        raise AssignmentError(f"{path} does not exist; name the folder with --assignment") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise AssignmentError(f"{path}: {error}") from None
