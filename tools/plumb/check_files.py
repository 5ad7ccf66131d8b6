"""Finds what NumPy and pandas read or write by a file's name in a check.

A check may read what is in memory, and the grader's own files. Any other file lies on the grader's
side, where no student's code writes.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

_NUMPY = {
    f"numpy.{name}"
    for name in (
        "fromfile", "fromregex", "genfromtxt", "load", "loadtxt", "memmap", "save", "savetxt",
        "savez", "savez_compressed",
    )
}  # fmt: skip
_PANDAS = "pandas.read_"
#: What holds a file's content in memory.
_BUFFERS = ("io.StringIO", "io.BytesIO")
_INSTEAD = (
    'io.StringIO(student.file("out.csv")) is a file that the student\'s code wrote, '
    'grader_data.path("name") one of grader_data/'
)


@dataclass(frozen=True)
class FilesRead:
    """Finds them in the body of one function.

    Args:
        values: what names stand for, as far as the file of checks tells.
        held: names of what the grader holds, such as `grader_data`, or may hold.
        dotted: the dotted name of something imported that an expression stands for, else nothing.
    """

    values: Mapping[str, Sequence[ast.AST]]
    held: Collection[str]
    dotted: Callable[[ast.AST], str]

    def in_body(self, body: Iterable[ast.stmt]) -> Iterator[tuple[int, str]]:
        """The lines, each with what to use instead."""
        for node in (inner for statement in body for inner in ast.walk(statement)):
            if isinstance(node, ast.Call):
                name = self.dotted(node.func)
                given = [*node.args, *(keyword.value for keyword in node.keywords)]
                opens = name in _NUMPY or name.startswith(_PANDAS)
                if opens and given and not self._is_held(given[0]):
                    text = "opens a file of the grader's and not of the student's"
                    yield node.lineno, f"{name} {text}: {_INSTEAD}"

    def _is_held(self, source: ast.AST) -> bool:
        """Whether something in an expression, or in what its names stand for, is held."""
        rest, followed = [source], set[str]()
        while rest:
            for node in ast.walk(rest.pop()):
                # Lines of a text are no file.
                if isinstance(node, (ast.List, ast.ListComp, ast.GeneratorExp)):
                    return True
                if isinstance(node, ast.Attribute) and node.attr in ("split", "splitlines"):
                    return True
                if self.dotted(node) in _BUFFERS:
                    return True
                if isinstance(node, ast.Name):
                    if node.id in self.held:
                        return True
                    if node.id not in followed:
                        followed.add(node.id)
                        rest += self.values.get(node.id, ())
        return False


def values_of(statements: Iterable[ast.AST]) -> dict[str, list[ast.AST]]:
    """The expressions that names are bound to in some statements, by name."""
    found: dict[str, list[ast.AST]] = {}
    for node in (inner for statement in statements for inner in ast.walk(statement)):
        for target, value in _bindings(node):
            for inner in ast.walk(target):
                if isinstance(inner, ast.Name):
                    found.setdefault(inner.id, []).append(value)
    return found


def _bindings(node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    match node:
        case ast.Assign(targets=targets, value=value):
            yield from ((target, value) for target in targets)
        case (
            ast.AnnAssign(target=target, value=ast.expr() as value)
            | ast.AugAssign(target=target, value=value)
            | ast.NamedExpr(target=target, value=value)
            | ast.For(target=target, iter=value)
            | ast.comprehension(target=target, iter=value)
            | ast.withitem(optional_vars=ast.expr() as target, context_expr=value)
        ):
            yield target, value
