"""Evaluating an expression of a check in a namespace of the student's, on the student's side."""

from __future__ import annotations

import ast
import builtins
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
    # The variables of comprehensions and the parameters of lambdas.
    bound = {node.arg for node in nodes if isinstance(node, ast.arg)}
    bound |= {node.id for node in nodes if isinstance(node, ast.Name) and _is_bound(node)}
    namespace: dict[str, Any] = {"__builtins__": builtins}
    for name in sorted(names):
        try:
            namespace[name] = getattr(thing, name)
        except (AttributeError, StudentError):
            if not hasattr(builtins, name) and name not in bound:
                raise
    return eval(compile(tree, "<check>", "eval"), namespace)


def _is_bound(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Store)
