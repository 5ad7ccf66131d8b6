"""Finding definitions in a notebook whose cells are not where they were.

Students split cells, merge them, move them about, and tools save notebooks without the cells' ids.
What an answer cell has to define is then looked for by name in all cells, with whatever helpers of
the student's it needs. Only imports, functions, classes and plain constants are taken: a cell may
also load data or train for an hour.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

_MAGIC = re.compile(r"^([ \t]*)[%!?].*$", re.MULTILINE)


@dataclass(frozen=True)
class Piece:
    """A top-level statement of some cell that can be taken out of it.

    Attributes:
        cell: the number of the cell, from 0.
        names: what it defines.
        uses: the names that it refers to.
    """

    cell: int
    source: str
    names: frozenset[str]
    uses: frozenset[str]

    @property
    def unwritten(self) -> bool:
        """Whether it still is the stub that was handed out."""
        return "NotImplementedError" in self.uses and '"TODO: ' in self.source


def defined_names(source: str) -> frozenset[str]:
    """The functions and classes that a cell defines at its top; none if it is not Python."""
    return frozenset(
        name
        for node in _statements(source)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        for name in [node.name]
    )


def pieces(cells: Sequence[str]) -> list[Piece]:
    """What can be taken out of the cells, in order."""
    found = []
    for number, source in enumerate(cells):
        lines = _tamed(source).split("\n")
        for node in _statements(source):
            names = _bound(node)
            if names:
                first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
                text = "\n".join(lines[first - 1 : node.end_lineno])
                found.append(Piece(number, text, names, _used(node)))
    return found


def gather(wanted: Collection[str], known: Collection[str], there: list[Piece]) -> list[Piece]:
    """The pieces that define `wanted`, and those that they need in turn, in the order of the cells.

    Of several definitions of a name the last one that is written counts. Names in `known` are
    defined elsewhere already. A name that is nowhere is left out.
    """
    best: dict[str, Piece] = {}
    for piece in there:
        for name in piece.names:
            if name not in best or not piece.unwritten or best[name].unwritten:
                best[name] = piece
    taken: dict[int, Piece] = {}
    todo = list(wanted)
    seen = set(known) | set(dir(builtins))
    while todo:
        name = todo.pop()
        if name in seen or name not in best:
            continue
        seen.add(name)
        piece = best[name]
        taken[there.index(piece)] = piece
        todo += piece.uses
    return [taken[index] for index in sorted(taken)]


def _statements(source: str) -> list[ast.stmt]:
    try:
        return ast.parse(_tamed(source)).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _tamed(source: str) -> str:
    """A cell without the lines that only a notebook understands."""
    return _MAGIC.sub(r"\1pass", source)


def _bound(node: ast.stmt) -> frozenset[str]:
    """The names that a statement defines, if it is one that may be taken."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return frozenset([node.name])
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        names = ((a.asname or a.name).partition(".")[0] for a in node.names if a.name != "*")
        return frozenset(names)
    if isinstance(node, ast.Assign) and _constant(node.value):
        return frozenset(t.id for t in node.targets if isinstance(t, ast.Name))
    return frozenset()


def _constant(node: ast.expr) -> bool:
    """Whether an expression is plain: nothing in it is called."""
    return not any(isinstance(inner, (ast.Call, ast.Await)) for inner in ast.walk(node))


def _used(node: ast.stmt) -> frozenset[str]:
    return frozenset(inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name))


def joined(found: Iterable[Piece]) -> str:
    """The pieces as the source of one cell."""
    return "\n\n\n".join(piece.source for piece in found)
