"""Splitting a notebook's code cells into top-level statements, with the names of each.

Only imports, functions, classes and plain constants become statements here: other code of a cell
may load data or train for an hour. Work on a hostile notebook is bounded (`MAX_SEARCHED`,
`MAX_TRANSLATED`, `MAX_PARSED`).

Students get this module too, with ``selfcheck``. It needs only the standard library, and uses
IPython, if it is installed, to translate magics and shell commands.
"""

from __future__ import annotations

import ast
import builtins
import functools
import re
import symtable
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .stubs import EXCEPTION, quotes_stub_message

#: A notebook with more characters of code is not searched: no student writes that much.
MAX_SEARCHED = 300_000
#: The most that IPython may translate of a notebook, as `_translation_cost` counts: 1 or 2 seconds.
MAX_TRANSLATED = 200_000
#: The most characters that are parsed again in a notebook to skip statements that are not Python.
MAX_PARSED = 1_000_000
#: An import of more names than this stays one statement.
MAX_IMPORTED = 100
#: Names that are defined in every cell.
ALWAYS_DEFINED = frozenset([*dir(builtins), "__file__", "__name__", "display", "get_ipython"])

#: The functions and modules that a constant may be made with.
_CONSTRUCTORS = {
    "np", "numpy", "int", "float", "bool", "str", "tuple", "list", "dict", "set", "range",
}  # fmt: skip
#: Functions of NumPy that read files; what they return is no constant.
_READERS = {"load", "loadtxt", "genfromtxt", "fromfile", "memmap"}
#: A cell magic that runs the rest of its cell as Python.
_RUNNING_MAGIC = re.compile(r"\A\s*%%(time|capture|prun)\b.*\n")
#: What IPython may have to translate. It reads the cell anew for each: thousands take minutes.
#: White space but no line's end: else a run of blank lines would be read anew from each of them.
_COMMAND = re.compile(r"^[^\S\n]*[!%?,;/]|=[^\S\n]*[!%]|\?[^\S\n]*$", re.MULTILINE)
#: A line that continues the statement above it.
_CONTINUATION = re.compile(r"$|[ \t#)\]}]|(?:elif|else|except|finally)\b")


@dataclass(frozen=True)
class Statement:
    """A top-level statement of some cell that can be taken out of it.

    Attributes:
        cell: the number of the cell, from 0.
        names: the names that it defines.
        uses: the global names that it refers to.
        index: its position among all statements of the notebook, from 0.
        constant: whether it is an assignment. Then what it uses is needed at once, while a
            function needs it only when it is called.
    """

    cell: int
    source: str
    names: frozenset[str]
    uses: frozenset[str]
    index: int = 0
    constant: bool = False

    @property
    def is_stub(self) -> bool:
        """Whether it still is the stub that was handed out."""
        return EXCEPTION in self.uses and quotes_stub_message(self.source)


class _Parsed(NamedTuple):
    """A cell as Python source, and its syntax tree."""

    source: str
    tree: ast.Module


def defined_names(source: str) -> frozenset[str]:
    """The functions and classes that a cell defines at top level; none if it is not Python."""
    parsed = _parse(source)
    return frozenset(
        node.name
        for node in (parsed.tree.body if parsed else [])
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    )


@functools.lru_cache(maxsize=128)
def names_of(source: str) -> tuple[frozenset[str], frozenset[str]]:
    """The global names that a cell binds, and those that it uses and does not bind."""
    parsed = _parse(source)
    if parsed is None:
        return frozenset(), frozenset()
    table = _symbol_table(parsed.source)
    symbols = table.get_symbols() if table else []
    bound = frozenset(s.get_name() for s in symbols if s.is_assigned() or s.is_imported())
    return bound, _used_names(parsed.source) - bound - ALWAYS_DEFINED


@functools.lru_cache(maxsize=128)
def is_python(source: str) -> bool:
    """Whether a cell can be parsed, once IPython has translated magics and shell commands."""
    return _parse(source) is not None


def extract_statements(cells: Sequence[str]) -> list[Statement]:
    """The statements of the cells, in order; none if the cells exceed `MAX_SEARCHED` characters.

    A statement that is not Python, such as a print of Python 2, is skipped alone: the others of
    its cell are found.
    """
    statements: list[Statement] = []
    if sum(map(len, cells)) > MAX_SEARCHED:
        return statements
    may_translate, may_parse = MAX_TRANSLATED, MAX_PARSED
    for number, source in enumerate(cells):
        parsed, cost = _parse_within(source, may_translate)
        may_translate -= cost
        if parsed is None:
            parsed, cost = _parse_valid_statements(source, may_parse)
            may_parse -= cost
        if parsed is None:
            continue
        lines = parsed.source.split("\n")
        for first, end, nodes in _by_lines(parsed.tree.body):
            source = "\n".join(lines[first - 1 : end])
            for text, part in _one_import_each(source, nodes):
                if names := frozenset().union(*map(_bound_names, part)):
                    constant = any(isinstance(node, ast.Assign) for node in part)
                    uses = _used_names(text)
                    statements.append(
                        Statement(number, text, names, uses, len(statements), constant)
                    )
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


def _parse(source: str) -> _Parsed | None:
    """A cell parsed; None if it is not Python, even once IPython has translated it."""
    return _parse_within(source, MAX_TRANSLATED)[0]


def _parse_within(source: str, max_cost: int) -> tuple[_Parsed | None, int]:
    """A cell parsed, and the cost of its translation; None if that would exceed `max_cost`."""
    source = _RUNNING_MAGIC.sub("", source)
    tree = _syntax_tree(source)
    if tree is not None:
        return _Parsed(source, tree), 0
    cost = _translation_cost(source)
    if cost > max_cost:
        return None, 0
    translated = _translate(source)
    tree = None if translated is None else _syntax_tree(translated)
    return (None if translated is None or tree is None else _Parsed(translated, tree)), cost


def _parse_valid_statements(source: str, max_cost: int) -> tuple[_Parsed | None, int]:
    """A cell parsed without its statements that are not Python, and the characters parsed for it.

    One faulty statement at a time is replaced by empty lines.
    """
    lines, cost, start = source.split("\n"), 0, 0
    while True:
        rest = "\n".join(lines[start:])
        cost += len(rest)
        if cost > max_cost:
            return None, cost
        try:
            ast.parse(rest)
        except SyntaxError as error:
            first, end = _lines_of_statement(lines, start + (error.lineno or 1) - 1)
            if not any(lines[first:end]):
                return None, cost
            lines[first:end] = [""] * (end - first)
            start = end
        except (ValueError, RecursionError, MemoryError):
            return None, cost
        else:
            break
    text = "\n".join(lines)
    tree = _syntax_tree(text)
    return (None if tree is None else _Parsed(text, tree)), cost


def _lines_of_statement(lines: Sequence[str], number: int) -> tuple[int, int]:
    """The lines, from `first` to before `end`, of the statement that line `number` is part of.

    All count from 0. Decorators belong to the definition below them.
    """
    first = end = max(0, min(number, len(lines) - 1))
    while first and _CONTINUATION.match(lines[first]):
        first -= 1
    while first and lines[first - 1].startswith("@"):
        first -= 1
    end += 1
    while end < len(lines) and (lines[end - 1].startswith("@") or _CONTINUATION.match(lines[end])):
        end += 1
    return first, end


def _syntax_tree(source: str) -> ast.Module | None:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _translation_cost(source: str) -> int:
    """How long IPython takes to translate a cell: its characters times how often it reads them."""
    return len(source) * (1 + len(_COMMAND.findall(source)))


@functools.lru_cache(maxsize=64)  # one notebook may be compared with several of the release
def _translate(source: str) -> str | None:
    """A cell with IPython's commands as Python; None without IPython, or if it fails."""
    try:
        from IPython.core.inputtransformer2 import TransformerManager  # slow, and seldom needed
    except ImportError:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            # IPython has no types for it.
            text: str = TransformerManager().transform_cell(source)  # type: ignore[no-untyped-call]
        except Exception:  # IPython does not document what it raises for a malformed cell
            return None
    return text


def _bound_names(node: ast.stmt) -> frozenset[str]:
    """The names that a statement defines, if it is an import, function, class or constant."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return frozenset([node.name])
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        names = ((a.asname or a.name).partition(".")[0] for a in node.names if a.name != "*")
        return frozenset(names)
    if isinstance(node, ast.Assign) and _is_constant(node.value):
        return frozenset(t.id for t in node.targets if isinstance(t, ast.Name))
    return frozenset()


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


def _used_names(source: str) -> frozenset[str]:
    """The global names that code refers to, without the parameters and variables inside it."""
    top = _symbol_table(source)
    tables = [top] if top else []
    used = set()
    while tables:
        table = tables.pop()
        tables += table.get_children()
        used |= {s.get_name() for s in table.get_symbols() if _is_global(s, table is top)}
    return frozenset(used)


def _symbol_table(source: str) -> symtable.SymbolTable | None:
    try:
        return symtable.symtable(source, "cell", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _is_global(symbol: symtable.Symbol, at_top: bool) -> bool:
    return symbol.is_referenced() and (at_top or symbol.is_global())
