"""Finds calls of ``selfcheck.check`` in a notebook that would fail for students."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Collection, Iterable, Iterator, Sequence

from autograder.errors import AssignmentError
from plumb.notebooks import cell_tree
from plumb.region_ids import name_of
from plumb.sources import SourceCell

_MODULE, _FUNCTION = "selfcheck", "check"


def wrong_check_calls(cells: Iterable[SourceCell], known: Sequence[str]) -> Iterator[str]:
    """A sentence for each call that names a question which there is not, or has another argument.

    Cells that are no Python are passed over.
    """
    trees = []
    for cell in cells:
        if cell.kind == "code":
            try:
                trees.append((cell, cell_tree(cell)))
            except AssignmentError:  # told by those who need the tree
                continue
    functions = _names_of_check([tree for _, tree in trees])
    for cell, tree in trees:
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or ast.unparse(node.func) not in functions:
                continue
            place, called = f"{cell.file}:{cell.line + node.lineno - 1}", ast.unparse(node.func)
            for keyword in node.keywords:
                yield (
                    f"{place}: {called} has no argument {keyword.arg or '**'}; write the ids of "
                    f'questions alone, such as {called}("{next(iter(known), "")}")'
                )
            for argument in node.args:
                if isinstance(argument, ast.Constant) and argument.value not in known:
                    name = str(argument.value)
                    yield f'{place}: {called}("{name}") names no question; {instead(name, known)}'


def instead(name: str, known: Collection[str]) -> str:
    """What to write in the place of a question's id that there is not."""
    own = name_of(name)
    if own in known:
        return f"write {own!r}: an id has small letters, digits and _"
    close = difflib.get_close_matches(own, known, n=2)
    if close:
        return f"did you mean {' or '.join(close)}?"
    return f"there are: {', '.join(known) or 'none'}"


def _names_of_check(trees: Iterable[ast.Module]) -> set[str]:
    """What a notebook calls the function; its own function of that name is another one."""
    found, own = set(), False
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.ImportFrom) and node.module == _MODULE:
            found |= {alias.asname or alias.name for alias in node.names if alias.name == _FUNCTION}
        elif isinstance(node, ast.Import):
            modules = [alias for alias in node.names if alias.name == _MODULE]
            found |= {f"{alias.asname or alias.name}.{_FUNCTION}" for alias in modules}
        elif isinstance(node, ast.ImportFrom):
            own |= any((alias.asname or alias.name) == _FUNCTION for alias in node.names)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            own |= node.name == _FUNCTION
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            own |= node.id == _FUNCTION
    return found if own or found else {_FUNCTION}
