"""Refuses an assignment whose files contradict each other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from autograder.core.checks import Check
from autograder.core.stubs import question_of
from autograder.core.student import RESERVED_NAMES
from autograder.errors import AssignmentError
from autograder.harness import Kind, Question
from plumb.config import AssignmentFile, QuestionEntry, languages
from plumb.regions import find_regions
from plumb.sources import FEATURES, SourceCell, unknown_question
from plumb.variant import NameMap, Variant, find_problems


def require_known_names(source: AssignmentFile, variant: Variant, place: str) -> None:
    """Raise AssignmentError for a variant that is wrong by itself or uses an unknown name."""
    if problems := list(find_problems(variant)):
        raise AssignmentError("\n".join(f"{place}: {problem}" for problem in problems))
    notebooks = [notebook.name for notebook in source.notebooks]
    questions = [question.id for question in source.questions]
    for names, known, noun in (
        (variant.notebooks, notebooks, "notebook"),
        ((*variant.only, *variant.without, *variant.question_points), questions, "question"),
        (variant.features, (*FEATURES, *source.features), "feature"),
    ):
        for name in names:
            if name not in known:
                raise AssignmentError(f"{place}: no {noun} {name!r}; there are {', '.join(known)}")


def require_language(folder: Path, language: str, place: str) -> None:
    """Raise AssignmentError for a language in which the assignment has no text."""
    known = languages(folder)
    if language not in known:
        raise AssignmentError(
            f"{place}: language = {language!r}, in which there is no text; there are "
            f"{', '.join(known)}. A new language begins with a file such as "
            f"variants/titles.{language}, or NAME.{language}.md beside the notebook NAME"
        )


def require_unique_ids(questions: Iterable[QuestionEntry]) -> None:
    """Raise AssignmentError for a question that ``assignment.toml`` has twice."""
    if repeated := repetitions(question.id for question in questions):
        raise AssignmentError(f"assignment.toml has {', '.join(repeated)} more than once")


def require_known_notebooks(source: AssignmentFile, folder: Path) -> None:
    """Raise AssignmentError for a question or a notebook's source that no variant could ask."""
    names = [notebook.name for notebook in source.notebooks]
    listed = ", ".join(names)
    for question in source.questions:
        if not question.notebooks:
            raise AssignmentError(
                f"assignment.toml: question {question.id} names no notebook, so nobody is asked "
                f"it; there are: {listed}"
            )
        for name in question.notebooks:
            if name not in names:
                raise AssignmentError(
                    f"assignment.toml: question {question.id} names the notebook {name!r}, which "
                    f"is not there; there are: {listed}"
                )
    for path in sorted((folder / "notebooks").glob("*.py")):
        if path.stem not in names:
            raise AssignmentError(
                f"{path} is no notebook of assignment.toml, so nobody would get it; add it to "
                "[[notebooks]], or move it to notebooks/parts/"
            )


def require_known_regions(texts: Mapping[str, str], source: AssignmentFile, package: Path) -> None:
    """Raise AssignmentError for a region in a module whose question there is not.

    A region that no variant asks is given away: students would get the solution.
    """
    ids = [question.id for question in source.questions]
    for name, text in texts.items():
        for region in find_regions(text, str(package / name)):
            if question_of(region.id) not in ids:
                raise AssignmentError(
                    f"{package / name}:{region.line}: "
                    f"{unknown_question(question_of(region.id), ids)}; without one, students would "
                    "get this solution"
                )


def require_answer_cells(
    questions: Iterable[Question], cells: Mapping[str, Iterable[SourceCell]], folder: Path
) -> None:
    """Raise AssignmentError for a question in prose or with options that has no cell to answer it.

    Nobody could earn its points. A question in code may have no region of its own: its checks can
    ask what other questions' functions do together.
    """
    for question in questions:
        regions = {question_of(r.id) for c in cells[question.notebook] for r in c.regions}
        if question.kind is not Kind.CODE and question.id not in regions:
            raise AssignmentError(
                f"{folder / 'notebooks' / question.notebook}.py has no answer cell for the "
                f"question {question.id}, which assignment.toml asks there; write a cell with "
                f"<!-- BEGIN SOLUTION {question.id} -->, or remove the question"
            )


def require_distinct_modules(paths: Iterable[str], name_map: NameMap, place: str) -> None:
    """Raise AssignmentError for two modules that get the same name in a flat package."""
    first: dict[str, str] = {}
    for path in paths:
        name = name_map.path(path)
        if name in first and not path.endswith("/__init__.py"):
            raise AssignmentError(
                f"{place}: in a flat package {first[name]} and {path} would both be {name}; "
                "rename one of them"
            )
        first[name] = path


def require_reachable_modules(solutions: Path, paths: Iterable[str], name_map: NameMap) -> None:
    """Raise AssignmentError for a module at the top of the package that a check cannot reach.

    `Student` itself has a name like it. Checks may use the reference's names or the variant's.
    """
    for path in paths:
        for renamed in (path, name_map.path(path)):
            name = PurePosixPath(renamed).parts[1].removesuffix(".py")
            if name in RESERVED_NAMES:
                raise AssignmentError(
                    f"{solutions / path}: a check cannot reach it, because student.{name} means "
                    f"something else there; rename {name} in the reference package"
                )


def find_wrong_checks(
    checks: Collection[Check], source: AssignmentFile, unmade: Collection[str], toml: str
) -> Iterator[str]:
    """A sentence for each check of an unknown question, and for each question with wrong checks.

    Args:
        unmade: the questions whose checks could not be made: nothing is said of these.
        toml: the path of ``assignment.toml``.
    """
    questions = source.questions
    ids = [question.id for question in questions]
    for check in checks:
        for needed in (check.question, *check.needs):
            if needed not in ids:
                yield (
                    f"{check.place}: check {check.name} names {needed!r}: "
                    f"{unknown_question(needed, ids)}"
                )
        if check.when and check.when not in source.features:
            yield (
                f"{check.place}: check {check.name} has when={check.when!r}, which is no feature "
                f"of assignment.toml; there are: {', '.join(source.features) or 'none'}"
            )
    for question in questions:
        its_checks = [check for check in checks if check.question == question.id]
        if its_checks or question.id not in unmade:
            yield from _wrong_for_its_kind(question, its_checks, toml)


def _wrong_for_its_kind(
    question: QuestionEntry, checks: Sequence[Check], toml: str
) -> Iterator[str]:
    """A sentence for each check that a question of this kind cannot have, or if it needs one."""
    if question.kind is Kind.CODE and all(check.when for check in checks):
        where = next((str(check.place) for check in checks), toml)
        yield (
            f"{where}: question {question.id} has no check that every variant asks; add one, or "
            "leave out its when="
        )
    if question.kind is Kind.CHOICE and not checks:
        yield (
            f"{toml}: question {question.id} is a question with options, and no check looks at it; "
            f'add a hidden one: @check("{question.id}")'
        )
    for check in checks:
        if question.kind is Kind.CHOICE and check.visible:
            yield (
                f"{check.place}: question {question.id} is a question with options, so its check "
                f"{check.name} would tell students the answer; leave out visible=True"
            )
        if question.kind is Kind.PROSE:
            yield (
                f"{check.place}: question {question.id} is answered in prose, which a person "
                f"grades, so it has no checks; remove {check.name}, or give the question another "
                "kind"
            )


def require_total(checks: Iterable[Check], variant: Variant, place: str) -> None:
    """Raise AssignmentError if the checks' points do not add up to what the variant says."""
    total = sum(check.points for check in checks)
    if variant.points is not None and abs(total - variant.points) > 1e-9:
        raise AssignmentError(
            f"{place} says {variant.points:g} points, and its checks add up to {total:g}; "
            "points stand on the checks, in assignment/checks/"
        )


def repetitions(ids: Iterable[str]) -> list[str]:
    """The ids that are there more than once, sorted."""
    ids = list(ids)
    return sorted({name for name in ids if ids.count(name) > 1})
