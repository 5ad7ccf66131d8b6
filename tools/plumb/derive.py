"""Derives what an author of a small assignment did not write: ids, roles, titles, questions.

Everything here is pure: the cells and texts of the sources go in, complete ones come out.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from autograder.core.stubs import question_of
from autograder.errors import AssignmentError
from autograder.harness import Kind
from plumb.cell_roles import bound_names, with_roles
from plumb.mistakes import Mistakes
from plumb.notebooks import cell_tree
from plumb.raw_cells import RawCell
from plumb.region_ids import definition_at, with_region_ids
from plumb.regions import PROSE, Region
from plumb.sources import SourceCell, require_unique_cells, source_cell

_HEADING = re.compile(r"#{1,6} +(.+?) *#*$", re.MULTILINE)


@dataclass(frozen=True)
class FoundQuestion:
    """A question that the sources ask.

    Attributes:
        place: where its first region begins, for messages.
        notebook: the notebook that it is shown in.
    """

    id: str
    title: str
    kind: Kind
    notebook: str
    place: str


def complete_cells(
    raws: Iterable[RawCell], wanted: Collection[str], points: Mapping[str, float]
) -> tuple[SourceCell, ...]:
    """The cells of a notebook, each with an id and a role; empty cells are left out.

    Args:
        wanted: the names that checks ask for.
        points: by question, the points of an answer in prose that ``assignment.toml`` names.

    Raises AssignmentError and MarkerError with the place; of all cells that are wrong by
    themselves.
    """
    mistakes = Mistakes()
    raws = [raw for raw in raws if raw.text.strip() or "include" in raw.options]
    used = {str(raw.options["id"]) for raw in raws if "id" in raw.options}
    cells, told = [], []
    heading = ""
    for raw in raws:
        if raw.kind == "markdown" and (found := _HEADING.search(raw.text)):
            heading = found[1]
        cell = mistakes.tried(_complete, raw, heading, used, points)
        if cell is not None:
            cells.append(cell)
            told.append("role" in raw.options)
    mistakes.tried(require_unique_cells, cells)
    for cell in cells:
        if cell.kind == "code":
            mistakes.tried(cell_tree, cell)
    mistakes.raise_if_any()
    return with_roles(cells, told, wanted)


def _complete(
    raw: RawCell, heading: str, used: set[str], points: Mapping[str, float]
) -> SourceCell:
    """A cell with an id and a role. Raises AssignmentError or MarkerError with the place."""
    if include := raw.options.get("include"):
        raise AssignmentError(
            f"{raw.place}: include={include!r} is for an assignment with the folder "
            "notebooks/parts; copy the cells here"
        )
    fallback = str(raw.options.get("id", "")) or heading
    text = with_region_ids(raw.text, raw.file, fallback, syntax=raw.syntax, first_line=raw.line)
    options = _completed(raw, text, heading, used, points)
    return source_cell(replace(raw, text=text, options=options))


def _completed(
    raw: RawCell, text: str, heading: str, used: set[str], points: Mapping[str, float]
) -> dict[str, object]:
    """The options of a cell with an id, and with the role and the points of an answer."""
    options = dict(raw.options)
    regions = re.findall(r"BEGIN SOLUTION ([a-z0-9_.]+)", text)
    if regions:
        options.setdefault("role", "answer")
        worth = points.get(question_of(regions[0]))
        if worth is not None and raw.syntax == PROSE:
            options.setdefault("points", worth)
    if "id" not in options:
        base = (
            regions[0].replace(".", "-")
            if regions
            else _slug(heading if raw.kind == "markdown" and heading in text else "")
        )
        base = base or f"cell-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
        options["id"] = _unused(base, used)
    return options


def _slug(heading: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", heading.lower()))[:56]


def _unused(base: str, used: set[str]) -> str:
    """The id itself, or with the first number that makes it another one."""
    number, name = 1, base
    while name in used:
        number += 1
        name = f"{base}-{number}"
    used.add(name)
    return name


def find_questions(
    modules: Mapping[str, tuple[str, Sequence[Region]]],
    notebooks: Mapping[str, Sequence[SourceCell]],
    checked: Collection[str],
) -> list[FoundQuestion]:
    """The questions that the regions ask: first those of notebooks, in order, then of modules.

    Args:
        modules: the text of each module and its regions.
        notebooks: the cells of each notebook.
        checked: the questions that have checks: an answer in prose with one is a choice.
    """
    found: dict[str, FoundQuestion] = {}
    for notebook, cells in notebooks.items():
        heading = ""
        for cell in cells:
            if cell.kind == "markdown":
                headings = _HEADING.findall(cell.text)
                heading = headings[-1] if headings else heading
            for region in cell.regions:
                question = question_of(region.id)
                prose = Kind.CHOICE if question in checked else Kind.PROSE
                kind = Kind.CODE if cell.kind == "code" else prose
                doc = definition_at(cell.text, region, cell.line) if cell.kind == "code" else ""
                title = doc or heading or _words(question)
                place = f"{cell.file}:{region.line}"
                found.setdefault(question, FoundQuestion(question, title, kind, notebook, place))
    home = next(iter(notebooks), "")
    for text, regions in modules.values():
        for region in regions:
            question = question_of(region.id)
            title = definition_at(text, region) or _words(question)
            place = f"{region.file}:{region.line}"
            found.setdefault(question, FoundQuestion(question, title, Kind.CODE, home, place))
    return list(found.values())


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def names_in_notebooks(
    notebooks: Mapping[str, Sequence[SourceCell]], modules: Collection[str]
) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """The notebook of each name that a check may ask for; and the names that are in two places.

    Args:
        modules: the modules at the top of the package.
    """
    places: dict[str, list[str]] = {}
    for notebook, cells in notebooks.items():
        graded = [cell for cell in cells if cell.kind == "code" and cell.role != "example"]
        for name in sorted({name for cell in graded for name in bound_names(cell)}):
            places.setdefault(name, []).append(notebook)
    for module in modules:
        if module in places:
            places[module].append(f"the module {module}")
    unique = {name: found[0] for name, found in places.items() if len(found) == 1}
    shared = {name: tuple(found) for name, found in places.items() if len(found) > 1}
    return unique, shared


def names_asked_for(source: str, file: str, *, in_notebooks: bool = True) -> dict[str, str]:
    """The names that checks ask of the student, ``student.NAME``; each with its first place.

    Args:
        source: of a file of checks.
        in_notebooks: whether names count that are asked of a notebook, ``student.notebook(...)``.
    """
    found: dict[str, str] = {}
    try:
        tree = ast.parse(source)
    except SyntaxError:  # loading the checks says so, with its place
        return found
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef) or not function.args.args:
            continue
        student = function.args.args[0].arg
        for node in ast.walk(function):
            if not isinstance(node, ast.Attribute):
                continue
            if isinstance(node.value, ast.Call) and not in_notebooks:
                continue
            if _is_of_student(node.value, student):
                found.setdefault(node.attr, f"{file}:{node.lineno}")
    return found


def _is_of_student(node: ast.expr, student: str) -> bool:
    """Whether an expression is the student, or a notebook of theirs."""
    if isinstance(node, ast.Call):
        node = node.func
        return (
            isinstance(node, ast.Attribute)
            and node.attr == "notebook"
            and isinstance(node.value, ast.Name)
        )
    return isinstance(node, ast.Name) and node.id == student
