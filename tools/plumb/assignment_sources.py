"""What an assignment's files say, whichever of its two forms they have.

The full form has ``assignment.toml``, ``checks/``, ``notebooks/`` and ``variants/``. The small form
is a folder with a notebook's source and ``checks.py``, and what it does not say is derived.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autograder.cli.author_files import read_text
from autograder.cli.course_folder import COURSE_FILE, course_folder, read_course_file
from autograder.core.check_files import load_checks, load_folder
from autograder.core.checks import Check
from autograder.course_packages import checked_requirements, require_packages
from autograder.errors import AssignmentError, CheckError
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
    find_entry_mistakes,
    find_mistakes,
    find_questions,
    names_asked_for,
    names_in_notebooks,
    out_of_reach,
)
from plumb.raw_cells import read_raw_cells
from plumb.region_ids import name_of, with_region_ids
from plumb.regions import Region, check_unique, find_regions
from plumb.small_files import check_files_of, notebook_paths, package_name, unread_files
from plumb.sources import SourceCell, read_notebook
from plumb.variant import Variant


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
    checks = _loaded(folder / "checks")
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


def _loaded(path: Path) -> tuple[Check, ...]:
    """The checks of a file or a folder. Raises CheckError with the place for what is wrong."""
    try:
        checks = tuple(load_folder(path) if path.is_dir() else load_checks(path))
    except CheckError as error:
        if not isinstance(error.__cause__, ModuleNotFoundError):
            raise
        raise CheckError(
            f"{error}; install its package, and name it in {COURSE_FILE}, such as "
            'python = ["pandas>=2"]'
        ) from error
    require_arguments(checks)
    return checks


def _read_small(folder: Path, name: str) -> AssignmentSources:
    told = read_small_assignment_file(folder)
    python = _packages(folder, told.python, told.title or folder.resolve().name)
    paths = notebook_paths(folder, told.notebooks)
    package = package_name(folder, told.package)
    check_files = check_files_of(folder)
    checks = _loaded(check_files[0] if len(check_files) == 1 else folder / "checks")
    texts = {str(path): read_text(path) for path in check_files}
    asked = {
        name: place
        for path, text in texts.items()
        for name, place in names_asked_for(text, path).items()
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
    checked = {check.question for check in checks}
    found = find_questions(
        {str(path): module for path, module in modules.items()},
        cells,
        checked,
    )
    told_of = [(q.id, q.points) for q in told.questions]
    toml = str(folder / "assignment.toml")
    mistakes = list(find_entry_mistakes(told_of, toml, found, cells, checked))
    found += [
        FoundQuestion(q.id, q.title, q.kind, next(iter(cells), ""), toml)
        for q in told.questions
        if q.id in checked - {question.id for question in found}
    ]
    unique, shared = names_in_notebooks(cells, {Path(part).stem for part in parts})
    mistakes += [*find_mistakes(found, cells, checks), *_ambiguous(asked, shared)]
    mistakes += [*out_of_reach(texts, cells), *unread_files(folder, package)]
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
        place=f"variants/{name}.toml" if variants[name] is not default else str(folder),
        checks=checks,
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
