"""Notebooks from percent-format sources: stripped, without outputs, the same bytes every time.

Every cell of a source has an id and, where it is not plain text or an example, a role::

    # %% id="overfit-answer" role="answer"

- ``setup``: imports and helpers; also run when a submission is graded, so nothing slow.
- ``answer``: holds solution regions; the student writes here; also run when graded.
- ``example``: shown to the student and run by them, never by the grader. The default for code.
- ``text``: Markdown. The default for Markdown; a Markdown cell with a region is ``answer``.

Grading leaves the example cells out, so no set-up or answer cell may need one of their names.
"""

from __future__ import annotations

import ast
import builtins
import re
import symtable
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import jupytext
import nbformat
from nbformat import v4

from autograder.errors import AssignmentError, MarkerError
from plumb.regions import CODE, PROSE, Region, Syntax, check_unique, find_regions
from plumb.strip import STYLE, Style, solve, strip

ROLES = {"code": ("example", "setup", "answer"), "markdown": ("text", "answer")}

_CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_HEADER = re.compile(r"# %%( |$)")
_MAGIC = re.compile(r"^(\s*)[%!].*$", re.MULTILINE)

#: What a cell's header may say, and what jupytext notes there for itself.
_OPTIONS = {"id", "role", "title", "tags", "lines_to_next_cell"}

_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


@dataclass(frozen=True)
class Cell:
    """A cell of a source.

    Attributes:
        kind: ``code`` or ``markdown``.
        role: see the module's docstring.
        text: without the comment signs of Markdown; `line` is the number of its first line.
        tags: for tools that read them; most cells have none.
        regions: its solution regions.
    """

    id: str
    kind: str
    role: str
    text: str
    line: int
    tags: tuple[str, ...]
    regions: tuple[Region, ...]

    @property
    def syntax(self) -> Syntax:
        """How its markers are written."""
        return CODE if self.kind == "code" else PROSE


def build(source: str, file: str, style: Style = STYLE) -> bytes:
    """The students' notebook: nbformat 4.5, answers stripped, no outputs.

    Args:
        source: a notebook in jupytext's percent format.
        file: its path, for errors.

    Raises MarkerError for a wrong solution region, AssignmentError for a wrong cell, both with
    ``file:line``.
    """
    return _built(read_cells(source, file), file, style, strip)


def build_solved(source: str, file: str, style: Style = STYLE) -> bytes:
    """The notebook as a student would hand it in whose answers are the reference's."""
    return _built(read_cells(source, file), file, style, solve)


def source_lines(source: str, file: str) -> tuple[list[str], list[str]]:
    """The lines of a source that are answers, and all others."""
    regions = [region for cell in read_cells(source, file) for region in cell.regions]
    numbers = {number for region in regions for number in region.answer_line_numbers}
    answers: list[str] = []
    others: list[str] = []
    for number, line in enumerate(source.split("\n"), 1):
        (answers if number in numbers else others).append(line)
    return answers, others


def read_cells(source: str, file: str) -> tuple[Cell, ...]:
    """The cells of a source, in order; raises as `build` does."""
    cells = tuple(_cells(source, file))
    first: dict[str, int] = {}
    for cell in cells:
        if cell.id in first:
            raise AssignmentError(
                f"{file}:{cell.line - 1}: cell id {cell.id!r} is taken since line "
                f"{first[cell.id]}; a student's answer is found by its cell's id, choose another"
            )
        first[cell.id] = cell.line - 1
    check_unique(region for cell in cells for region in cell.regions)
    _check_independence(cells, file)
    return cells


def _cells(source: str, file: str) -> Iterator[Cell]:
    """The cells one by one, each valid in itself."""
    headers = [n for n, line in enumerate(source.split("\n"), 1) if _HEADER.match(line)]
    parsed = jupytext.reads(source, fmt="py:percent").cells
    if len(parsed) != len(headers):
        raise AssignmentError(
            f"{file}:{headers[0] if headers else 1}: a line of the source belongs to no cell; "
            "begin the file, and every cell, with a line '# %% id=\"...\"'"
        )
    for header, node in zip(headers, parsed, strict=True):
        place = f"{file}:{header}"
        options = node.metadata
        name = options.get("id")
        if not isinstance(name, str) or not _CELL_ID.fullmatch(name):
            raise AssignmentError(
                f"{place}: a cell needs an id of 1 to 64 letters, digits, - and _, "
                f'for example # %% id="affine-forward-example"; found {name!r}'
            )
        if unknown := sorted(set(options) - _OPTIONS):
            raise AssignmentError(
                f"{place}: cell {name} has {', '.join(unknown)}; "
                "a cell has an id, a role, a title and tags, and Markdown stands in # comments"
            )
        roles = ROLES.get(node.cell_type, ())
        role = options.get("role", next(iter(roles), None))
        if role not in roles:
            allowed = ", ".join(roles) or "no role: use code or [markdown]"
            raise AssignmentError(
                f"{place}: cell {name} has the role {role!r}; a {node.cell_type} cell has {allowed}"
            )
        syntax = CODE if node.cell_type == "code" else PROSE
        regions = find_regions(node.source, file, syntax=syntax, first_line=header + 1)
        if regions and role != "answer":
            raise MarkerError(
                file,
                regions[0].line,
                f"region {regions[0].id} stands in cell {name}, which is no answer cell; "
                'add role="answer" to its # %% line',
            )
        if role == "answer" and not regions:
            raise MarkerError(
                file,
                header,
                f"answer cell {name} has no solution region; add one, or take its role away",
            )
        tags = tuple(options.get("tags", ()))
        yield Cell(name, node.cell_type, role, node.source, header + 1, tags, regions)


def _built(cells: tuple[Cell, ...], file: str, style: Style, rewrite: Callable[..., str]) -> bytes:
    """The notebook whose cells are `rewrite` of the source's cells."""
    built = []
    for cell in cells:
        text = rewrite(cell.text, file, syntax=cell.syntax, style=style, first_line=cell.line)
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


def _check_independence(cells: tuple[Cell, ...], file: str) -> None:
    """Refuse a set-up or answer cell that uses a name which only example cells define."""
    graded: set[str] = set(dir(builtins))
    shown: dict[str, str] = {}
    uses: list[tuple[Cell, dict[str, int]]] = []
    for cell in cells:
        if cell.kind != "code":
            continue
        bound, used = _names(cell, file)
        if cell.role == "example":
            shown |= dict.fromkeys(bound, cell.id)
        else:
            graded |= bound
            uses.append((cell, used))
    for cell, used in uses:
        for name in sorted(used.keys() & shown.keys() - graded):
            raise AssignmentError(
                f"{file}:{used[name]}: {cell.role} cell {cell.id} uses {name!r}, which only the "
                f"example cell {shown[name]} defines; grading does not run examples, so define it "
                "in a set-up cell or pass it as an argument"
            )


def _names(cell: Cell, file: str) -> tuple[set[str], dict[str, int]]:
    """The global names a cell binds; those it uses, with the first line of each in the file."""
    text = _MAGIC.sub(r"\1pass", cell.text)
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        line = cell.line + (error.lineno or 1) - 1
        raise AssignmentError(f"{file}:{line}: cell {cell.id}: {error.msg}") from None
    lines: dict[str, int] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            lines[node.id] = min(lines.get(node.id, node.lineno), node.lineno)
    top = symtable.symtable(text, file, "exec")
    bound = {s.get_name() for s in top.get_symbols() if s.is_assigned() or s.is_imported()}
    used = {s.get_name() for s in top.get_symbols() if s.is_referenced()}
    inner = list(top.get_children())
    while inner:
        scope = inner.pop()
        used |= {s.get_name() for s in scope.get_symbols() if s.is_global()}
        inner += scope.get_children()
    return bound, {name: cell.line + lines[name] - 1 for name in used & lines.keys()}
