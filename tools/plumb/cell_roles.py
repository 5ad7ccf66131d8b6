"""Tells what a code cell is for by what is in it: an answer, set-up, or an example.

Grading runs set-up cells. A cell is set-up if it only imports, defines and assigns, without what
the student writes, or if an answer or a check needs a name that no other graded cell defines, or
that this cell changes or seems to change.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from autograder.core.cell_names import IMPORTED, cell_names
from autograder.core.cell_objects import ALWAYS_DEFINED
from autograder.core.needed_cells import Cell, NotebookCells, plan_cells
from plumb.mistakes import Mistakes
from plumb.notebooks import cell_tree, names_of_cell
from plumb.sources import SourceCell

#: Calls that only change a setting, such as ``np.random.seed(0)`` and ``plt.style.use("ggplot")``.
_SETTINGS = {
    "append", "filterwarnings", "insert", "rc", "seed", "set_option", "set_printoptions",
    "simplefilter", "update", "use",
}  # fmt: skip
_QUIET = (
    ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Assign,
    ast.AnnAssign, ast.AugAssign, ast.Pass, ast.Assert, ast.Delete,
)  # fmt: skip
_BLOCKS = (ast.If, ast.For, ast.While, ast.Try, ast.With)
_LATER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def with_roles(
    cells: Sequence[SourceCell], told: Sequence[bool], wanted: Collection[str]
) -> tuple[SourceCell, ...]:
    """The cells, code cells that are no answer as set-up or example by what is in them.

    Args:
        told: whether the author wrote a cell's role; it then stays.
        wanted: the names that checks ask for.

    Raises AssignmentError for a cell that is no Python, and for an example that grading would run.
    """
    code = [n for n, cell in enumerate(cells) if cell.kind == "code"]
    names = {n: names_of_cell(cells[n]) for n in code}
    answers = [n for n in code if cells[n].role == "answer"]
    written = {name for n in answers for name in names[n][0]}
    roles = {n: cells[n].role for n in code}
    open_ = [n for n in code if not told[n] and cells[n].role == "example"]
    for n in open_:
        if _is_quiet(cells[n]) and not (set(_used_at_once(cells[n])) & written):
            roles[n] = "setup"
    while True:
        graded = [n for n in code if roles[n] != "example"]
        bound = {name for n in graded for name in names[n][0]} | set(dir(builtins))
        needed = {name for n in graded for name in names[n][1]} | set(wanted)
        more = [n for n in open_ if roles[n] == "example" and names[n][0] & (needed - bound)]
        if not more:
            break
        roles |= dict.fromkeys(more, "setup")
    run_in_grading = _examples_that_would_run(cells, roles, wanted)
    for n, needed_names in run_in_grading.items():
        independent = n in open_ and not (set(_used_at_once(cells[n])) & written)
        if independent and _seems_to_change(cell_tree(cells[n]), needed_names):
            roles[n] = "setup"
    mistakes = Mistakes()
    imported = _imported([cells[n] for n in code])
    for n, needed_names in run_in_grading.items():
        sure = cell_names(cell_tree(cells[n])).surely_changed & needed_names - imported
        if sure and roles[n] == "example":
            mistakes.add(
                f"{cells[n].file}:{cells[n].line}: the example {cells[n].id} changes "
                f"{', '.join(sorted(sure))}, which answers or checks need. Grading runs it with a "
                "student's answers, and what is expected is recorded without it; change a copy "
                "under another name, or do it in a set-up cell, without what students write"
            )
    mistakes.raise_if_any()
    return tuple(
        replace(cell, role=roles[n]) if n in roles else cell for n, cell in enumerate(cells)
    )


def _imported(cells: Sequence[SourceCell]) -> set[str]:
    """The names that code cells import: what an example changes there are settings, as a rule.

    Such as ``plt.rcParams["figure.figsize"] = 8, 6``. Where it is more, the release says so.
    """
    origins = [cell_names(cell_tree(cell)).origins for cell in cells]
    return {name for one in origins for name, told in one.items() if told.startswith(IMPORTED)}


def _examples_that_would_run(
    cells: Sequence[SourceCell], roles: Mapping[int, str], wanted: Collection[str]
) -> dict[int, set[str]]:
    """The examples that may change what answers or checks need; each with those names.

    A student's notebook has these cells too, and grading takes them for the student's own.
    """
    given = []
    for n, role in roles.items():
        if role != "example":
            is_answer = role == "answer"
            number = n + 1 if is_answer else 0
            given.append(Cell(number, cells[n].text, cells[n].id, is_answer=is_answer))
    others = tuple(Cell(n + 1, cells[n].text) for n, role in roles.items() if role == "example")
    planned = plan_cells(NotebookCells(tuple(given), others, frozenset(wanted)))
    return {number - 1: set(needed) for number, needed in planned.needed.items()}


def _seems_to_change(tree: ast.Module, needed: set[str]) -> bool:
    """Whether a cell does more with an object than to call methods and show what they return.

    It changes one of the needed names by what is known to do so, or gives it to a function; or it
    calls a method and throws away what this returns, as of ``table.reindex()`` above others.
    """
    names = cell_names(tree)
    thrown_away = {
        ast.unparse(statement.value.func.value)
        for statement in tree.body[:-1]
        if isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Call)
        and isinstance(statement.value.func, ast.Attribute)
    }
    given = {
        name
        for call in names.calls
        if call.function == call.root not in ALWAYS_DEFINED
        for name in call.given
    }
    return bool(needed & (names.surely_changed | thrown_away | given))


def bound_names(cell: SourceCell) -> set[str]:
    """The names that a code cell defines or assigns; imports do not count."""
    tree = cell_tree(cell)
    imported = {
        (alias.asname or alias.name).partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
    }
    return names_of_cell(cell)[0] - imported


def _is_quiet(cell: SourceCell) -> bool:
    """Whether a cell only imports, defines, assigns and changes settings."""
    body = cell_tree(cell).body  # empty for another program, such as %%bash
    return bool(body) and all(map(_is_quiet_statement, body))


def _is_quiet_statement(node: ast.stmt) -> bool:
    if isinstance(node, _QUIET):
        return True
    if isinstance(node, _BLOCKS):
        return all(
            _is_quiet_statement(inner) for inner in ast.walk(node) if isinstance(inner, ast.Expr)
        )
    if isinstance(node, ast.Expr):
        if isinstance(node.value, ast.Constant):
            return isinstance(node.value.value, str)
        call = node.value
        return (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and call.func.attr in _SETTINGS
        )
    return False


def _used_at_once(cell: SourceCell) -> Iterator[str]:
    """The names that a cell uses when it runs, not only when its functions are called."""
    pending: list[ast.AST] = [cell_tree(cell)]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Name):
            yield node.id
        if not isinstance(node, _LATER):
            pending += ast.iter_child_nodes(node)
