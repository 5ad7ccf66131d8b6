"""Which cells of a student's notebook run in grading, and in which order.

The set-up cells of the release and the answer cells always run. Of the other cells those run that
bind or change a name which an answer needs, directly or through other names. They run whole, in the
order of the file, as the student ran them. A cell that cannot run whole (`unfit`) gives single
statements instead: see `cell_statements`.
"""

from __future__ import annotations

import functools
from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from .cell_names import (
    ALWAYS_DEFINED,
    IMPORTED,
    CellNames,
    Effect,
    by_name,
    cell_names,
    merged_later,
    with_shared,
)
from .cell_source import MAX_SEARCHED, ParsedCell, parse_cell, parse_cells
from .cell_statements import Statement, statements_of

#: Why a cell cannot run whole that is not Python.
NOT_PYTHON = "it is not Python 3"
#: Of how many names we keep what they lead to. That may be many names each.
_KEPT = 64


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
        return f"cell {self.id}" if self.id else f"code cell {self.number}"


@dataclass(frozen=True)
class NotebookCells:
    """The code cells of a student's notebook.

    Attributes:
        given: those that always run, in the order in which they run: the release's set-up cells,
            and the answer cells.
        others: all other cells of the student's.
        wanted: the names that the answer cells are to define.
    """

    given: tuple[Cell, ...] = ()
    others: tuple[Cell, ...] = ()
    wanted: frozenset[str] = frozenset()


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
        needed: by the number of a cell of the student's own, the names for which it runs.
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
    unfit = dict(unfit or {})
    own = _parsed_own(notebook)
    unfit |= {
        number: NOT_PYTHON
        for number, (_, parsed) in own.items()
        if parsed is None or not parsed.complete
    }
    as_whole = _select(_parts(notebook, own, {}), notebook.wanted)
    parts = _parts(notebook, own, unfit) if unfit else None
    selected = _select(parts, notebook.wanted) if parts is not None else as_whole
    would_run = {part.cell.number for part, _ in as_whole if part.is_own}
    bound = {name for part, _ in selected for name in part.names.binds}
    needed: dict[int, set[str]] = {}
    for part, names in selected:
        if part.is_own:
            needed.setdefault(part.cell.number, set()).update(names)
    lost = {
        part.cell.number: tuple(sorted((names - bound) | (names & part.names.touched)))
        for part, names in as_whole
        if part.cell.number in unfit and part.is_own and part.whole
    }
    return Plan(
        parts=tuple(_with_needs_first([part for part, _ in selected])),
        unfit={n: why for n, why in sorted(unfit.items()) if n in would_run or n in needed},
        lost={number: names for number, names in lost.items() if names},
        needed={number: tuple(sorted(names)) for number, names in sorted(needed.items())},
    )


def names_bound(notebook: NotebookCells) -> set[str]:
    """All names that any cell of the student's own binds, read from what is Python of them."""
    bound: set[str] = set()
    for _, parsed in _parsed_own(notebook).values():
        if parsed is not None:
            bound |= cell_names(parsed.tree).binds
    return bound


def imports_all(notebook: NotebookCells) -> bool:
    """Whether a cell imports all names of some module, so that any name may be defined."""
    return any("import *" in cell.source for cell in (*notebook.given, *notebook.others))


def _parsed_own(notebook: NotebookCells) -> dict[int, tuple[Cell, ParsedCell | None]]:
    """The student's own cells by number, in the file's order, each parsed.

    None at all if they are more than `MAX_SEARCHED` characters.
    """
    cells = sorted(notebook.others, key=lambda cell: cell.number)
    if sum(len(cell.source) for cell in cells) > MAX_SEARCHED:
        return {}
    parsed = parse_cells([cell.source for cell in cells])
    return {cell.number: (cell, its) for cell, its in zip(cells, parsed, strict=True)}


def _parts(
    notebook: NotebookCells,
    own: Mapping[int, tuple[Cell, ParsedCell | None]],
    unfit: Collection[int],
) -> list[Part]:
    """All parts that may run, in the order in which they would.

    Each cell of the student's own stands before the first answer cell that follows it in the file.
    """
    parsed_given = [(cell, parse_cell(cell.source)) for cell in notebook.given]
    written = _written_names([*parsed_given, *own.values()])
    pending = deque(own.values())
    parts: list[Part] = []
    for cell, parsed in parsed_given:
        if cell.is_answer and cell.number:
            while pending and pending[0][0].number < cell.number:
                parts += _own_parts(*pending.popleft(), unfit, written)
        if parsed is None:
            parts.append(Part(cell, cell.source, CellNames()))
        else:
            parts.append(_whole(cell, parsed, written))
    for cell, parsed in pending:
        parts += _own_parts(cell, parsed, unfit, written)
    return parts


def _own_parts(
    cell: Cell, parsed: ParsedCell | None, unfit: Collection[int], written: Collection[str]
) -> list[Part]:
    """The parts of a cell of the student's own: all of it, or its single statements."""
    if parsed is None:
        return []
    if cell.number not in unfit and parsed.complete:
        return [_whole(cell, parsed, written)]
    return [
        Part(cell, statement.source, _names_of(statement), whole=False)
        for statement in statements_of(parsed)
        if not _is_left_out(statement, written)
    ]


def _names_of(statement: Statement) -> CellNames:
    parsed = parse_cell(statement.source)
    return cell_names(parsed.tree) if parsed else CellNames(binds=set(statement.names))


def _whole(cell: Cell, parsed: ParsedCell, written: Collection[str]) -> Part:
    """A whole cell, without the stubs of what is written in some other place."""
    stubs = [s for s in statements_of(parsed) if _is_left_out(s, written)]
    if not stubs:
        return Part(cell, cell.source, cell_names(parsed.tree))
    lines = parsed.source.split("\n")
    for stub in stubs:
        first, last = stub.lines
        lines[first - 1 : last] = [""] * (last - first + 1)
    source = "\n".join(lines)
    rest = parse_cell(source)
    return Part(cell, source, cell_names(rest.tree) if rest else CellNames())


def _is_left_out(statement: Statement, written: Collection[str]) -> bool:
    return statement.is_stub and statement.names <= set(written)


def _written_names(cells: Iterable[tuple[Cell, ParsedCell | None]]) -> frozenset[str]:
    """The names of which some cell holds a stub, and some cell something else that is no stub."""
    stubs: set[str] = set()
    written: set[str] = set()
    pairs = [(parsed, statements_of(parsed)) for _, parsed in cells if parsed is not None]
    for _, statements in pairs:
        stubs |= {name for s in statements if s.is_stub for name in s.names}
    if stubs:
        for parsed, statements in pairs:
            its_stubs = {name for s in statements if s.is_stub for name in s.names}
            others = {name for s in statements if not s.is_stub for name in s.names}
            written |= others | (cell_names(parsed.tree).replaces - its_stubs)
    return frozenset(stubs & written)


def _select(parts: Sequence[Part], wanted: Collection[str]) -> list[tuple[Part, set[str]]]:
    """The parts that run, in their order, each with the names for which it does.

    The parts are gone through from the last to the first, with the names whose values are needed
    at that point. A part that binds such a name anew makes the parts before it needless for it.
    """
    reach = _Reach(parts)
    live = reach.closed({*wanted, *reach.needed_in_the_end})
    selected: list[tuple[Part, set[str]]] = []
    for part in reversed(parts):
        hit = (reach.rebound(part) | reach.changed(part)) & live
        if part.names.star_import:
            hit |= live - reach.all_bound
        if part.is_own and not hit:
            continue
        selected.append((part, hit))
        live -= part.names.replaces
        live |= reach.closed(part.names.uses)
    return selected[::-1]


class _Reach:
    """What names lead to in the parts of a notebook.

    Attributes:
        all_bound: the names that any part binds, and those that are always there.
        needed_in_the_end: what the answers define, what they refer to when they are called, and
            what they use before any part binds it.
    """

    def __init__(self, parts: Sequence[Part]) -> None:
        # Many cells may call the same function that leads to many names.
        self._closed = functools.lru_cache(maxsize=_KEPT)(self._closed_once)
        self._effect = functools.lru_cache(maxsize=_KEPT)(self._effect_once)
        self.all_bound = set(ALWAYS_DEFINED)
        self.needed_in_the_end: set[str] = set()
        self._later = {n: set(later) for n, later in merged_later(p.names for p in parts).items()}
        self._effects: dict[str, list[Effect]] = {}
        for part in parts:
            for name, effect in part.names.effects.items():
                self._effects.setdefault(name, []).append(effect)
        self._given_origins: dict[str, set[str]] = {}
        origins: dict[str, set[str]] = {}
        for part in parts:
            for name, origin in part.names.origins.items():
                origins.setdefault(name, set()).add(origin)
                if not part.is_own:
                    self._given_origins.setdefault(name, set()).add(origin)
        self._imported = {
            name
            for name, texts in origins.items()
            if all(text.startswith(IMPORTED) for text in texts)
        }
        self._shared = by_name(group for part in parts for group in part.names.shared)
        for part in parts:
            names = part.names
            unbound = names.uses - self.all_bound
            if not part.is_own and part.cell.is_answer:
                self.needed_in_the_end |= names.defines.union(unbound, *names.later.values())
            for name in names.binds | names.changes:
                self._later.setdefault(name, set()).update(unbound)
            self.all_bound |= names.binds

    def closed(self, names: Iterable[str]) -> set[str]:
        """The names, and all that their definitions refer to when they are called."""
        return set(self._closed(*names))

    def _closed_once(self, *names: str) -> frozenset[str]:
        found: set[str] = set()
        pending = list(names)
        while pending:
            name = pending.pop()
            if name not in found:
                found.add(name)
                pending += self._later.get(name, ())
        return frozenset(found)

    def _effect_once(self, function: str) -> Effect:
        """What calling a function changes, with what it calls in turn."""
        effects = [e for name in self._closed(function) for e in self._effects.get(name, ())]
        changed = frozenset().union(*(effect.names for effect in effects)) - self._imported
        return Effect(changed, any(effect.parameters for effect in effects))

    def rebound(self, part: Part) -> set[str]:
        """The names that a part binds to something else than the given cells do."""
        return {
            name
            for name in part.names.binds
            if not (origin := part.names.origins.get(name))
            or self._given_origins.get(name) != {origin}
        }

    def changed(self, part: Part) -> set[str]:
        """The names whose object a part changes, by itself or by what it calls."""
        names = part.names
        # What is imported is most often a module; calling its functions does not change it.
        changed = names.changes | (names.methods_of - self._imported)
        for function, given in names.calls:
            effect = self._effect(function)
            changed |= effect.names
            if effect.parameters:
                changed |= given
        in_loops = by_name(names.shared_in_loops)
        touched = changed | names.augmented
        shared = with_shared(touched, self._shared, in_loops, without=self._imported)
        # Only where a sum changes an object does it change another name's value.
        return changed | (shared - names.augmented)


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
