"""What an assignment's files say, whichever of its two forms they have.

The full form has ``assignment.toml``, ``checks/``, ``notebooks/`` and ``variants/``. The small form
is a folder with a notebook's source and ``checks.py``, and what it does not say is derived.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autograder.cli.author_files import read_text
from autograder.cli.course_folder import COURSE_FILE, course_folder, read_course_file
from autograder.core.checks import Check, load_checks, load_folder
from autograder.course_packages import checked_requirements, require_packages
from autograder.errors import AssignmentError
from plumb.check_arguments import require_arguments
from plumb.config import (
    AssignmentFile,
    NotebookEntry,
    QuestionEntry,
    SmallAssignmentFile,
    read_assignment_file,
    read_small_assignment_file,
    read_small_variants,
    read_variant,
)
from plumb.derive import (
    FoundQuestion,
    complete_cells,
    find_mistakes,
    find_questions,
    names_asked_for,
    names_in_notebooks,
)
from plumb.raw_cells import read_raw_cells
from plumb.region_ids import name_of, with_region_ids
from plumb.regions import Region, check_unique, find_regions
from plumb.sources import SourceCell, read_notebook
from plumb.variant import Variant

#: Python files beside a notebook's source that are none themselves.
_NO_NOTEBOOKS = {"checks", "conftest", "setup"}
_CELL = re.compile(r"^#\s?%%", re.MULTILINE)


@dataclass(frozen=True)
class AssignmentSources:
    """What the files say.

    Attributes:
        source: the content of ``assignment.toml``, or what is derived in its place.
        variant: the content of the variant's file, or the only one there is.
        place: where the variant is written, for messages.
        checks: all checks, in order.
        check_files: the files that define them.
        notebook: the cells of the notebook of a name.
        has_package: whether there is a package. If not, all answers are in notebooks.
        python: the Python packages that the course and the assignment need.
        cells: the notebook of every name that checks can ask for, ``student.NAME``.
    """

    source: AssignmentFile
    variant: Variant
    place: str
    checks: tuple[Check, ...]
    check_files: tuple[Path, ...]
    notebook: Callable[[str], tuple[SourceCell, ...]]
    has_package: bool = True
    python: tuple[str, ...] = ()
    cells: Mapping[str, str] = field(default_factory=dict)


def is_small(folder: Path) -> bool:
    """Whether an assignment's folder has the small form."""
    return not (folder / "notebooks").is_dir() and (
        (folder / "checks.py").is_file() or (folder / "checks").is_dir()
    )


def read_sources(folder: Path, name: str) -> AssignmentSources:
    """Read an assignment's files for one variant.

    Raises AssignmentError, MarkerError or CheckError with the place for what is wrong.
    """
    if is_small(folder):
        return _read_small(folder, name)
    source, variant = read_assignment_file(folder), read_variant(folder, name)
    python = _packages(folder, source.python, source.title)
    checks = tuple(load_folder(folder / "checks"))
    require_arguments(checks)
    return AssignmentSources(
        source=source,
        variant=variant,
        place=f"variants/{name}.toml",
        checks=checks,
        check_files=tuple(sorted((folder / "checks").glob("*.py"))),
        notebook=lambda notebook: read_notebook(folder / "notebooks" / f"{notebook}.py"),
        python=python,
    )


def _packages(folder: Path, own: tuple[str, ...], title: str) -> tuple[str, ...]:
    """The packages that the course and the assignment name.

    Raises AssignmentError with the place for a text that names none, UserError for one that is
    missing here. Checks may import them, so this comes before the checks are loaded.
    """
    found = checked_requirements(own, str(folder / "assignment.toml"))
    if (course := course_folder(folder)) is not None:
        named = read_course_file(course).python
        found = (*checked_requirements(named, str(course / COURSE_FILE)), *found)
    found = tuple(dict.fromkeys(found))
    require_packages(found, title)
    return found


def _read_small(folder: Path, name: str) -> AssignmentSources:
    told = read_small_assignment_file(folder)
    python = _packages(folder, told.python, told.title or folder.resolve().name)
    paths = _notebook_paths(folder, told.notebooks)
    package = _package(folder, told.package)
    check_files = _check_files(folder)
    checks = (
        load_checks(check_files[0]) if len(check_files) == 1 else load_folder(folder / "checks")
    )
    require_arguments(checks)
    asked = {
        name: place
        for path in check_files
        for name, place in names_asked_for(read_text(path), str(path)).items()
    }
    points = {q.id: q.points for q in told.questions if q.points is not None}
    cells = {path.stem: complete_cells(read_raw_cells(path), asked, points) for path in paths}
    modules = _modules(folder / package) if package else {}
    parts = {path.relative_to(folder / package).parts[0] for path in modules} if package else set()
    check_unique(
        region
        for found in (
            *(cell.regions for notebook in cells.values() for cell in notebook),
            *(regions for _, regions in modules.values()),
        )
        for region in found
    )
    found = find_questions(
        {str(path): module for path, module in modules.items()},
        cells,
        {check.question for check in checks},
    )
    found += [
        FoundQuestion(q.id, q.title, q.kind, next(iter(cells), ""), str(folder / "assignment.toml"))
        for q in told.questions
        if q.id not in {question.id for question in found}
    ]
    unique, shared = names_in_notebooks(cells, {Path(part).stem for part in parts})
    mistakes = [*find_mistakes(found, cells, checks), *_ambiguous(asked, shared)]
    if mistakes:
        raise AssignmentError("\n".join(mistakes))
    source = _assignment_file(folder, told, found, list(cells), package)
    default = Variant(package=source.package, notebooks=tuple(cells))
    variants = read_small_variants(folder, default) or {folder.resolve().name: default}
    if name not in variants:
        raise AssignmentError(f"no variant {name!r}; there are: {', '.join(variants)}")
    return AssignmentSources(
        source=source,
        variant=variants[name],
        place=f"variants/{name}.toml",
        checks=tuple(checks),
        check_files=check_files,
        notebook=lambda notebook: cells[notebook],
        has_package=bool(package),
        python=python,
        cells=unique,
    )


def _assignment_file(
    folder: Path,
    told: SmallAssignmentFile,
    found: list[FoundQuestion],
    notebooks: list[str],
    package: str,
) -> AssignmentFile:
    """What ``assignment.toml`` would say in the full form."""
    entries = {question.id: question for question in told.questions}
    questions = []
    for question in found:
        entry = entries.get(question.id)
        title = entry.title if entry and entry.title else question.title
        rubric = entry.rubric if entry else ""
        questions.append(
            QuestionEntry(
                id=question.id,
                title=title,
                notebooks=(question.notebook,),
                kind=question.kind,
                rubric=rubric,
            )
        )
    name = folder.resolve().name
    return AssignmentFile(
        name=name,
        title=told.title or name.replace("_", " ").replace("-", " ").capitalize(),
        # Answers that are all in notebooks have an empty package, which students do not get.
        package=package or f"{name_of(name)}_modules",
        data=told.data,
        features=told.features,
        notebooks=tuple(NotebookEntry(name, name) for name in notebooks),
        questions=tuple(questions),
        limits=told.limits,
        training=told.training,
    )


def _notebook_paths(folder: Path, order: tuple[str, ...]) -> list[Path]:
    """The sources of the notebooks, in order.

    Raises AssignmentError if there is none, for two of one name, and for a file that is none.
    """
    paths: dict[str, Path] = {}
    for path in sorted([*folder.glob("*.py"), *folder.glob("*.ipynb")]):
        if path.stem in _NO_NOTEBOOKS or path.name.startswith(("_", ".", "test_")):
            continue
        if path.suffix == ".py" and not _CELL.search(read_text(path)):
            raise AssignmentError(
                f"{path}:1: this is no notebook's source: it has no line '# %%'; put modules into "
                "a package, a folder with an __init__.py"
            )
        if path.stem in paths:
            raise AssignmentError(
                f"{path}: {paths[path.stem].name} is a source of the same notebook; delete one"
            )
        paths[path.stem] = path
    if not paths:
        raise AssignmentError(
            f"{folder}: there is no notebook's source, such as {folder.resolve().name}.py with "
            "cells that begin with '# %%', or an .ipynb"
        )
    for name in order:
        if name not in paths:
            raise AssignmentError(
                f"{folder / 'assignment.toml'}: there is no notebook {name!r}; there are: "
                f"{', '.join(paths)}"
            )
    return [paths[name] for name in order or paths]


def _package(folder: Path, told: str) -> str:
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


def _check_files(folder: Path) -> tuple[Path, ...]:
    """The files of checks. Raises AssignmentError if there are none, or in two places."""
    inside = tuple(sorted((folder / "checks").glob("*.py")))
    alone = folder / "checks.py"
    if alone.is_file() and inside:
        raise AssignmentError(f"{alone}: there is a folder checks/ too; keep one of them")
    if not alone.is_file() and not inside:
        raise AssignmentError(f"{folder}: there are no checks; write them in checks.py")
    return inside or (alone,)


def _modules(package: Path) -> dict[Path, tuple[str, tuple[Region, ...]]]:
    """The text of every module of a package, with ids on all regions, and its regions."""
    modules = {}
    for path in sorted(package.rglob("*.py")):
        text = with_region_ids(read_text(path), str(path), path.stem)
        modules[path] = (text, find_regions(text, str(path)))
    return modules


def _ambiguous(asked: Mapping[str, str], shared: Mapping[str, tuple[str, ...]]) -> list[str]:
    """A sentence for each name that checks ask for and that is defined in two places."""
    return [
        f"{asked[name]}: student.{name} is defined in {' and in '.join(places)}; write "
        f'student.notebook("{places[0]}").{name}, or give one of them another name'
        for name, places in shared.items()
        if name in asked
    ]
