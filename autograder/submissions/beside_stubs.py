"""Finds code that a student wrote in a function beside a stub whose markers they deleted.

Where the markers stand, the box itself tells, by what is between them. Without them only the
comparison with the text that was handed out tells which code is the student's.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress

from autograder.core.starter_code import Function
from autograder.core.stubs import is_marked, stubs_left
from autograder.core.written_regions import LINE_END, outline

#: Statements that are made of other statements.
_COMPOUND = (
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.If, ast.For, ast.AsyncFor, ast.While,
    ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.Match,
)  # fmt: skip


def regions_beside_code(handed_out: str, submitted: str) -> set[str]:
    """The regions whose stub is left in a function that holds more code than was handed out.

    A function in which several stubs were handed out tells nothing: its code may belong to another
    of them. Nothing is found in what is no Python, and nothing where the markers stand.
    """
    lines = LINE_END.split(submitted)
    own = outline(submitted) or {}
    found = set()
    for name, before in (outline(handed_out) or {}).items():
        after = own.get(name)
        if before and after:
            with suppress(RecursionError):  # of an expression that is nested too deeply
                found |= _of_function(before, after, lines)
    return found


def _of_function(before: Function, after: Function, lines: Sequence[str]) -> set[str]:
    regions = stubs_left(ast.unparse(before))
    if len(regions) != 1 or stubs_left(ast.unparse(after)) != regions:
        return set()
    (region,) = regions
    if _is_marked(after, lines, region) or not _code(after) - _code(before):
        return set()
    return {region}


def _is_marked(function: Function, lines: Sequence[str], region: str) -> bool:
    raised = [node for node in ast.walk(function) if isinstance(node, ast.Raise)]
    return any(
        is_marked(lines, node.lineno, region)
        for node in raised
        if stubs_left(ast.unparse(node)) == [region]
    )


def _code(function: Function) -> Counter[str]:
    """The statements of a function that do something, as texts, however they are laid out."""
    return Counter(
        ast.unparse(node)
        for node in ast.walk(function)
        if isinstance(node, ast.stmt)
        and not isinstance(node, (*_COMPOUND, ast.Pass))
        and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
    )
