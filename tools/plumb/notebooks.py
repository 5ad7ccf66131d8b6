"""Builds notebooks from cells: the same cells give the same bytes every time."""

from __future__ import annotations

import ast
import builtins
import re
import symtable
from collections.abc import Callable, Sequence

import nbformat
from nbformat import v4

from autograder.errors import AssignmentError
from plumb.region_ids import as_python
from plumb.sources import SourceCell
from plumb.strip import STYLE, Style, solve, strip

#: A cell magic whose cell is no Python.
_OTHER_PROGRAM = re.compile(r"%%(?!capture\b|prun\b|time\b|timeit\b)\w+")

_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def build(cells: Sequence[SourceCell], style: Style = STYLE) -> bytes:
    """The students' notebook: nbformat 4.5, answers stripped, no outputs."""
    return _built(cells, style, strip)


def build_solved(cells: Sequence[SourceCell], style: Style = STYLE) -> bytes:
    """The notebook as a student with the reference's answers would hand it in."""
    return _built(cells, style, solve)


def _built(cells: Sequence[SourceCell], style: Style, rewrite: Callable[..., str]) -> bytes:
    """The notebook with every cell's text changed by `rewrite`."""
    built = []
    for cell in cells:
        text = rewrite(cell.text, cell.file, syntax=cell.syntax, style=style, first_line=cell.line)
        metadata: dict[str, object] = {"plumbline": {"role": cell.role}}
        if cell.role in ("setup", "answer"):
            metadata["deletable"] = False
        if cell.tags:
            metadata["tags"] = list(cell.tags)
        if cell.kind == "code":
            built.append(v4.new_code_cell(text, id=cell.id, metadata=metadata))
        else:
            attached = {"attachments": cell.attachments} if cell.attachments else {}
            built.append(v4.new_markdown_cell(text, id=cell.id, metadata=metadata, **attached))
    notebook = v4.new_notebook(cells=built, metadata=_METADATA)
    nbformat.validate(notebook)
    content: str = nbformat.writes(notebook, version=4)
    return (content.rstrip("\n") + "\n").encode()


def check_independence(cells: Sequence[SourceCell]) -> None:
    """Raise AssignmentError if a set-up or answer cell needs a name that an example cell defines.

    Grading does not run the example cells.
    """
    graded: set[str] = set(dir(builtins))
    examples: dict[str, str] = {}
    uses: list[tuple[SourceCell, dict[str, int]]] = []
    for cell in cells:
        if cell.kind != "code":
            continue
        bound, used = names_of_cell(cell)
        if cell.role == "example":
            examples |= dict.fromkeys(bound, cell.id)
        else:
            graded |= bound
            uses.append((cell, used))
    for cell, used in uses:
        for name in sorted(used.keys() & examples.keys() - graded):
            raise AssignmentError(
                f"{cell.file}:{used[name]}: {cell.role} cell {cell.id} uses {name!r}, which only "
                f"the example cell {examples[name]} defines; grading does not run examples, so "
                "define it in a set-up cell or pass it as an argument"
            )


def cell_tree(cell: SourceCell) -> ast.Module:
    """A code cell as Python reads it, magic commands left out; empty for a cell of another program.

    Raises AssignmentError with the place if it is no Python.
    """
    if _OTHER_PROGRAM.match(cell.text):
        return ast.Module([], [])
    try:
        return ast.parse(as_python(cell.text))
    except SyntaxError as error:
        line = cell.line + (error.lineno or 1) - 1
        raise AssignmentError(f"{cell.file}:{line}: cell {cell.id}: {error.msg}") from None


def names_of_cell(cell: SourceCell) -> tuple[set[str], dict[str, int]]:
    """The global names that a cell binds; and those that it uses, each with its first line.

    Raises AssignmentError with the place if it is no Python.
    """
    tree = cell_tree(cell)
    text = as_python(cell.text) if tree.body else ""
    lines: dict[str, int] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            lines[node.id] = min(lines.get(node.id, node.lineno), node.lineno)
    top = symtable.symtable(text, cell.file, "exec")
    bound = {s.get_name() for s in top.get_symbols() if s.is_assigned() or s.is_imported()}
    used = {s.get_name() for s in top.get_symbols() if s.is_referenced()}
    inner = list(top.get_children())
    while inner:
        scope = inner.pop()
        used |= {s.get_name() for s in scope.get_symbols() if s.is_global()}
        inner += scope.get_children()
    return bound, {name: cell.line + lines[name] - 1 for name in used & lines.keys()}
