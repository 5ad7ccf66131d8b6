"""Reads an assignment from its files as one variant releases it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

import msgspec

from autograder.cli.author_files import read_text
from autograder.core.checks import Check
from autograder.core.language import ENGLISH
from autograder.errors import AssignmentError
from autograder.harness import Kind, Manifest, Question, select_checks
from plumb.assignment import Assignment
from plumb.assignment_rules import (
    find_wrong_checks,
    repetitions,
    require_answer_cells,
    require_distinct_modules,
    require_known_names,
    require_known_notebooks,
    require_known_regions,
    require_language,
    require_reachable_modules,
    require_total,
    require_unique_ids,
)
from plumb.assignment_sources import AssignmentSources, read_sources
from plumb.config import AssignmentFile, Titles, read_titles
from plumb.data_files import given_data, grader_data
from plumb.exclusions import Exclusions, find_exclusions, refuse_needed_exclusions
from plumb.mistakes import Mistakes
from plumb.region_ids import with_region_ids
from plumb.sources import FEATURES, Conditions, SourceCell
from plumb.variant import NameMap, Variant
from plumb.variant_notebook import MovedDefinition, cut_definition, variant_cells


def read_assignment(folder: Path, solutions: Path, name: str) -> Assignment:
    """Read an assignment for one variant.

    Raises AssignmentError, MarkerError or CheckError, with the place, if files contradict each
    other.
    """
    mistakes = Mistakes()
    sources = read_sources(folder, name, mistakes)
    data_files = mistakes.tried(given_data, folder)
    if sources is None:
        raise mistakes.error()
    source, variant, place = sources.source, sources.variant, sources.place
    package = solutions / source.package
    if sources.has_package and not package.is_dir():
        mistakes.add(
            f"{package} is not a folder: the assignment's reference is the "
            f"package {source.package!r}; name the folder of the reference with --solutions"
        )
    modules = sorted(package.rglob("*.py"))
    texts = mistakes.tried(_module_texts, package, modules)
    titles = mistakes.tried(read_titles, folder, variant.language)
    mistakes.tried(require_known_names, source, variant, place)
    mistakes.tried(require_language, folder, variant.language, place)
    mistakes.tried(require_unique_ids, source.questions)
    mistakes.tried(require_known_notebooks, source, folder)
    if texts is not None:
        mistakes.tried(require_known_regions, texts, source, package)
    for notebook in variant.notebooks:
        if any(entry.name == notebook for entry in source.notebooks):
            mistakes.tried(sources.notebook, notebook)
    toml = str(folder / "assignment.toml")
    checks = sources.checks
    mistakes.add(*find_wrong_checks(checks, source, sources.unmade, toml))
    if mistakes.found or texts is None or titles is None or data_files is None:
        raise mistakes.error()
    exclusions = _exclusions(package, modules, variant, place)
    paths = [
        path.relative_to(solutions).as_posix()
        for path in modules
        if path.relative_to(package).as_posix() not in exclusions.files
    ]
    name_map = NameMap(source.package, variant.package, _flattened(paths, source.package, variant))
    mistakes.tried(require_distinct_modules, paths, name_map, place)
    mistakes.tried(require_reachable_modules, solutions, paths, name_map)
    questions = _questions(source, variant, titles.questions)
    cells, remarks = _cells(folder, solutions, sources, name_map, questions, mistakes)
    if not mistakes.found:
        mistakes.tried(require_answer_cells, questions, cells, folder)
    mistakes.raise_if_any()
    ids = [question.id for question in questions]
    refuse_needed_exclusions(exclusions, texts, cells, name_map, ids, place)
    data = next((n for n in source.data if (folder / "grader_data" / f"{n}.npz").is_file()), "")
    manifest = Manifest(
        assignment=source.name,
        title=variant.title or source.title,
        variant=name,
        package=variant.package,
        questions=_with_hand_points(questions, cells),
        answer_files=(),
        notebooks=variant.notebooks,
        modules=dict(name_map.modules(paths)),
        cells=_notebooks_of_definitions(variant, cells) | dict(sources.cells),
        code_marker=variant.markers.code,
        prose_marker=variant.markers.prose,
        handin=variant.handin,
        data=data,
        limits=source.limits,
        training=source.training,
        submission_seconds=source.submission_seconds,
        python=sources.python,
        features=variant.features,
        factors=_factors(checks, variant),
        leaderboard=variant.leaderboard,
        language=variant.language,
    )
    if variant.language != ENGLISH:
        texts, missing = _check_texts(select_checks(checks, manifest), titles, variant.language)
        manifest = msgspec.structs.replace(manifest, texts=texts)
        remarks += missing
    variant_checks = select_checks(checks, manifest)
    require_total(variant_checks, variant, place)
    return Assignment(
        folder=folder,
        solutions=solutions,
        variant=variant,
        name_map=name_map,
        manifest=manifest,
        checks=variant_checks,
        check_files=sources.check_files,
        has_package=sources.has_package,
        cells=cells,
        exclusions=exclusions,
        data=folder / "grader_data" / f"{data}.npz" if data else None,
        given_data=data_files,
        grader_data=grader_data(folder, source.data, data),
        remarks=tuple(dict.fromkeys(remarks)),
    )


def _check_texts(
    checks: Iterable[Check], titles: Titles, language: str
) -> tuple[dict[str, str], list[str]]:
    """The checks' titles and hints in a language, by the English ones; and which are missing."""
    english = dict.fromkeys(text for check in checks for text in (check.title, check.hint) if text)
    texts = {text: titles.checks[text] for text in english if text in titles.checks}
    missing = [
        f"titles.{language}: checks has no translation of {text!r}"
        for text in english
        if text not in texts
    ]
    return texts, missing


def _module_texts(package: Path, modules: Iterable[Path]) -> dict[str, str]:
    """The modules' texts by their paths below the package; raises MarkerError with the places."""
    mistakes = Mistakes()
    texts = {
        path.relative_to(package).as_posix(): mistakes.tried(_module_text, path) for path in modules
    }
    mistakes.raise_if_any()
    return {name: text for name, text in texts.items() if text is not None}


def _module_text(path: Path) -> str:
    """A module's text with an id on every region."""
    return with_region_ids(read_text(path), str(path), path.stem)


def _exclusions(package: Path, modules: list[Path], variant: Variant, place: str) -> Exclusions:
    """What the variant leaves out of the package."""
    if not variant.omit:
        return Exclusions()
    files = [path for path in sorted(package.rglob("*")) if path.is_file()]
    others = [path.relative_to(package).as_posix() for path in files if path.suffix != ".py"]
    exclusions = find_exclusions(variant.omit, _module_texts(package, modules), others, place)
    if both := sorted(exclusions.definitions & set(variant.cells)):
        raise AssignmentError(
            f"{place}: {both[0]} is both in cells and in omit; remove it from one of them"
        )
    return exclusions


def _flattened(paths: Iterable[str], package: str, variant: Variant) -> tuple[str, ...]:
    """The sub-packages whose modules a flat variant moves into the package itself."""
    inner = {PurePosixPath(path).parent.name for path in paths if path.endswith("/__init__.py")}
    return tuple(sorted(inner - {package})) if variant.layout == "flat" else ()


def _questions(
    source: AssignmentFile, variant: Variant, titles: Mapping[str, str]
) -> tuple[Question, ...]:
    """The questions that a variant asks, ordered by notebook."""
    questions = []
    for entry in source.questions:
        notebook = next((name for name in variant.notebooks if name in entry.notebooks), "")
        if (
            notebook
            and entry.id not in variant.without
            and (not variant.only or entry.id in variant.only)
        ):
            title = titles.get(entry.id, entry.title)
            questions.append(Question(entry.id, title, notebook, entry.kind, 0.0, entry.rubric))
    return tuple(sorted(questions, key=lambda q: variant.notebooks.index(q.notebook)))


def _cells(
    folder: Path,
    solutions: Path,
    sources: AssignmentSources,
    name_map: NameMap,
    questions: tuple[Question, ...],
    mistakes: Mistakes,
) -> tuple[dict[str, tuple[SourceCell, ...]], list[str]]:
    """The cells of every notebook without mistakes; and which texts are not translated."""
    source, variant = sources.source, sources.variant
    package = solutions / source.package
    definitions = {name: _moved_definition(package, name) for name in variant.cells}
    features = [*variant.features, *(["leaderboard"] if variant.leaderboard else [])]
    known = [q.id for q in source.questions] + [n.name for n in source.notebooks]
    cells: dict[str, tuple[SourceCell, ...]] = {}
    remarks: list[str] = []
    for name in variant.notebooks:
        conditions = Conditions(
            here=frozenset(q.id for q in questions if q.notebook == name),
            asked=frozenset(q.id for q in questions),
            present=frozenset([*variant.notebooks, *features]),
            known=frozenset([*known, *FEATURES, *source.features]),
            questions=frozenset(question.id for question in source.questions),
            cells=frozenset(variant.cells),
        )
        read = mistakes.tried(
            variant_cells,
            sources.notebook(name),
            folder,
            conditions,
            name_map,
            definitions,
            variant.language,
        )
        if read is not None:
            cells[name] = read[0]
            remarks += read[1]
    answers = (c.id for notebook in cells.values() for c in notebook if c.role == "answer")
    if repeated := repetitions(answers):
        mistakes.add(
            f"the answer cell {repeated[0]} stands in two notebooks; give each its own id, so that "
            "a notebook can be told from another by its cells"
        )
    return cells, remarks


def _moved_definition(package: Path, dotted: str) -> MovedDefinition:
    """The definition with this dotted name, cut out of its module for a notebook."""
    module, _, name = dotted.rpartition(".")
    path = package / f"{module.replace('.', '/')}.py"
    if not path.is_file():
        raise AssignmentError(f"{path} does not exist: a variant has {dotted} in its notebook")
    return cut_definition(_module_text(path), module, name, str(path))


def _notebooks_of_definitions(
    variant: Variant, cells: Mapping[str, tuple[SourceCell, ...]]
) -> dict[str, str]:
    """The notebook that each definition moved to."""
    notebooks = {
        cell.defines: notebook
        for notebook, notebook_cells in cells.items()
        for cell in notebook_cells
        if cell.defines
    }
    for name in variant.cells:
        if name not in notebooks:
            raise AssignmentError(f'{name} is to be in a notebook: no cell has defines="{name}"')
    return notebooks


def _with_hand_points(
    questions: tuple[Question, ...], cells: Mapping[str, tuple[SourceCell, ...]]
) -> tuple[Question, ...]:
    """The questions; those answered in prose get the points that stand on their cells."""
    points = {
        region.id: cell.points
        for notebook_cells in cells.values()
        for cell in notebook_cells
        for region in cell.regions
    }
    return tuple(
        msgspec.structs.replace(q, hand_points=points.get(q.id, 0.0)) if q.kind is Kind.PROSE else q
        for q in questions
    )


def _factors(checks: tuple[Check, ...], variant: Variant) -> dict[str, float]:
    """By question: the factor that turns its checks' points into the variant's points."""
    factors = {}
    for question, points in variant.question_points.items():
        total = sum(
            check.points
            for check in checks
            if check.question == question and check.when in ("", *variant.features)
        )
        if not total or points <= 0:
            raise AssignmentError(f"question {question} cannot be worth {points:g} points")
        factors[question] = points / total
    return factors
