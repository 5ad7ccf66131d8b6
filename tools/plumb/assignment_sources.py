"""What an assignment's files say, whichever of its two forms they have.

The full form has ``assignment.toml``, ``checks/``, ``notebooks/`` and ``variants/``. The small form
is a folder with a notebook's source and ``checks.py``, and what it does not say is derived.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.cli.author_files import read_text
from autograder.cli.course_folder import (
    COURSE_FILE,
    course_folder,
    is_small,
    read_course_file,
)
from autograder.core.checks import Check
from autograder.course_packages import checked_requirements, require_packages
from plumb.check_sources import CheckSources, read_check_sources
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
    find_questions,
    names_asked_for,
    names_in_notebooks,
)
from plumb.mistakes import Mistakes
from plumb.notebooks import check_independence
from plumb.raw_cells import read_raw_cells
from plumb.region_ids import name_of, with_region_ids
from plumb.regions import Region, check_unique, find_regions
from plumb.small_files import check_files_of, notebook_paths, package_name, unread_files
from plumb.small_rules import find_entry_mistakes, find_mistakes, out_of_reach
from plumb.sources import SourceCell, read_notebook
from plumb.variant import Variant


@dataclass(frozen=True)
class AssignmentSources:
    """What the files say.

    Attributes:
        source: the content of ``assignment.toml``, or what is derived in its place.
        variant: the content of the variant's file, or the only one there is.
        place: where the variant is written, for messages.
        checks: all checks that could be made, in order.
        unmade: questions with checks none of which could be made.
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
    unmade: frozenset[str] = frozenset()


def read_sources(folder: Path, name: str, mistakes: Mistakes) -> AssignmentSources | None:
    """Read an assignment's files for one variant; what is wrong in them is added to the mistakes.

    None if too much is wrong to go on from.
    """
    if is_small(folder):
        return _read_small(folder, name, mistakes)
    source = mistakes.tried(read_assignment_file, folder)
    variant = mistakes.tried(read_variant, folder, name)
    told = (source.python, source.title) if source else ((), folder.name)
    python = mistakes.tried(_packages, folder, *told)
    files = tuple(sorted((folder / "checks").glob("*.py")))
    found = read_check_sources(files, mistakes, all_packages=python is not None)
    if source is None or variant is None:
        return None
    return AssignmentSources(
        source=source,
        variant=variant,
        place=f"variants/{name}.toml",
        checks=found.checks,
        unmade=found.unmade,
        check_files=files,
        notebook=functools.cache(
            lambda notebook: read_notebook(folder / "notebooks" / f"{notebook}.py")
        ),
        python=python or (),
    )


def _packages(folder: Path, own: tuple[str, ...], title: str) -> tuple[str, ...]:
    """The packages that the course and the assignment name.

    Raises AssignmentError with the place for a text that names none, UserError for one that is
    missing here.
    """
    found = checked_requirements(own, str(folder / "assignment.toml"))
    if (course := course_folder(folder)) is not None:
        named = read_course_file(course).python
        found = (*checked_requirements(named, str(course / COURSE_FILE)), *found)
    found = tuple(dict.fromkeys(found))
    require_packages(found, title)
    return found


def _read_small(folder: Path, name: str, mistakes: Mistakes) -> AssignmentSources | None:
    described = mistakes.tried(read_small_assignment_file, folder)
    told = described or SmallAssignmentFile()
    title = told.title or folder.resolve().name
    python = mistakes.tried(_packages, folder, told.python, title)
    paths = notebook_paths(folder, told.notebooks, mistakes)
    # Which one of several packages is meant is not known if assignment.toml cannot be read.
    of_package = mistakes if described else Mistakes()
    package = of_package.tried(package_name, folder, told.package)
    check_files = mistakes.tried(check_files_of, folder)
    found = read_check_sources(check_files or (), mistakes, all_packages=python is not None)
    asked = {
        name: place
        for path, text in found.texts.items()
        for name, place in names_asked_for(text, path).items()
    }
    points = {q.id: q.points for q in told.questions if q.points is not None}
    read = {path.stem: mistakes.tried(_read_cells, path, asked, points) for path in paths}
    cells = {name: those for name, those in read.items() if those is not None}
    modules = mistakes.tried(_modules, folder / package) if package else {}
    mistakes.add(*out_of_reach(found.texts, cells))
    if package is not None:
        mistakes.add(*unread_files(folder, package))
    variants = _small_variants(folder, package or "", list(read), name, mistakes)
    if (
        not described
        or package is None
        or check_files is None
        or modules is None
        or not cells
        or len(cells) < len(paths)
    ):
        return None  # which questions there are is not known
    questions = _small_questions(folder, told, found, cells, modules, mistakes)
    tops = {path.relative_to(folder / package).parts[0] for path in modules} if package else set()
    unique, shared = names_in_notebooks(cells, {Path(part).stem for part in tops})
    mistakes.add(*_ambiguous(asked, shared))
    for those in cells.values():
        mistakes.tried(check_independence, those)
    if mistakes.found or name not in variants:
        return None
    is_written = (folder / "variants" / f"{name}.toml").is_file()
    return AssignmentSources(
        source=_assignment_file(folder, told, questions, list(cells), package),
        variant=variants[name],
        place=f"variants/{name}.toml" if is_written else str(folder),
        checks=found.checks,
        check_files=check_files,
        notebook=lambda notebook: cells[notebook],
        has_package=bool(package),
        python=python or (),
        cells=unique,
    )


def _read_cells(
    path: Path, asked: Collection[str], points: Mapping[str, float]
) -> tuple[SourceCell, ...]:
    """The cells of a notebook; see `complete_cells`."""
    return complete_cells(read_raw_cells(path), asked, points)


def _small_variants(
    folder: Path, package: str, notebooks: Sequence[str], name: str, mistakes: Mistakes
) -> dict[str, Variant]:
    """The variants of an assignment; it is a mistake if that of the name is not among them."""
    default = Variant(package=_students_package(folder, package), notebooks=tuple(notebooks))
    read = mistakes.tried(read_small_variants, folder, default)
    if read is None:
        return {}
    found = read or {folder.resolve().name: default}
    if name not in found:
        mistakes.add(f"no variant {name!r}; there are: {', '.join(found)}")
    return found


def _small_questions(
    folder: Path,
    told: SmallAssignmentFile,
    checks: CheckSources,
    cells: Mapping[str, Sequence[SourceCell]],
    modules: Mapping[Path, tuple[str, tuple[Region, ...]]],
    mistakes: Mistakes,
) -> list[FoundQuestion]:
    """The questions of all notebooks and modules; what contradicts them is a mistake."""
    regions = [region for cells_ in cells.values() for cell in cells_ for region in cell.regions]
    regions += [region for _, found in modules.values() for region in found]
    mistakes.tried(check_unique, regions)
    texts = {str(path): module for path, module in modules.items()}
    questions = find_questions(texts, cells, checks.questions)
    toml = str(folder / "assignment.toml")
    entries = [(q.id, q.points) for q in told.questions]
    mistakes.add(*find_entry_mistakes(entries, toml, questions, cells, checks.questions))
    questions += [
        FoundQuestion(q.id, q.title, q.kind, next(iter(cells), ""), toml)
        for q in told.questions
        if q.id in checks.questions - {question.id for question in questions}
    ]
    mistakes.add(*find_mistakes(questions, cells, checks.checks, checks.questions))
    return questions


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
        package=_students_package(folder, package),
        data=told.data,
        features=told.features,
        notebooks=tuple(NotebookEntry(name, name) for name in notebooks),
        questions=tuple(questions),
        limits=told.limits,
        training=told.training,
    )


def _students_package(folder: Path, package: str) -> str:
    """The package's name; answers that are all in notebooks have one that students do not get."""
    return package or f"{name_of(folder.resolve().name)}_modules"


def _modules(package: Path) -> dict[Path, tuple[str, tuple[Region, ...]]]:
    """The text of every module of a package, with ids on all regions, and its regions.

    Raises AssignmentError or MarkerError with the places.
    """
    mistakes = Mistakes()
    paths = sorted(package.rglob("*.py"))
    modules = {path: mistakes.tried(_module, path) for path in paths}
    mistakes.raise_if_any()
    return {path: module for path, module in modules.items() if module is not None}


def _module(path: Path) -> tuple[str, tuple[Region, ...]]:
    text = with_region_ids(read_text(path), str(path), path.stem)
    return text, find_regions(text, str(path))


def _ambiguous(asked: Mapping[str, str], shared: Mapping[str, tuple[str, ...]]) -> list[str]:
    """A sentence for each name that checks ask for and that is defined in two places."""
    return [
        f"{asked[name]}: student.{name} is defined in {' and in '.join(places)}; write "
        f'student.notebook("{places[0]}").{name}, or give one of them another name'
        for name, places in shared.items()
        if name in asked
    ]
