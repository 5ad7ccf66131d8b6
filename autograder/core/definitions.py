"""Finding definitions in a notebook whose cells are not where they were.

Students split cells, merge them, move them about, and tools save notebooks without the cells' ids.
What an answer cell has to define is then looked for by name in all cells, with whatever helpers of
the student's it needs. Only imports, functions, classes and plain constants are taken: a cell may
also load data or train for an hour.

Students get this module too, with ``selfcheck``: it needs no more than the standard library, and
IPython, where it is there, for what only a notebook understands.
"""

from __future__ import annotations

import ast
import builtins
import functools
import re
import symtable
import warnings
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from .stubs import EXCEPTION, quotes_stub_message

#: A notebook with more code than this many characters is not searched: it is no student's work.
MAX_SEARCHED = 300_000
#: What a constant may be made with besides plain numbers.
_MAKERS = {"np", "numpy", "int", "float", "bool", "str", "tuple", "list", "dict", "set", "range"}
#: A magic that runs the cell below it.
_RUNS = re.compile(r"\A\s*%%(time|capture|prun)\b.*\n")
#: What IPython may have to translate. It reads the cell anew for each: thousands take minutes.
_COMMAND = re.compile(r"^[ \t]*[!%?,;/]|=[ \t]*[!%]|\?[ \t]*$", re.MULTILINE)
#: The most of it in a notebook, as `_cost` has it: a second or two.
MAX_TRANSLATED = 200_000
#: So many characters are parsed again, at most, for statements of a notebook that are not Python.
MAX_PARSED = 1_000_000
#: A line that defines something, in whatever Python.
_DEFINES = re.compile(r"^(?:def|class)[ \t]+(\w+)|^(\w+)[ \t]*=(?!=)", re.MULTILINE)
#: There in every cell.
_ALWAYS = frozenset([*dir(builtins), "__file__", "__name__", "display", "get_ipython"])
#: A line that is no statement of its own.
_INSIDE = re.compile(r"$|[ \t#)\]}]|(?:elif|else|except|finally)\b")
_READERS = {"load", "loadtxt", "genfromtxt", "fromfile", "memmap"}


@dataclass(frozen=True)
class Statement:
    """A top-level statement of some cell that can be taken out of it.

    Attributes:
        cell: the number of the cell, from 0.
        names: what it defines.
        uses: the names that it refers to and that are not its own.
        place: its place among all pieces.
        constant: whether it is an assignment, which is evaluated at once.
    """

    cell: int
    source: str
    names: frozenset[str]
    uses: frozenset[str]
    place: int = 0
    constant: bool = False

    @property
    def unwritten(self) -> bool:
        """Whether it still is the stub that was handed out."""
        return EXCEPTION in self.uses and quotes_stub_message(self.source)


def defined_names(source: str) -> frozenset[str]:
    """The functions and classes that a cell defines at its top; none if it is not Python."""
    return frozenset(
        name
        for node in _statements(source)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        for name in [node.name]
    )


@functools.lru_cache(maxsize=128)
def names_of(source: str) -> tuple[frozenset[str], frozenset[str]]:
    """The global names that a cell binds, and those that it uses and does not bind."""
    parsed = _parsed(source)
    if parsed is None:
        return frozenset(), frozenset()
    table = _table(parsed[0])
    symbols = table.get_symbols() if table else []
    bound = frozenset(s.get_name() for s in symbols if s.is_assigned() or s.is_imported())
    return bound, _used(parsed[0]) - bound - _ALWAYS


@functools.lru_cache(maxsize=128)
def is_python(source: str) -> bool:
    """Whether a cell can be parsed, with what only a notebook understands translated."""
    return _parsed(source) is not None


def extract_statements(cells: Sequence[str]) -> list[Statement]:
    """What can be taken out of the cells, in order; nothing if they hold absurdly much.

    A statement that is not Python, such as a print of Python 2, hides nothing beside it.
    """
    found: list[Statement] = []
    if sum(map(len, cells)) > MAX_SEARCHED:
        return found
    left, again = MAX_TRANSLATED, MAX_PARSED
    for number, source in enumerate(cells):
        parsed, spent = _read(source, left)
        left -= spent
        if parsed is None:
            parsed, spent = _sound(source, again)
            again -= spent
        lines = (parsed[0] if parsed else "").split("\n")
        for first, end, nodes in _by_lines(parsed[1].body if parsed else []):
            names = frozenset().union(*map(_bound, nodes))
            if names:
                text = "\n".join(lines[first - 1 : end])
                constant = any(isinstance(node, ast.Assign) for node in nodes)
                found.append(Statement(number, text, names, _used(text), len(found), constant))
    return found


def _by_lines(body: Iterable[ast.stmt]) -> Iterator[tuple[int, int, list[ast.stmt]]]:
    """Statements with the first and the last of their lines; those that share one are together."""
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


def select_definitions(
    wanted: Collection[str], known: Collection[str], there: list[Statement]
) -> list[Statement]:
    """The pieces that define `wanted`, and those that they need in turn, in the order of the cells.

    Of several definitions of a name the last one that is written counts. Names in `known` are
    defined elsewhere already. A name that is nowhere is left out.
    """
    best: dict[str, Statement] = {}
    for piece in _tenable(there, set(known) | _ALWAYS):
        for name in piece.names:
            if name not in best or not piece.unwritten or best[name].unwritten:
                best[name] = piece
    taken: dict[int, Statement] = {}
    todo = list(wanted)
    seen = set(known) | _ALWAYS
    while todo:
        name = todo.pop()
        if name in seen or name not in best:
            continue
        seen.add(name)
        piece = best[name]
        taken[piece.place] = piece
        todo += piece.uses
    return [taken[index] for index in sorted(taken)]


def apparent_definitions(cells: Sequence[str]) -> dict[str, int]:
    """The names that cells seem to define, Python or not: the last such cell's number, from 1."""
    if sum(map(len, cells)) > MAX_SEARCHED:
        return {}
    return {
        found[1] or found[2]: number
        for number, source in enumerate(cells, 1)
        for found in _DEFINES.finditer(source)
    }


def _tenable(there: Iterable[Statement], known: set[str]) -> list[Statement]:
    """The pieces without the constants made of what nothing here defines, such as data loaded."""
    kept = dict(enumerate(there))
    definitions = Counter(name for piece in kept.values() for name in piece.names)
    users: dict[str, list[int]] = {}
    for index, piece in kept.items():
        for name in piece.uses if piece.constant else ():
            users.setdefault(name, []).append(index)
    lost = [name for name in users if not definitions[name] and name not in known]
    while lost:
        for index in users.get(lost.pop(), ()):
            if index in kept:
                names = kept.pop(index).names
                definitions.subtract(names)
                lost += (name for name in names if not definitions[name] and name not in known)
    return list(kept.values())


def _statements(source: str) -> list[ast.stmt]:
    parsed = _parsed(source)
    return parsed[1].body if parsed else []


def _parsed(source: str) -> tuple[str, ast.Module] | None:
    """A cell as Python, and its tree; None if it is none, even once IPython has translated it."""
    return _read(source, MAX_TRANSLATED)[0]


def _read(source: str, most: int) -> tuple[tuple[str, ast.Module] | None, int]:
    """As `_parsed`, and what it cost; nothing is translated that costs more than `most`."""
    source = _RUNS.sub("", source)
    tree = _tree(source)
    if tree is not None:
        return (source, tree), 0
    cost = _cost(source)
    if cost > most:
        return None, 0
    text = _translated(source)
    tree = None if text is None else _tree(text)
    return (None if text is None or tree is None else (text, tree)), cost


def _sound(source: str, most: int) -> tuple[tuple[str, ast.Module] | None, int]:
    """As `_read`, without the statements that are not Python: one is emptied at a time."""
    lines, cost, start = source.split("\n"), 0, 0
    while True:
        rest = "\n".join(lines[start:])
        cost += len(rest)
        if cost > most:
            return None, cost
        try:
            ast.parse(rest)
        except SyntaxError as error:
            first, end = _statement_at(lines, start + (error.lineno or 1) - 1)
            if not any(lines[first:end]):
                return None, cost
            lines[first:end] = [""] * (end - first)
            start = end
        except (ValueError, RecursionError, MemoryError):
            return None, cost
        else:
            break
    text = "\n".join(lines)
    tree = _tree(text)
    return (None if tree is None else (text, tree)), cost


def _statement_at(lines: Sequence[str], number: int) -> tuple[int, int]:
    """From which line to before which the statement goes that a line, from 0, is part of.

    A decorator alone would be one of what comes next.
    """
    first = end = max(0, min(number, len(lines) - 1))
    while first and _INSIDE.match(lines[first]):
        first -= 1
    while first and lines[first - 1].startswith("@"):
        first -= 1
    end += 1
    while end < len(lines) and (lines[end - 1].startswith("@") or _INSIDE.match(lines[end])):
        end += 1
    return first, end


def _tree(source: str) -> ast.Module | None:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _cost(source: str) -> int:
    """How long IPython takes to translate a cell, as a number: characters times readings."""
    return len(source) * (1 + len(_COMMAND.findall(source)))


@functools.lru_cache(maxsize=64)  # one notebook is read for each that it might be
def _translated(source: str) -> str | None:
    """A cell with IPython's own lines as Python; None if IPython is not there or cannot do it."""
    try:
        from IPython.core.inputtransformer2 import TransformerManager  # slow, and seldom needed
    except ImportError:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            # IPython has no types for it.
            text: str = TransformerManager().transform_cell(source)  # type: ignore[no-untyped-call]
        except Exception:  # no text was ever promised to be understood
            return None
    return text


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
    """Whether an expression only makes a value: what it calls makes numbers, arrays, lists."""
    calls = [inner.func for inner in ast.walk(node) if isinstance(inner, ast.Call)]
    names = [_path(function) for function in calls]
    return not any(
        parts[0] not in _MAKERS or not _READERS.isdisjoint(parts) for parts in names
    ) and not any(isinstance(inner, ast.Await) for inner in ast.walk(node))


def _path(function: ast.expr) -> list[str]:
    """The names on the way to what is called; a walk, for it may be longer than the stack."""
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


def _used(source: str) -> frozenset[str]:
    """The global names that a statement refers to: not the parameters and variables inside it."""
    top = _table(source)
    tables = [top] if top else []
    used = set()
    while tables:
        table = tables.pop()
        tables += table.get_children()
        used |= {s.get_name() for s in table.get_symbols() if _is_global(s, table is top)}
    return frozenset(used)


def _table(source: str) -> symtable.SymbolTable | None:
    try:
        return symtable.symtable(source, "cell", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _is_global(symbol: symtable.Symbol, top: bool) -> bool:
    return symbol.is_referenced() and (top or symbol.is_global())


def joined(found: Iterable[Statement]) -> str:
    """The pieces as the source of one cell."""
    return "\n\n\n".join(piece.source for piece in found)
