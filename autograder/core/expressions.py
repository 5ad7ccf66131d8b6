"""Evaluating an expression of a check in a namespace of the student's, on the student's side."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable
from typing import Any

from .errors import StudentError


def evaluate(expression: str, thing: Any) -> Any:
    """The value of an expression whose names are attributes of a module or a notebook.

    Only the names that it uses are looked up, so that one that is missing is told with its cause.
    Raises whatever looking them up and evaluating raises.
    """
    tree = ast.parse(expression.strip(), "<check>", "eval")
    nodes = list(ast.walk(tree))
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    bound = _bound_in(nodes)
    namespace: dict[str, Any] = {"__builtins__": builtins}
    for name in sorted(names):
        try:
            namespace[name] = getattr(thing, name)
        except (AttributeError, StudentError):
            if not hasattr(builtins, name) and name not in bound:
                raise
    return eval(compile(tree, "<check>", "eval"), namespace)


def names_in(expression: str) -> list[str]:
    """The names that an expression looks up in a namespace; none if it is no Python."""
    try:
        nodes = list(ast.walk(ast.parse(expression.strip(), "<check>", "eval")))
    except SyntaxError:  # `evaluate` tells it
        return []
    bound = _bound_in(nodes)
    names = [node.id for node in nodes if isinstance(node, ast.Name)]
    return [name for name in names if name not in bound and not hasattr(builtins, name)]


def _bound_in(nodes: Iterable[ast.AST]) -> set[str]:
    """The variables of comprehensions and the parameters of lambdas."""
    found = set()
    for node in nodes:
        if isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
    return found
