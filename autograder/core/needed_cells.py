"""Which cells of a student's notebook run in grading, and in which order.

The set-up cells of the release and the answer cells always run. Of the other cells those run that
bind or change a name which an answer needs, directly or through other names, or that only seed the
random generators or change settings of libraries. They run whole, in the order of the file, as the
student ran them. A cell that cannot run whole (`unfit`) gives single statements instead: see
`cell_statements`.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from .cell_names import IMPORTED, CellNames, cell_names
from .cell_reach import Piece, Reach
from .cell_source import MAX_SEARCHED, ParsedCell, parse_cell, parse_cells
from .cell_statements import Statement, statements_of

#: What may define a name that no text shows. Such a cell runs if a name is missing.
_BINDS_ANY = re.compile(r"import \*|\b(?:exec\(|(?:globals|locals|vars)\(\))")
#: What may do so and does not run.
_UNSEEN = re.compile(r"\brun_cell\(|^[ \t]*%(?:run|store|load)\b", re.MULTILINE)
#: Why a cell cannot run whole that is not Python.
NOT_PYTHON = "it is not Python 3"


@dataclass(frozen=True)
class Cell:
    """A code cell.

    Attributes:
        number: its number among the code cells of the student's file, from 1; 0 if it is not there.
        id: the id of the release's cell; empty for a cell of the student's own.
        is_answer: whether it is an answer cell of the release.
    """

    number: int
    source: str
    id: str = ""
    is_answer: bool = False

    @property
    def label(self) -> str:
        """What messages call it."""
        if not self.id:
            return f"code cell {self.number}"
        return f"cell {self.id}" if self.is_answer else f"set-up cell {self.id}"


@dataclass(frozen=True)
class NotebookCells:
    """The code cells of a student's notebook.

    Attributes:
        given: those that always run, in the order in which they run: the release's set-up cells,
            and the answer cells.
        others: all other cells of the student's.
        wanted: the names that the answer cells are to define.
        own_modules: see `core.own_modules`; an import from any other module is of a library.
    """

    given: tuple[Cell, ...] = ()
    others: tuple[Cell, ...] = ()
    wanted: frozenset[str] = frozenset()
    own_modules: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Part:
    """A cell, or a statement of one, that may run.

    Attributes:
        source: what is run.
        whole: whether it is all of the cell.
    """

    cell: Cell
    source: str
    names: CellNames = field(compare=False)
    whole: bool = True

    @property
    def is_own(self) -> bool:
        """Whether it comes from a cell of the student's own, and not from an answer."""
        return not self.cell.id


@dataclass(frozen=True)
class Plan:
    """What runs of a notebook.

    Attributes:
        parts: in the order in which they run.
        unfit: by the number of a cell that cannot run whole, why not. Only such cells are here that
            would run.
        lost: by the number of such a cell, the names that the answers need and that its statements
            do not define, or not as the whole cell would.
        needed: by the number of a cell of the student's own, the names for which it runs; none
            for one that seeds the random generators or changes settings.
    """

    parts: tuple[Part, ...]
    unfit: Mapping[int, str]
    lost: Mapping[int, tuple[str, ...]]
    needed: Mapping[int, tuple[str, ...]]

    @property
    def whole_cells(self) -> tuple[int, ...]:
        """The numbers of the student's own cells that run whole, in order."""
        return tuple(sorted(p.cell.number for p in self.parts if p.is_own and p.whole))

    @property
    def to_try(self) -> tuple[Part, ...]:
        """The parts up to the last whole cell of the student's own: those below tell nothing."""
        own = [index for index, part in enumerate(self.parts) if part.is_own and part.whole]
        return self.parts[: own[-1] + 1] if own else ()


def unfit_sentence(number: int, reason: str, names: Iterable[str], lost: Iterable[str]) -> str:
    """What runs of a cell that does not run whole, and why.

    Args:
        names: what its statements run for.
        lost: the needed names that they leave as they were.
    """
    taken, left = ", ".join(names), ", ".join(lost)
    what = f"only its statements for {taken} run" if taken else "nothing of it runs"
    more = f", and what it does to {left} is lost" if left else ""
    return f"code cell {number} does not run whole, because {reason}: {what}{more}"


def plan_cells(notebook: NotebookCells, unfit: Mapping[int, str] | None = None) -> Plan:
    """What runs of a notebook.

    Args:
        unfit: why a cell of the student's own cannot run whole, by its number, as a trial showed.
    """
    return Planner(notebook).plan(unfit or {})


class Planner:
    """Plans what runs of a notebook, as often as a trial shows more; reads its cells once."""

    def __init__(self, notebook: NotebookCells) -> None:
        self._wanted, self._own_modules = notebook.wanted, notebook.own_modules
        own = _parsed_own(notebook)
        self._not_python = {
            number: NOT_PYTHON
            for number, (_, parsed) in own.items()
            if parsed is None or not parsed.complete
        }
        self._read = _read_cells(notebook, own)
        self._as_whole = self._select({})

    def plan(self, unfit: Mapping[int, str]) -> Plan:
        """See `plan_cells`."""
        unfit = {**unfit, **self._not_python}
        as_whole = self._as_whole
        selected = self._select(unfit) if unfit else as_whole
        would_run = {part.cell.number for part in as_whole.parts if part.is_own}
        needed = selected.names_by_cell()
        bound = {name for part in selected.parts for name in part.names.binds}
        lost = {
            part.cell.number: tuple(sorted((names - bound) | (names & part.names.touched)))
            for part, names in as_whole.of_cells(unfit)
        }
        return Plan(
            parts=tuple(_with_needs_first(selected.parts)),
            unfit={n: why for n, why in sorted(unfit.items()) if n in would_run or n in needed},
            lost={number: names for number, names in lost.items() if names},
            needed=needed,
        )

    def _select(self, unfit: Collection[int]) -> _Selected:
        return _select(_parts(self._read, unfit), self._wanted, self._own_modules)


def names_bound(notebook: NotebookCells) -> set[str]:
    """All names that any cell of the student's own binds, read from what is Python of them."""
    bound: set[str] = set()
    for _, parsed in _parsed_own(notebook).values():
        if parsed is not None:
            bound |= cell_names(parsed.tree).binds
    return bound


def may_bind_any(notebook: NotebookCells) -> bool:
    """Whether a cell imports all names of some module, or binds names by a text."""
    cells = (*notebook.given, *notebook.others)
    return any(_BINDS_ANY.search(cell.source) for cell in cells)


def may_bind_unseen(notebook: NotebookCells) -> bool:
    """Whether a cell may define a name that does not stand in its text, as ``%run`` does."""
    return any(_UNSEEN.search(cell.source) for cell in notebook.others)


def _parsed_own(notebook: NotebookCells) -> dict[int, tuple[Cell, ParsedCell | None]]:
    """The student's own cells by number, in the file's order, each parsed.

    None at all if they are more than `MAX_SEARCHED` characters.
    """
    cells = sorted(notebook.others, key=lambda cell: cell.number)
    if sum(len(cell.source) for cell in cells) > MAX_SEARCHED:
        return {}
    parsed = parse_cells([cell.source for cell in cells])
    return {cell.number: (cell, its) for cell, its in zip(cells, parsed, strict=True)}


@dataclass(frozen=True)
class _ReadCell:
    """A cell, and the parts that it may give.

    Attributes:
        whole: all of it, without the stubs of what is written elsewhere; None if it cannot run so.
        statements: the statements that can be taken out of it.
    """

    cell: Cell
    whole: Part | None
    statements: tuple[Part, ...] = ()


def _read_cells(
    notebook: NotebookCells, own: Mapping[int, tuple[Cell, ParsedCell | None]]
) -> list[_ReadCell]:
    """All cells that may run, in the order in which they would.

    Each cell of the student's own stands before the first answer cell that follows it in the file.
    """
    given = [(cell, parse_cell(cell.source)) for cell in notebook.given]
    pairs = [*given, *own.values()]
    statements = [statements_of(parsed) if parsed else [] for _, parsed in pairs]
    written = _written_names(
        (parsed, its) for (_, parsed), its in zip(pairs, statements, strict=True) if parsed
    )
    read = [
        _read_cell(cell, parsed, its, written)
        for (cell, parsed), its in zip(pairs, statements, strict=True)
    ]
    pending = deque(read[len(given) :])
    ordered: list[_ReadCell] = []
    for one in read[: len(given)]:
        if one.cell.is_answer and one.cell.number:
            while pending and pending[0].cell.number < one.cell.number:
                ordered.append(pending.popleft())
        ordered.append(one)
    return [*ordered, *pending]


def _read_cell(
    cell: Cell, parsed: ParsedCell | None, statements: Sequence[Statement], written: Set[str]
) -> _ReadCell:
    if cell.id:  # it always runs
        whole = _whole(cell, parsed, statements, written) if parsed else None
        return _ReadCell(cell, whole or Part(cell, cell.source, CellNames()))
    if parsed is None:
        return _ReadCell(cell, None)
    parts = tuple(
        Part(cell, statement.source, _names_of(statement), whole=False)
        for statement in statements
        if not _is_left_out(statement, written)
    )
    whole = _whole(cell, parsed, statements, written) if parsed.complete else None
    return _ReadCell(cell, whole, parts)


def _parts(cells: Iterable[_ReadCell], unfit: Collection[int]) -> list[Part]:
    """All parts that may run, in the order in which they would."""
    parts: list[Part] = []
    for one in cells:
        if one.whole is not None and (one.cell.id or one.cell.number not in unfit):
            parts.append(one.whole)
        else:
            parts += one.statements
    return parts


def _names_of(statement: Statement) -> CellNames:
    parsed = parse_cell(statement.source)
    return cell_names(parsed.tree) if parsed else CellNames(binds=set(statement.names))


def _whole(
    cell: Cell, parsed: ParsedCell, statements: Iterable[Statement], written: Set[str]
) -> Part:
    """A whole cell, without the stubs of what is written in some other place."""
    stubs = [s for s in statements if _is_left_out(s, written)]
    if not stubs:
        return Part(cell, cell.source, cell_names(parsed.tree))
    lines = parsed.source.split("\n")
    for stub in stubs:
        first, last = stub.lines
        lines[first - 1 : last] = [""] * (last - first + 1)
    source = "\n".join(lines)
    rest = parse_cell(source)
    return Part(cell, source, cell_names(rest.tree) if rest else CellNames())


def _is_left_out(statement: Statement, written: Set[str]) -> bool:
    return statement.names <= written and statement.is_stub


def _written_names(cells: Iterable[tuple[ParsedCell, Sequence[Statement]]]) -> frozenset[str]:
    """The names of which some cell holds a stub, and some cell something else that is no stub."""
    stubs: set[str] = set()
    written: set[str] = set()
    pairs = list(cells)
    for _, statements in pairs:
        stubs |= {name for s in statements if s.is_stub for name in s.names}
    if stubs:
        for parsed, statements in pairs:
            its_stubs = {name for s in statements if s.is_stub for name in s.names}
            others = {name for s in statements if not s.is_stub for name in s.names}
            written |= others | (cell_names(parsed.tree).replaces - its_stubs)
    return frozenset(stubs & written)


@dataclass(frozen=True)
class _Selected:
    """The parts that run, in their order; by each, the names for which it does, as bits."""

    reach: Reach
    parts: tuple[Part, ...]
    hits: tuple[int, ...]

    def names_by_cell(self) -> dict[int, tuple[str, ...]]:
        """The names for which a cell of the student's own runs, by the cell's number."""
        by_cell: dict[int, int] = {}
        for part, hit in zip(self.parts, self.hits, strict=True):
            if part.is_own:
                by_cell[part.cell.number] = by_cell.get(part.cell.number, 0) | hit
        # Many cells may run for the same names, and those may be many.
        known = {hit: tuple(sorted(self.reach.names(hit))) for hit in set(by_cell.values())}
        return {number: known[hit] for number, hit in sorted(by_cell.items())}

    def of_cells(self, numbers: Collection[int]) -> Iterator[tuple[Part, set[str]]]:
        """The whole cells of the student's own that have these numbers, with their names."""
        for part, hit in zip(self.parts, self.hits, strict=True):
            if part.is_own and part.whole and part.cell.number in numbers:
                yield part, set(self.reach.names(hit))


def _select(parts: Sequence[Part], wanted: Collection[str], own_modules: Set[str]) -> _Selected:
    """The parts that run.

    The parts are gone through from the last to the first, with the names whose values are needed
    at that point. A part that binds such a name anew makes the parts before it needless for it. An
    import binds the very module of before, so that a change of a module of the student's counts.

    A cell that only seeds the random generators binds nothing. It runs if a part below it that runs
    calls something, which may draw. One that only changes settings of libraries runs if any answer
    is asked for, for it holds when the answer is called.
    """
    pieces = [
        Piece(part.names, part.is_own, part.cell.is_answer and not part.is_own) for part in parts
    ]
    reach = Reach(pieces, own_modules)
    live = reach.closed(reach.bits(wanted) | reach.needed_in_the_end)
    selected: list[tuple[Part, int]] = []
    may_draw, is_asked, imported = False, bool(live), 0
    for part, piece in zip(reversed(parts), reversed(pieces), strict=True):
        changed = reach.changed(piece)
        hit = (reach.rebound(piece) | changed) & live | changed & imported
        seeds = part.whole and may_draw and part.names.only_seeds
        sets = part.whole and is_asked and reach.only_sets(piece, live)
        if part.is_own and not hit and not seeds and not sets:
            continue
        may_draw |= bool(part.names.calls)
        selected.append((part, hit))
        replaced = live & reach.bits(part.names.replaces)
        imports = reach.bits(n for n, o in part.names.origins.items() if o.startswith(IMPORTED))
        imported = imported & ~replaced | replaced & imports & ~reach.of_libraries
        live &= ~replaced
        live |= reach.closed(reach.bits(part.names.uses))
    selected.reverse()
    return _Selected(reach, tuple(part for part, _ in selected), tuple(hit for _, hit in selected))


def _with_needs_first(parts: Sequence[Part]) -> list[Part]:
    """The parts in their order, but where one uses a name that only later ones bind: those first.

    The student ran such cells in another order.
    """
    binders: dict[str, list[int]] = {}
    for index, part in enumerate(parts):
        for name in part.names.binds:
            binders.setdefault(name, []).append(index)
    order: list[int] = []
    state = [0] * len(parts)  # 1: waits for others, 2: has its place
    for start in range(len(parts)):
        pending = [start]
        while pending:
            index = pending[-1]
            if state[index] == 0:
                state[index] = 1
                missing = [
                    binders[name]
                    for name in sorted(parts[index].names.uses)
                    if name in binders and binders[name][0] > index
                ]
                pending += [i for indices in missing for i in reversed(indices) if not state[i]]
            else:
                pending.pop()
                if state[index] == 1:
                    state[index] = 2
                    order.append(index)
    return [parts[index] for index in order]
