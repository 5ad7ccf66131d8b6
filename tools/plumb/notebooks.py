"""Notebooks built from cells: stripped, without outputs, the same bytes every time.

Grading leaves the example cells out, so no set-up or answer cell may need one of their names.
"""

from __future__ import annotations

import ast
import builtins
import re
import symtable
from collections.abc import Callable, Sequence

import nbformat
from nbformat import v4

from autograder.errors import AssignmentError
from plumb.sources import SourceCell
from plumb.strip import STYLE, Style, solve, strip

_MAGIC = re.compile(r"^(\s*)[%!].*$", re.MULTILINE)

_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def build(cells: Sequence[SourceCell], style: Style = STYLE) -> bytes:
    """The students' notebook: nbformat 4.5, answers stripped, no outputs."""
    return _built(cells, style, strip)


def build_solved(cells: Sequence[SourceCell], style: Style = STYLE) -> bytes:
    """The notebook as a student would hand it in whose answers are the reference's."""
    return _built(cells, style, solve)


def _built(cells: Sequence[SourceCell], style: Style, rewrite: Callable[..., str]) -> bytes:
    """The notebook whose cells are `rewrite` of the source's cells."""
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
            built.append(v4.new_markdown_cell(text, id=cell.id, metadata=metadata))
    notebook = v4.new_notebook(cells=built, metadata=_METADATA)
    nbformat.validate(notebook)
    content: str = nbformat.writes(notebook, version=4)
    return (content.rstrip("\n") + "\n").encode()


def check_independence(cells: Sequence[SourceCell]) -> None:
    """Raise AssignmentError for a cell that grading runs and that needs an example cell's name."""
    graded: set[str] = set(dir(builtins))
    shown: dict[str, str] = {}
    uses: list[tuple[SourceCell, dict[str, int]]] = []
    for cell in cells:
        if cell.kind != "code":
            continue
        bound, used = _names(cell)
        if cell.role == "example":
            shown |= dict.fromkeys(bound, cell.id)
        else:
            graded |= bound
            uses.append((cell, used))
    for cell, used in uses:
        for name in sorted(used.keys() & shown.keys() - graded):
            raise AssignmentError(
                f"{cell.file}:{used[name]}: {cell.role} cell {cell.id} uses {name!r}, which only "
                f"the example cell {shown[name]} defines; grading does not run examples, so "
                "define it in a set-up cell or pass it as an argument"
            )


def _names(cell: SourceCell) -> tuple[set[str], dict[str, int]]:
    """The global names a cell binds; those it uses, with the first line of each in the file."""
    text = _MAGIC.sub(r"\1pass", cell.text)
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        line = cell.line + (error.lineno or 1) - 1
        raise AssignmentError(f"{cell.file}:{line}: cell {cell.id}: {error.msg}") from None
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
