"""Reading the code cells of a notebook as Python.

Work on a hostile notebook is bounded (`MAX_SEARCHED`, `MAX_TRANSLATED`, `MAX_PARSED`).

Students get this module too, with ``selfcheck``. It needs only the standard library, and uses
IPython, if it is installed, to translate magics and shell commands.
"""

from __future__ import annotations

import ast
import functools
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

#: A longer cell, in characters, is not run.
MAX_SOURCE = 100_000
#: A notebook with more characters of code is not searched: no student writes that much.
MAX_SEARCHED = 300_000
#: The most that IPython may translate of a notebook, as `_translation_cost` counts: 1 or 2 seconds.
MAX_TRANSLATED = 200_000
#: The most characters that are parsed again in a notebook to skip statements that are not Python.
MAX_PARSED = 1_000_000

#: A cell magic that runs the rest of its cell as Python.
_RUNNING_MAGIC = re.compile(r"\A\s*%%(time|capture|prun)\b.*\n")
#: A line magic that runs the rest of its line as Python.
_RUNNING_LINE = re.compile(r"^([ \t]*)%time[ \t]+(?=\S)", re.MULTILINE)
#: What IPython may have to translate. It reads the cell anew for each: thousands take minutes.
#: White space but no line's end: else a run of blank lines would be read anew from each of them.
_COMMAND = re.compile(r"^[^\S\n]*[!%?,;/]|=[^\S\n]*[!%]|\?[^\S\n]*$", re.MULTILINE)
#: A line that is a command of IPython's, and one whose value is that of a command.
_COMMAND_LINE = re.compile(r"^([ \t]*)(?:[!%?].*|[\w.]+\?{1,2}[ \t]*)$")
_COMMAND_VALUE = re.compile(r"=[ \t]*[!%].*$")
#: So many commands of a cell are left out: each is looked for anew.
_MAX_COMMANDS = 100
#: A line that continues the statement above it.
_CONTINUATION = re.compile(r"$|[ \t#)\]}]|(?:elif|else|except|finally)\b")


@dataclass(frozen=True)
class ParsedCell:
    """A cell as Python source, and its syntax tree.

    Attributes:
        complete: whether all of the cell is Python. Else the statements that are not were left out.
    """

    source: str
    tree: ast.Module
    complete: bool = True


def parse_cell(source: str) -> ParsedCell | None:
    """A cell parsed; None if it is not Python, even once IPython has translated it."""
    return _parse_within(source, MAX_TRANSLATED)[0]


def parse_cells(cells: Sequence[str]) -> list[ParsedCell | None]:
    """The cells parsed; all None if they have more than `MAX_SEARCHED` characters.

    A statement that is not Python, such as a print of Python 2, is left out alone.
    """
    parsed_cells: list[ParsedCell | None] = []
    if sum(map(len, cells)) > MAX_SEARCHED:
        return [None] * len(cells)
    may_translate, may_parse = MAX_TRANSLATED, MAX_PARSED
    for source in cells:
        parsed, cost = _parse_within(source, may_translate)
        may_translate -= cost
        if parsed is None:
            parsed, cost = _parse_valid_statements(source, may_parse)
            may_parse -= cost
        parsed_cells.append(parsed)
    return parsed_cells


@functools.lru_cache(maxsize=128)
def is_python(source: str) -> bool:
    """Whether a cell can be parsed, once IPython has translated magics and shell commands."""
    return parse_cell(source) is not None


def without_timing(source: str) -> str:
    """A cell without the magics that run what stands behind or below them, such as ``%time``."""
    return _RUNNING_LINE.sub(r"\1", _RUNNING_MAGIC.sub("", source))


def without_commands(source: str) -> str:
    """A cell as Python for a place without IPython, where its commands do nothing.

    What is Python stays as it is. A magic that takes the whole cell leaves ``pass`` of it.
    """
    source = without_timing(source)
    if _syntax_tree(source) is not None:
        return source
    if source.lstrip().startswith("%%"):
        return "pass"
    lines = source.split("\n")
    for _ in range(_MAX_COMMANDS):
        number = _faulty_line("\n".join(lines))
        if number is None or number >= len(lines):
            break
        changed = _COMMAND_VALUE.sub("= None", _COMMAND_LINE.sub(r"\1pass", lines[number]))
        if changed == lines[number]:
            break
        lines[number] = changed
    return "\n".join(lines)


def _faulty_line(source: str) -> int | None:
    """The number, from 0, of the line at which a source stops being Python; None if it does not."""
    try:
        ast.parse(source)
    except SyntaxError as error:
        return max((error.lineno or 1) - 1, 0)
    except (ValueError, RecursionError, MemoryError):
        return None
    return None


def _parse_within(source: str, max_cost: int) -> tuple[ParsedCell | None, int]:
    """A cell parsed, and the cost of its translation; None if that would exceed `max_cost`."""
    source = without_timing(source)
    tree = _syntax_tree(source)
    if tree is not None:
        return ParsedCell(source, tree), 0
    cost = _translation_cost(source)
    if cost > max_cost:
        return None, 0
    translated = _translate(source)
    tree = None if translated is None else _syntax_tree(translated)
    return (None if translated is None or tree is None else ParsedCell(translated, tree)), cost


def _parse_valid_statements(source: str, max_cost: int) -> tuple[ParsedCell | None, int]:
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
    return (None if tree is None else ParsedCell(text, tree, complete=False)), cost


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
