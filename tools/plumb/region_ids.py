"""Gives an id to every region whose markers name none: the one rule for it.

A region takes the name of the function or class that it stands in, or that it holds whole; a method
has its class before it: ``net.loss``. At the top level it takes the name that it assigns. A second
region of the same name gets ``.2``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from autograder.errors import MarkerError
from plumb.regions import CODE, SOLUTION, Region, Syntax

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_MAGIC = re.compile(r"^([ \t]*)[%!].*$", re.MULTILINE)
#: A line that asks IPython for help: ``np.dot?``.
_HELP = re.compile(r"^([ \t]*)(?:\?{1,2}[\w.]+|[\w.]+\?{1,2})[ \t]*$", re.MULTILINE)
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def with_region_ids(
    text: str, file: str, fallback: str, *, syntax: Syntax = CODE, first_line: int = 1
) -> str:
    """The text with an id on every marker; no line is added or lost.

    Args:
        file, first_line: for errors, as in `regions.find_regions`.
        fallback: names a region that has no better name, such as the id of the cell.

    Raises MarkerError with the place for a text that is no Python, where a name is needed.
    """
    lines = text.split("\n")
    bare = [n for n, line in enumerate(lines) if _bare(line, syntax) is not None]
    if not bare:
        return text
    names = _Names(text, file, first_line) if syntax == CODE else None
    used: dict[str, int] = {}
    opened = ""
    for number, line in enumerate(lines):
        begins = _bare(line, syntax)
        if begins is None:
            named = re.search(r"BEGIN SOLUTION ([a-z0-9_.]+)", line)
            used.setdefault(named[1], 1) if named else None
        elif begins:
            end = next((n for n in bare if n > number), len(lines))
            base = (names.of(number + 1, end + 1) if names else "") or name_of(fallback)
            opened = _numbered(base, used)
            lines[number] = _with_id(line, SOLUTION.begin, opened)
        else:
            lines[number] = _with_id(line, SOLUTION.end, opened or name_of(fallback))
    return "\n".join(lines)


def as_python(text: str) -> str:
    """A cell's text with statements that do nothing in the place of IPython's commands."""
    return _HELP.sub(r"\1...", _MAGIC.sub(r"\1pass", text))


def name_of(text: str) -> str:
    """A name as the id of a question: ``two_layer_net`` of ``TwoLayerNet``."""
    words = re.findall(r"[a-z0-9]+", _CAPITAL.sub("_", text).lower())
    name = "_".join(words)
    return name if name[:1].isalpha() else f"q{name}" if name else "answer"


def _bare(line: str, syntax: Syntax) -> bool | None:
    """Whether a line is a BEGIN marker without an id, or an END marker; None for other lines."""
    text = line.strip()
    for begins, word in ((True, SOLUTION.begin), (False, SOLUTION.end)):
        if text == syntax.comment(word):
            return begins
    return None


def _with_id(line: str, word: str, region: str) -> str:
    return line.replace(word, f"{word} {region}", 1)


def _numbered(base: str, used: dict[str, int]) -> str:
    """The id of the next region of this name."""
    used[base] = number = used.get(base, 0) + 1
    if number == 1:
        return base
    return f"{base}_{number}" if "." in base else f"{base}.{number}"


def definition_at(text: str, region: Region, first_line: int = 1) -> str:
    """The docstring's first line of the function or class that a region stands in or holds.

    Empty if there is none, or if the text is no Python.
    """
    try:
        tree = ast.parse(as_python(text))
    except SyntaxError:
        return ""
    begin, end = region.line - first_line + 1, region.end - first_line + 1
    inside = [n for n in tree.body if isinstance(n, _DEFINITIONS) and begin < n.lineno < end]
    for node in [*_around(tree, begin), *inside]:
        if isinstance(node, _DEFINITIONS) and (doc := ast.get_docstring(node)):
            return doc.partition("\n")[0].strip().removesuffix(".")
    return ""


def definitions_in(
    text: str, region: Region, first_line: int = 1
) -> list[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """The functions and classes that a region holds whole, if it holds nothing else.

    None for a region that stands in a function, and for a text that is no Python.
    """
    try:
        tree = ast.parse(as_python(text))
    except SyntaxError:
        return []
    begin, end = region.line - first_line + 1, region.end - first_line + 1
    around = list(_around(tree, begin))
    if any(not isinstance(node, ast.ClassDef) for node in around):
        return []
    body = around[-1].body if around and isinstance(around[-1], ast.ClassDef) else tree.body
    inside = [node for node in body if begin < node.lineno < end]
    found = [node for node in inside if isinstance(node, _DEFINITIONS)]
    return found if len(found) == len(inside) else []


class _Names:
    """Names regions by the Python text they stand in."""

    def __init__(self, text: str, file: str, first_line: int) -> None:
        try:
            self._tree = ast.parse(as_python(text))
        except SyntaxError as error:
            line = first_line + (error.lineno or 1) - 1
            raise MarkerError(file, line, f"this is not Python: {error.msg}") from None

    def of(self, begin: int, end: int) -> str:
        """The name of the region between these two lines, from 1; empty if there is none."""
        around = list(_around(self._tree, begin))
        inside = [
            node
            for node in ast.walk(self._tree)
            if isinstance(node, ast.stmt) and begin < node.lineno < end
        ]
        inside.sort(key=lambda node: node.lineno)
        if not around or isinstance(around[-1], ast.ClassDef):
            around += [node for node in inside if isinstance(node, _DEFINITIONS)][:1]
        if around:
            return _of_definitions([node.name for node in around if isinstance(node, _DEFINITIONS)])
        return next((name_of(name) for node in inside for name in _assigned(node)), "")


def _of_definitions(names: list[str]) -> str:
    """The id for a function, or for a method with its class; what is nested deeper is left out."""
    return ".".join(name_of(name) for name in names[:2]) if len(names) > 1 else name_of(names[0])


def _around(tree: ast.Module, line: int) -> Iterator[ast.stmt]:
    """The class and the function that a line stands in; a function in a function has its name."""
    body: list[ast.stmt] = tree.body
    while True:
        node = next(
            (n for n in body if n.lineno <= line <= (n.end_lineno or n.lineno)),
            None,
        )
        if node is None:
            return
        if isinstance(node, _DEFINITIONS):
            yield node
            if not isinstance(node, ast.ClassDef):
                return
        body = [n for n in ast.iter_child_nodes(node) if isinstance(n, ast.stmt)]


def _assigned(node: ast.stmt) -> Iterator[str]:
    """The names that a statement assigns to, in order."""
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, (ast.AnnAssign, ast.AugAssign)):
        targets = [node.target]
    for target in targets:
        yield from (inner.id for inner in ast.walk(target) if isinstance(inner, ast.Name))
