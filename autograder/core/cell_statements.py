"""The statements of a cell that can be taken out of it and run alone.

They are imports, functions, classes and plain constants: other code of a cell may load data or
train for an hour. They are run where the whole cell cannot be.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from .cell_source import ParsedCell, parse_cell, parse_cells
from .stubs import EXCEPTION, stubs_left

#: An import of more names than this stays one statement.
MAX_IMPORTED = 100
#: The functions and modules that a constant may be made with.
_CONSTRUCTORS = {
    "np", "numpy", "int", "float", "bool", "str", "tuple", "list", "dict", "set", "frozenset",
    "range", "namedtuple", "partial", "defaultdict", "OrderedDict", "Counter", "deque",
    "collections", "functools",
}  # fmt: skip
#: Functions of NumPy that read files; what they return is no constant.
_READERS = {"load", "loadtxt", "genfromtxt", "fromfile", "memmap"}


@dataclass(frozen=True)
class Statement:
    """A top-level statement of some cell that can be taken out of it.

    Attributes:
        names: the names that it defines.
        lines: its first and last line in the cell as it was parsed, from 1.
    """

    source: str
    names: frozenset[str]
    lines: tuple[int, int] = (1, 1)

    @property
    def is_stub(self) -> bool:
        """Whether it still is the stub that was handed out.

        It is none once the stub is a comment, or stands behind a ``return``.
        """
        return EXCEPTION in self.source and stubs_left(self.source) != []


@functools.lru_cache(maxsize=128)
def defined_names(source: str) -> frozenset[str]:
    """The functions and classes that a cell defines at top level; none if it is not Python."""
    parsed = parse_cell(source)
    return frozenset(
        node.name
        for node in (parsed.tree.body if parsed else [])
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    )


def extract_statements(cells: Sequence[str]) -> list[Statement]:
    """The statements of the cells, in order; none if they exceed `cell_source.MAX_SEARCHED`."""
    return [
        statement
        for parsed in parse_cells(cells)
        if parsed is not None
        for statement in statements_of(parsed)
    ]


def statements_of(parsed: ParsedCell) -> list[Statement]:
    """The statements of a cell that can be taken out of it, in order."""
    lines = parsed.source.split("\n")
    statements = []
    for first, end, nodes in _by_lines(parsed.tree.body):
        source = "\n".join(lines[first - 1 : end])
        for text, part in _one_import_each(source, nodes):
            try:
                names = frozenset().union(*map(_bound_names, part))
            except RecursionError:  # more conditions in one another than the stack holds
                continue
            if names:
                statements.append(Statement(text, names, (first, end)))
    return statements


def _one_import_each(
    source: str, nodes: list[ast.stmt]
) -> Iterator[tuple[str, Sequence[ast.stmt]]]:
    """An import of several names as one import of each, so that one may fail alone."""
    match nodes:
        case [ast.ImportFrom(module, aliases, level)] if 1 < len(aliases) <= MAX_IMPORTED:
            for alias in aliases:
                node = ast.ImportFrom(module, [alias], level)
                yield ast.unparse(node), [node]
        case _:
            yield source, nodes


def _by_lines(body: Iterable[ast.stmt]) -> Iterator[tuple[int, int, list[ast.stmt]]]:
    """The first and last line of each statement; statements that share a line come as one."""
    begin = end = 0
    nodes: list[ast.stmt] = []
    for node in body:
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
        if nodes and first > end:
            yield begin, end, nodes
            nodes = []
        begin = begin if nodes else first
        end = node.end_lineno or node.lineno
        nodes.append(node)
    if nodes:
        yield begin, end, nodes


def _bound_names(node: ast.stmt) -> frozenset[str]:
    """The names that a statement defines, if it can be taken out of its cell; else none."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return frozenset([node.name])
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        names = ((a.asname or a.name).partition(".")[0] for a in node.names if a.name != "*")
        return frozenset(names)
    if isinstance(node, ast.Assign) and _is_constant(node.value):
        return frozenset().union(*map(_target_names, node.targets))
    if isinstance(node, (ast.AnnAssign, ast.AugAssign)) and node.value is not None:
        return _target_names(node.target) if _is_constant(node.value) else frozenset()
    if isinstance(node, ast.If) and _is_constant(node.test):
        return _bound_in_all([node.body, node.orelse])
    if isinstance(node, ast.Try):
        handlers = [handler.body for handler in node.handlers]
        return _bound_in_all([node.body, *handlers, node.orelse, node.finalbody])
    return frozenset()


def _bound_in_all(bodies: Iterable[list[ast.stmt]]) -> frozenset[str]:
    """The names that the parts of a compound statement define; none if one cannot be taken."""
    found: set[str] = set()
    for body in bodies:
        for node in body:
            names = _bound_names(node)
            if not names and not isinstance(node, ast.Pass):
                return frozenset()
            found |= names
    return frozenset(found)


def _target_names(target: ast.expr) -> frozenset[str]:
    """The names that an assignment to this target binds: ``a``, or those of ``(a, [b, *c])``."""
    return frozenset(
        node.id
        for node in ast.walk(target)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    )


def _is_constant(node: ast.expr) -> bool:
    """Whether an expression only makes a value: it calls nothing but `_CONSTRUCTORS`."""
    calls = [inner.func for inner in ast.walk(node) if isinstance(inner, ast.Call)]
    return not any(
        parts[0] not in _CONSTRUCTORS or not _READERS.isdisjoint(parts)
        for parts in map(_dotted_name, calls)
    ) and not any(isinstance(inner, ast.Await) for inner in ast.walk(node))


def _dotted_name(function: ast.expr) -> list[str]:
    """The first name of what is called, then the attributes; ``[""]`` first if it has no name.

    A loop and no recursion: a chain of calls may be longer than the stack.
    """
    names = []
    while not isinstance(function, ast.Name):
        if isinstance(function, ast.Attribute):
            names.append(function.attr)
            function = function.value
        elif isinstance(function, ast.Call):
            function = function.func
        elif isinstance(function, ast.Subscript):
            function = function.value
        else:
            return ["", *names]
    return [function.id, *names]
