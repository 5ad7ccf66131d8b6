"""An assignment as one variant releases it: questions, checks and cells, put together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import msgspec

from autograder.core.checks import Check, load_folder
from autograder.core.student import RESERVED_NAMES
from autograder.errors import AssignmentError
from autograder.harness import Kind, Manifest, Question, select_checks
from plumb.config import (
    Asked,
    AssignmentFile,
    languages,
    read_description,
    read_titles,
    read_variant,
)
from plumb.exclusions import Omitted, find_omitted, need_nothing_omitted
from plumb.sources import Conditions, SourceCell
from plumb.strip import Style
from plumb.variant import Naming, Variant, faults
from plumb.variant_notebook import Definition, definition, edition

#: What a cell may make its being there depend on, besides questions and notebooks.
FEATURES = ("colab", "leaderboard")


@dataclass(frozen=True)
class Assignment:
    """An assignment as one variant releases it.

    Attributes:
        folder: the ``assignment/`` folder.
        solutions: the folder of the reference distribution.
        variant: what the variant's file says.
        naming: how the variant calls what the reference calls otherwise.
        manifest: what a harness will say, but for the names of the answer files.
        checks: of the variant's questions, in their order, with its points.
        cells: of each notebook, as this variant has it.
        omitted: what of the reference this variant does without.
        data: the file of the data set, if there is one.
        remarks: which texts of the notebooks are not translated.
    """

    folder: Path
    solutions: Path
    variant: Variant
    naming: Naming
    manifest: Manifest
    checks: tuple[Check, ...]
    cells: Mapping[str, tuple[SourceCell, ...]]
    omitted: Omitted
    data: Path | None
    remarks: tuple[str, ...]

    @property
    def variant_name(self) -> str:
        """The variant's name."""
        return self.manifest.variant

    @property
    def title(self) -> str:
        """The title that people see."""
        return self.manifest.title

    @property
    def package(self) -> str:
        """The students' package."""
        return self.manifest.package

    @property
    def notebooks(self) -> tuple[str, ...]:
        """The names of its notebooks, in order."""
        return self.manifest.notebooks

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions that are asked, in order."""
        return self.manifest.questions

    @property
    def asked(self) -> frozenset[str]:
        """Their ids."""
        return frozenset(question.id for question in self.questions)

    @property
    def style(self) -> Style:
        """How the students' markers are spelled."""
        return self.variant.markers.style

    @property
    def package_source(self) -> Path:
        """The reference package."""
        return self.solutions / self.naming.reference


def read_assignment(folder: Path, solutions: Path, name: str) -> Assignment:
    """Read an assignment for one variant.

    Raises AssignmentError, MarkerError or CheckError, with the place, where the files contradict
    each other.
    """
    source, variant = read_description(folder), read_variant(folder, name)
    if not (solutions / source.package).is_dir():
        raise AssignmentError(
            f"{solutions / source.package} is not a folder: the assignment's reference is the "
            f"package {source.package!r}; name the folder of the reference with --solutions"
        )
    place = f"variants/{name}.toml"
    _need_known(source, variant, place)
    _need_language(folder, variant.language, place)
    modules = sorted((solutions / source.package).rglob("*.py"))
    package = solutions / source.package
    omitted = _omitted(package, modules, variant, place)
    kept = [path for path in modules if path.relative_to(package).as_posix() not in omitted.files]
    paths = [path.relative_to(solutions).as_posix() for path in kept]
    naming = Naming(source.package, variant.package, _flattened(paths, source.package, variant))
    _need_distinct(paths, naming, place)
    _need_reachable(solutions, paths, naming)
    asked = _asked(source, variant, read_titles(folder, variant.language).questions)
    checks = _checks(folder, source.questions)
    cells, remarks = _cells(folder, solutions, source, variant, naming, asked)
    need_nothing_omitted(
        omitted, _texts(package, modules), cells, naming, [one.id for one in asked], place
    )
    data = next((n for n in source.data if (folder / "data" / f"{n}.npz").is_file()), "")
    manifest = Manifest(
        assignment=source.name,
        title=variant.title or source.title,
        variant=name,
        package=variant.package,
        questions=_with_hand_points(asked, cells),
        answer_files=(),
        notebooks=variant.notebooks,
        modules=dict(naming.modules(paths)),
        cells=_places(variant, cells),
        code_marker=variant.markers.code,
        prose_marker=variant.markers.prose,
        handin=variant.handin,
        data=data,
        limits=source.limits,
        training=source.training,
        factors=_factors(checks, variant),
        leaderboard=variant.leaderboard,
    )
    own = select_checks(checks, manifest)
    total = sum(check.points for check in own)
    if variant.points is not None and abs(total - variant.points) > 1e-9:
        raise AssignmentError(
            f"{place} says {variant.points:g} points, and its checks add up to {total:g}; "
            "points stand on the checks, in assignment/checks/"
        )
    return Assignment(
        folder=folder,
        solutions=solutions,
        variant=variant,
        naming=naming,
        manifest=manifest,
        checks=own,
        cells=cells,
        omitted=omitted,
        data=folder / "data" / f"{data}.npz" if data else None,
        remarks=tuple(dict.fromkeys(remarks)),
    )


def _texts(package: Path, modules: Iterable[Path]) -> dict[str, str]:
    """The modules' texts by their paths below the package."""
    return {path.relative_to(package).as_posix(): path.read_text("utf-8") for path in modules}


def _omitted(package: Path, modules: list[Path], variant: Variant, place: str) -> Omitted:
    """What the variant leaves out of the package."""
    if not variant.omit:
        return Omitted()
    others = [path for path in sorted(package.rglob("*")) if path.is_file()]
    names = [path.relative_to(package).as_posix() for path in others if path.suffix != ".py"]
    omitted = find_omitted(variant.omit, _texts(package, modules), names, place)
    if both := sorted(omitted.definitions & set(variant.cells)):
        raise AssignmentError(f"{place}: {both[0]} is both in cells and in omit; decide for one")
    return omitted


def _flattened(paths: Iterable[str], package: str, variant: Variant) -> tuple[str, ...]:
    """The sub-packages that a flat variant has no folders for."""
    inner = {PurePosixPath(path).parent.name for path in paths if path.endswith("/__init__.py")}
    return tuple(sorted(inner - {package})) if variant.layout == "flat" else ()


def _need_distinct(paths: Iterable[str], naming: Naming, place: str) -> None:
    """Raise AssignmentError for two modules that a flat variant would have under one name."""
    taken: dict[str, str] = {}
    for path in paths:
        name = naming.path(path)
        if name in taken and not path.endswith("/__init__.py"):
            raise AssignmentError(
                f"{place}: in a flat package {taken[name]} and {path} would both be {name}; "
                "rename one of them"
            )
        taken[name] = path


def _need_reachable(solutions: Path, paths: Iterable[str], naming: Naming) -> None:
    """Raise AssignmentError for a module at the top of the package that a check cannot reach.

    `Student` itself has a name like it. Checks may use the reference's names or the variant's.
    """
    for path in paths:
        for renamed in (path, naming.path(path)):
            name = PurePosixPath(renamed).parts[1].removesuffix(".py")
            if name in RESERVED_NAMES:
                raise AssignmentError(
                    f"{solutions / path}: a check cannot reach it, because student.{name} means "
                    f"something else there; rename {name} in the reference package"
                )


def _need_known(source: AssignmentFile, variant: Variant, place: str) -> None:
    """Raise AssignmentError for what no variant may say, and for names that there are not."""
    if wrong := list(faults(variant)):
        raise AssignmentError("\n".join(f"{place}: {fault}" for fault in wrong))
    notebooks = [notebook.name for notebook in source.notebooks]
    questions = [question.id for question in source.questions]
    for names, known, what in (
        (variant.notebooks, notebooks, "notebook"),
        ((*variant.only, *variant.without, *variant.question_points), questions, "question"),
        (variant.features, FEATURES, "feature"),
    ):
        for name in names:
            if name not in known:
                raise AssignmentError(f"{place}: no {what} {name!r}; there are {', '.join(known)}")


def _need_language(folder: Path, language: str, place: str) -> None:
    """Raise AssignmentError for a language in which there is no text at all."""
    known = languages(folder)
    if language not in known:
        raise AssignmentError(
            f"{place}: language = {language!r}, in which there is no text; there are "
            f"{', '.join(known)}. A new language begins with a file such as "
            f"variants/titles.{language} or notebooks/NAME.{language}.md"
        )


def _asked(
    source: AssignmentFile, variant: Variant, titles: Mapping[str, str]
) -> tuple[Question, ...]:
    """The questions that a variant asks, notebook by notebook."""
    ids = [one.id for one in source.questions]
    if double := sorted({one for one in ids if ids.count(one) > 1}):
        raise AssignmentError(f"assignment.toml: {', '.join(double)} stands there more than once")
    asked = []
    for one in source.questions:
        notebook = next((name for name in variant.notebooks if name in one.notebooks), "")
        if (
            notebook
            and one.id not in variant.without
            and (not variant.only or one.id in variant.only)
        ):
            title = titles.get(one.id, one.title)
            asked.append(Question(one.id, title, notebook, one.kind, 0.0, one.rubric))
    return tuple(sorted(asked, key=lambda question: variant.notebooks.index(question.notebook)))


def _cells(
    folder: Path,
    solutions: Path,
    source: AssignmentFile,
    variant: Variant,
    naming: Naming,
    asked: tuple[Question, ...],
) -> tuple[dict[str, tuple[SourceCell, ...]], list[str]]:
    """The cells of every notebook, and which texts are not translated."""
    definitions = {name: _definition(solutions / source.package, name) for name in variant.cells}
    features = [*variant.features, *(["leaderboard"] if variant.leaderboard else [])]
    known = [q.id for q in source.questions] + [n.name for n in source.notebooks]
    cells, remarks = {}, []
    for name in variant.notebooks:
        conditions = Conditions(
            here=frozenset(q.id for q in asked if q.notebook == name),
            asked=frozenset(q.id for q in asked),
            present=frozenset([*variant.notebooks, *features]),
            known=frozenset([*known, *FEATURES]),
            cells=frozenset(variant.cells),
        )
        path = folder / "notebooks" / f"{name}.py"
        cells[name], found = edition(path, conditions, naming, definitions, variant.language)
        remarks += found
    answers = [cell.id for own in cells.values() for cell in own if cell.role == "answer"]
    if double := sorted({one for one in answers if answers.count(one) > 1}):
        raise AssignmentError(
            f"the answer cell {double[0]} stands in two notebooks; give each its own id, so that a "
            "notebook can be told from another by its cells"
        )
    return cells, remarks


def _definition(package: Path, name: str) -> Definition:
    module, _, what = name.rpartition(".")
    path = package / f"{module.replace('.', '/')}.py"
    if not path.is_file():
        raise AssignmentError(f"{path} does not exist: a variant has {name} in its notebook")
    return definition(path.read_text("utf-8"), module, what, str(path))


def _places(variant: Variant, cells: Mapping[str, tuple[SourceCell, ...]]) -> dict[str, str]:
    """The notebook that each definition moved to."""
    found = {c.defines: name for name, own in cells.items() for c in own if c.defines}
    for name in variant.cells:
        if name not in found:
            raise AssignmentError(f'{name} is to be in a notebook: no cell has defines="{name}"')
    return found


def _with_hand_points(
    asked: tuple[Question, ...], cells: Mapping[str, tuple[SourceCell, ...]]
) -> tuple[Question, ...]:
    """The questions, with the points that stand on the cells of answers in prose."""
    points = {r.id: cell.points for own in cells.values() for cell in own for r in cell.regions}
    return tuple(
        msgspec.structs.replace(q, hand_points=points.get(q.id, 0.0)) if q.kind is Kind.PROSE else q
        for q in asked
    )


def _factors(checks: tuple[Check, ...], variant: Variant) -> dict[str, float]:
    """What the points of a question's checks are multiplied by, to add up to the variant's."""
    factors = {}
    for question, points in variant.question_points.items():
        own = sum(check.points for check in checks if check.question == question)
        if not own or points <= 0:
            raise AssignmentError(f"question {question} cannot be worth {points:g} points")
        factors[question] = points / own
    return factors


def _checks(folder: Path, questions: tuple[Asked, ...]) -> tuple[Check, ...]:
    """All checks, each of a known question and each question with those that its kind needs."""
    checks = tuple(load_folder(folder / "checks"))
    ids = [question.id for question in questions]
    for check in checks:
        for needed in (check.question, *check.needs):
            if needed not in ids:
                raise AssignmentError(
                    f"{check.place}: check {check.name} names the question {needed!r}, "
                    "which assignment.toml does not have"
                )
    for question in questions:
        own = [check for check in checks if check.question == question.id]
        shown = [check for check in own if check.visible]
        if question.kind is Kind.CODE and (not shown or len(shown) == len(own)):
            raise AssignmentError(
                f"question {question.id} has {len(own)} checks; "
                "it needs at least one visible and one hidden one"
            )
        if question.kind is Kind.CHOICE and (shown or not own):
            raise AssignmentError(
                f"question {question.id} is one of choice: it needs hidden checks, and no others"
            )
        if question.kind is Kind.PROSE and (own or not question.rubric):
            raise AssignmentError(
                f"question {question.id} is answered in prose: it needs a rubric, and no checks"
            )
    return checks
