"""Notebook sources: cells of the percent format, and which of them a variant's notebook has.

Every cell has an id and, where it is not plain text or an example, a role::

    # %% id="overfit-answer" role="answer"

- ``setup``: imports and helpers; also run when a submission is graded, so nothing slow.
- ``answer``: holds solution regions; the student writes here; also run when graded.
- ``example``: shown to the student and run by them, never by the grader. The default for code.
- ``text``: Markdown. The default for Markdown; a Markdown cell with a region is ``answer``.

Further options: ``include="name"`` puts in the cells of ``parts/name.py``; ``when="..."`` names
conditions under which the cell is there (see `Conditions`), for a whole section if the cell opens
one; ``defines="layers.f"`` is a place for a definition that some variant has in its notebook;
``points=2`` are what a person gives for an answer in prose.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import jupytext

from autograder.errors import AssignmentError, MarkerError
from plumb.regions import CODE, PROSE, Region, Syntax, check_unique, find_regions

ROLES = {"code": ("example", "setup", "answer"), "markdown": ("text", "answer")}

_CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_HEADER = re.compile(r"# %%( |$)")
_CHECK = re.compile(r'check\("(\w+)"\)')
#: What a cell's header may say, and what jupytext notes there for itself.
_OPTIONS = {
    "id", "role", "title", "tags", "lines_to_next_cell", "include", "when", "defines", "points",
}  # fmt: skip


@dataclass(frozen=True)
class SourceCell:
    """A cell of a source.

    Attributes:
        file, line: where it stands: the number of its text's first line.
        kind: ``code`` or ``markdown``.
        role: see the module's docstring.
        text: without the comment signs of Markdown.
        tags: for tools that read them; most cells have none.
        regions: its solution regions.
        when: the conditions under which it is there.
        defines: the dotted name of what is to be put in here.
        points: for an answer in prose.
    """

    id: str
    file: str
    line: int
    kind: str
    role: str
    text: str
    tags: tuple[str, ...] = ()
    regions: tuple[Region, ...] = ()
    when: tuple[str, ...] = ()
    defines: str = ""
    points: float = 0.0

    @property
    def syntax(self) -> Syntax:
        """How its markers are written."""
        return CODE if self.kind == "code" else PROSE


@dataclass(frozen=True)
class Conditions:
    """What holds for one notebook of a variant.

    ``when="affine_forward"``: this question is asked in this notebook; ``"not affine_forward"``:
    it is asked nowhere in the variant. ``when="TwoLayerNet"`` and ``"not TwoLayerNet"``: the
    variant has that notebook or not; the same with its features.

    Attributes:
        here: the questions asked in this notebook.
        asked: all questions that the variant asks.
        present: the variant's notebooks and features.
        known: every name that a condition may have.
        cells: definitions that the variant has in its notebooks.
    """

    here: frozenset[str]
    asked: frozenset[str]
    present: frozenset[str]
    known: frozenset[str]
    cells: frozenset[str] = frozenset()

    def hold(self, cell: SourceCell) -> bool:
        """Whether a cell is there. Raises AssignmentError for a condition that cannot be."""
        for condition in cell.when:
            negated = condition.startswith("not ")
            name = condition.removeprefix("not ")
            if name not in self.known:
                raise AssignmentError(
                    f"{cell.file}:{cell.line - 1}: cell {cell.id} is there when {name!r}, which is "
                    "no question, notebook or feature"
                )
            there = name in self.present or name in (self.asked if negated else self.here)
            if there == negated:
                return False
        checked = _CHECK.fullmatch(cell.text.strip())
        if checked and checked[1] not in self.here:
            return False
        if cell.defines:
            return cell.defines in self.cells
        if cell.role == "answer":
            return any(region.id.partition(".")[0] in self.here for region in cell.regions)
        return True


def read_notebook(path: Path) -> tuple[SourceCell, ...]:
    """All cells of a source, parts put in, in order; raises as `read_cells` does."""
    return read_cells(_read(path), str(path), path.parent / "parts")


def read_cells(source: str, file: str, parts: Path | None = None) -> tuple[SourceCell, ...]:
    """The cells of a source in jupytext's percent format, in order.

    Args:
        file: its path, for errors.
        parts: the folder of the parts that it may include.

    Raises MarkerError for a wrong solution region, AssignmentError for a wrong cell, both with
    ``file:line``.
    """
    cells: list[SourceCell] = []
    for one in _parsed(source, file):
        if isinstance(one, SourceCell):
            cells.append(one)
            continue
        part = (parts or Path("parts")) / f"{one.name}.py"
        if parts is None or not part.is_file():
            raise AssignmentError(f"{file}:{one.line}: there is no part {part}")
        cells += (
            inner for inner in _parsed(_read(part), str(part)) if isinstance(inner, SourceCell)
        )
    first: dict[str, SourceCell] = {}
    for cell in cells:
        if cell.id in first:
            other = first[cell.id]
            where = f"line {other.line - 1}" + (f" of {other.file}" * (other.file != cell.file))
            raise AssignmentError(
                f"{cell.file}:{cell.line - 1}: cell id {cell.id!r} is taken since {where}; "
                "a student's answer is found by its cell's id, choose another"
            )
        first[cell.id] = cell
    check_unique(region for cell in cells for region in cell.regions)
    return tuple(cells)


def chosen(cells: Iterable[SourceCell], conditions: Conditions) -> tuple[SourceCell, ...]:
    """The cells that a variant's notebook has: a heading's conditions hold for its section."""
    kept = []
    section = True
    for cell in cells:
        opens = cell.kind == "markdown" and re.match(r"#{1,2} ", cell.text)
        holds = conditions.hold(cell)
        if opens:
            section = holds
        if section and holds:
            kept.append(cell)
    return tuple(kept)


@dataclass(frozen=True)
class Include:
    """A place where a part's cells are put in."""

    name: str
    line: int


def _parsed(source: str, file: str) -> Iterator[SourceCell | Include]:
    """The cells one by one, each valid in itself, and the places of parts."""
    headers = [n for n, line in enumerate(source.split("\n"), 1) if _HEADER.match(line)]
    parsed = jupytext.reads(source, fmt="py:percent").cells
    if len(parsed) != len(headers):
        raise AssignmentError(
            f"{file}:{headers[0] if headers else 1}: a line of the source belongs to no cell; "
            "begin the file, and every cell, with a line '# %% id=\"...\"'"
        )
    for header, node in zip(headers, parsed, strict=True):
        if "include" in node.metadata:
            yield Include(str(node.metadata["include"]), header)
        else:
            yield _cell(node.cell_type, node.source, dict(node.metadata), header, file)


def _cell(kind: str, text: str, options: dict[str, object], header: int, file: str) -> SourceCell:
    place = f"{file}:{header}"
    name = options.get("id")
    if not isinstance(name, str) or not _CELL_ID.fullmatch(name):
        raise AssignmentError(
            f"{place}: a cell needs an id of 1 to 64 letters, digits, - and _, "
            f'for example # %% id="affine-forward-example"; found {name!r}'
        )
    if unknown := sorted(set(options) - _OPTIONS):
        raise AssignmentError(
            f"{place}: cell {name} has {', '.join(unknown)}; a cell has an id, a role, a title, "
            "tags, when, defines and points, and Markdown stands in # comments"
        )
    roles = ROLES.get(kind, ())
    role = options.get("role", next(iter(roles), None))
    if role not in roles:
        allowed = ", ".join(roles) or "no role: use code or [markdown]"
        raise AssignmentError(
            f"{place}: cell {name} has the role {role!r}; a {kind} cell has {allowed}"
        )
    syntax = CODE if kind == "code" else PROSE
    regions = find_regions(text, file, syntax=syntax, first_line=header + 1)
    defines = str(options.get("defines", ""))
    if regions and role != "answer":
        raise MarkerError(
            file,
            regions[0].line,
            f"region {regions[0].id} stands in cell {name}, which is no answer cell; "
            'add role="answer" to its # %% line',
        )
    if role == "answer" and not regions and not defines:
        raise MarkerError(
            file,
            header,
            f"answer cell {name} has no solution region; add one, or take its role away",
        )
    tags, points = options.get("tags", ()), options.get("points", 0)
    if not isinstance(points, (int, float)) or points < 0 or (points and kind == "code"):
        raise AssignmentError(
            f"{place}: cell {name} has points={points!r}: a number, and only on an answer in "
            "Markdown; other points stand on the checks"
        )
    when = str(options.get("when", ""))
    return SourceCell(
        id=name,
        file=file,
        line=header + 1,
        kind=kind,
        role=str(role),
        text=text,
        tags=tuple(map(str, tags)) if isinstance(tags, Collection) else (),
        regions=regions,
        when=tuple(part.strip() for part in when.split(",") if part.strip()),
        defines=defines,
        points=float(points),
    )


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise AssignmentError(f"{path}: {error.strerror}") from None
