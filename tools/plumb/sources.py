"""Reads a notebook's source, in the percent format or as an .ipynb, cell by cell.

Every cell has an id; `derive` makes one where an author of a small assignment wrote none. A cell
that is neither plain text nor an example also has a role::

    # %% id="overfit-answer" role="answer"

- ``setup``: imports and helpers. Grading runs it too, so it must be fast.
- ``answer``: has solution regions. The student writes here. Grading runs it too.
- ``example``: the student reads and runs it; grading never runs it. The default for code.
- ``text``: Markdown. The default for Markdown; a Markdown cell with a region is ``answer``.

Further options: ``include="name"`` inserts the cells of ``parts/name.py``. ``when="..."`` names the
conditions under which the cell is in a notebook (see `Conditions`); on a heading they hold for its
whole section. ``defines="layers.f"`` is the place for a definition that some variant has in its
notebook. ``points=2``: the points that a person can give for an answer in prose.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from autograder.cli.author_files import read_text
from autograder.core.stubs import question_of
from autograder.errors import AssignmentError, MarkerError
from plumb.raw_cells import OPTIONS, RawCell, raw_cells
from plumb.regions import CODE, PROSE, Region, Syntax, check_unique, find_regions

#: The features that a variant of any assignment can have; a cell's conditions may name them.
FEATURES = ("colab", "leaderboard")

ROLES = {"code": ("example", "setup", "answer"), "markdown": ("text", "answer")}

_CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_CHECK = re.compile(r"""check\(["'](\w+)["']\)""")


@dataclass(frozen=True)
class SourceCell:
    """A cell of an instructor's notebook source.

    Attributes:
        file: the path of the source.
        line: the number of the first line of its text in that file.
        kind: ``code`` or ``markdown``.
        role: see the module's docstring.
        text: its text; for Markdown without the comment signs.
        tags: for other tools; most cells have none.
        regions: its solution regions.
        when: the conditions under which it is in a notebook.
        defines: the dotted name of the definition to insert here.
        points: the points for an answer in prose.
        attachments: the pictures in it, as an .ipynb has them.
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
    attachments: Mapping[str, object] = field(default_factory=dict, hash=False)

    @property
    def syntax(self) -> Syntax:
        """How a marker is written in this cell."""
        return CODE if self.kind == "code" else PROSE


@dataclass(frozen=True)
class Conditions:
    """Decides which cells one notebook of a variant has.

    ``when="affine_forward"`` holds if this question is asked in this notebook, and
    ``"not affine_forward"`` if the variant does not ask it at all. ``when="TwoLayerNet"`` and
    ``"not TwoLayerNet"`` say whether the variant has that notebook; a feature works the same way.

    Attributes:
        here: the questions asked in this notebook.
        asked: all questions that the variant asks.
        present: the variant's notebooks and features.
        known: every name that a condition may use.
        questions: the assignment's questions, whatever the variant asks.
        cells: the definitions that the variant has in its notebooks.
    """

    here: frozenset[str]
    asked: frozenset[str]
    present: frozenset[str]
    known: frozenset[str]
    questions: frozenset[str]
    cells: frozenset[str] = frozenset()

    def includes(self, cell: SourceCell) -> bool:
        """Whether the notebook has a cell.

        Raises AssignmentError for an unknown condition, or an unknown question: a cell must not
        vanish because of a misspelled word.
        """
        self._require_known(cell)
        for condition in cell.when:
            negated = condition.startswith("not ")
            name = condition.removeprefix("not ")
            if name not in self.known:
                raise AssignmentError(
                    f"{cell.file}:{cell.line - 1}: cell {cell.id} has the condition {name!r}, "
                    "which is no question, notebook or feature"
                )
            true = name in self.present or name in (self.asked if negated else self.here)
            if true == negated:
                return False
        check_call = _CHECK.fullmatch(cell.text.strip())
        if check_call and check_call[1] not in self.here:
            return False
        if cell.defines:
            return cell.defines in self.cells
        if cell.role == "answer":
            return any(question_of(region.id) in self.here for region in cell.regions)
        return True

    def _require_known(self, cell: SourceCell) -> None:
        """Raise AssignmentError if a cell names a question that there is not."""
        named = [(region.line, question_of(region.id)) for region in cell.regions]
        for line, name in named:
            if name not in self.questions:
                raise AssignmentError(
                    f"{cell.file}:{line}: {unknown_question(name, self.questions)}"
                )


def unknown_question(name: str, questions: Collection[str]) -> str:
    """A sentence about a question that there is not, with the most similar one."""
    similar = get_close_matches(name, questions, 1)
    meant = f"; did you mean {similar[0]!r}?" if similar else ""
    return f"there is no question {name!r} in assignment.toml{meant}"


def read_notebook(path: Path) -> tuple[SourceCell, ...]:
    """All cells of a source in order, with its parts inserted; raises as `read_cells` does."""
    return read_cells(read_text(path), str(path), path.parent / "parts")


def read_cells(source: str, file: str, parts: Path | None = None) -> tuple[SourceCell, ...]:
    """The cells of a source in jupytext's percent format, in order.

    Args:
        file: its path, for errors.
        parts: the folder of the parts that it can include.

    Raises MarkerError for a wrong solution region, AssignmentError for a wrong cell, both with
    ``file:line``.
    """
    cells: list[SourceCell] = []
    for item in _parsed(source, file):
        if isinstance(item, SourceCell):
            cells.append(item)
            continue
        part = (parts or Path("parts")) / f"{item.name}.py"
        if parts is None or not part.is_file():
            raise AssignmentError(f"{file}:{item.line}: there is no part {part}")
        cells += (
            inner for inner in _parsed(read_text(part), str(part)) if isinstance(inner, SourceCell)
        )
    require_unique_cells(cells)
    return tuple(cells)


def require_unique_cells(cells: Iterable[SourceCell]) -> None:
    """Raise an error with both places for an id that two cells or two regions of a notebook have.

    The error is an AssignmentError for cells, a MarkerError for regions.
    """
    cells = tuple(cells)
    first: dict[str, SourceCell] = {}
    for cell in cells:
        if cell.id in first:
            other = first[cell.id]
            where = f"line {other.line - 1}" + (f" of {other.file}" * (other.file != cell.file))
            raise AssignmentError(
                f"{cell.file}:{cell.line - 1}: cell id {cell.id!r} is already used in {where}; "
                "a student's answer is found by its cell's id, so choose another id"
            )
        first[cell.id] = cell
    check_unique(region for cell in cells for region in cell.regions)


def select_cells(cells: Iterable[SourceCell], conditions: Conditions) -> tuple[SourceCell, ...]:
    """The cells of a variant's notebook; a heading's conditions hold for its whole section."""
    kept = []
    section = True
    for cell in cells:
        opens = cell.kind == "markdown" and re.match(r"#{1,2} ", cell.text)
        holds = conditions.includes(cell)
        if opens:
            section = holds
        if section and holds:
            kept.append(cell)
    return tuple(kept)


@dataclass(frozen=True)
class Include:
    """A place in a source where the cells of a part are inserted."""

    name: str
    line: int


def _parsed(source: str, file: str) -> Iterator[SourceCell | Include]:
    """The cells one by one, each valid by itself; in the place of a part an Include."""
    for raw in raw_cells(source, file):
        if not raw.header:
            raise AssignmentError(
                f"{file}:{raw.line}: a line of the source belongs to no cell; "
                "begin the file, and every cell, with a line '# %% id=\"...\"'"
            )
        if "include" in raw.options:
            yield Include(str(raw.options["include"]), raw.line - 1)
        else:
            yield source_cell(raw)


def source_cell(raw: RawCell) -> SourceCell:
    """A cell that is valid by itself; raises as `read_cells` does."""
    kind, text, options, place, file = raw.kind, raw.text, raw.options, raw.place, raw.file
    name = options.get("id")
    if not isinstance(name, str) or not _CELL_ID.fullmatch(name):
        raise AssignmentError(
            f"{place}: a cell needs an id of 1 to 64 letters, digits, - and _, "
            f'for example # %% id="affine-forward-example"; found {name!r}'
        )
    if unknown := sorted(set(options) - OPTIONS):
        raise AssignmentError(
            f"{place}: cell {name} has the unknown option {', '.join(unknown)}; a cell can have an "
            "id, a role, a title, tags, when, defines and points; write Markdown in # comments"
        )
    if kind not in ROLES:
        raise AssignmentError(
            f"{place}: cell {name} is a {kind} cell, which students do not see as text or code; "
            "make it a Markdown or a code cell, or delete it"
        )
    roles = ROLES[kind]
    role = options.get("role", roles[0])
    if role not in roles:
        raise AssignmentError(
            f"{place}: cell {name} has the role {role!r}; a {kind} cell has {', '.join(roles)}"
        )
    syntax = CODE if kind == "code" else PROSE
    regions = find_regions(text, file, syntax=syntax, first_line=raw.line)
    defines = str(options.get("defines", ""))
    if regions and role != "answer":
        raise MarkerError(
            file,
            regions[0].line,
            f"region {regions[0].id} is in cell {name}, which is no answer cell; "
            'add role="answer" to its # %% line',
        )
    if role == "answer" and not regions and not defines:
        raise MarkerError(
            file,
            raw.line - 1,
            f"answer cell {name} has no solution region; add one, or remove its role",
        )
    tags, points = options.get("tags", ()), options.get("points", 0)
    if not isinstance(points, (int, float)) or points < 0 or (points and kind == "code"):
        raise AssignmentError(
            f"{place}: cell {name} has points={points!r}; points are a number, and only an answer "
            "in Markdown has them; other points stand on the checks"
        )
    when = str(options.get("when", ""))
    return SourceCell(
        id=name,
        file=file,
        line=raw.line,
        kind=kind,
        role=str(role),
        text=text,
        tags=tuple(map(str, tags)) if isinstance(tags, Collection) else (),
        regions=regions,
        when=tuple(part.strip() for part in when.split(",") if part.strip()),
        defines=defines,
        points=float(points),
        attachments=raw.attachments,
    )
