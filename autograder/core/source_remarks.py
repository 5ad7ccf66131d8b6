"""Why a name may stand for something else than what is written, such as a second definition."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
#: What has names of its own.
_SCOPES = (*_DEFINITIONS, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
#: Decorators that everybody knows.
_PLAIN_DECORATORS = ("staticmethod", "classmethod", "property")
#: Functions and attributes by which a text makes or changes code that does not stand in it.
_HIDDEN_WAYS = ("exec", "eval", "compile", "globals", "__import__", "__code__", "__globals__")


def binders(body: Sequence[ast.stmt], name: str) -> Iterator[ast.stmt]:
    """The statements that bind or delete a name in a body, in order; inner blocks are included."""
    for statement in body:
        if name in _bound(statement):
            yield statement
        elif not isinstance(statement, _DEFINITIONS):
            yield from binders(list(_inner(statement)), name)


def remarks_on_binding(name: str, bound: Sequence[ast.stmt]) -> Iterator[str]:
    """Sentences on the statements that bind a name; the last one counts."""
    if len(bound) > 1:
        lines = ", ".join(str(statement.lineno) for statement in bound)
        yield f"{name} is bound {len(bound)} times, in lines {lines}"
    last = bound[-1]
    if isinstance(last, (ast.Import, ast.ImportFrom)):
        yield f"{name} is imported in line {last.lineno}"
    if isinstance(last, ast.Delete):
        yield f"{name} is deleted in line {last.lineno}"
    for decorator in getattr(last, "decorator_list", ()):
        if not (isinstance(decorator, ast.Name) and decorator.id in _PLAIN_DECORATORS):
            yield f"{name} is decorated in line {decorator.lineno}"


def remarks_on_module(name: str, found: ast.stmt, tree: ast.Module) -> Iterator[str]:
    """Sentences on what else in a module may change what a name stands for."""
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        match node:
            case ast.Name(id=way) | ast.Attribute(attr=way) if way in _HIDDEN_WAYS:
                yield f"{way} is used in line {line}"
            case ast.Attribute(attr=attr, ctx=ast.Store() | ast.Del()) if attr == name:
                yield f"{name} is set as an attribute in line {line}"
            case ast.Call(func=ast.Name(id="setattr"), args=[_, ast.Constant(value=value), *_]):
                if value == name:
                    yield f"{name} is set as an attribute in line {line}"
            case ast.Call(func=ast.Name(id="setattr")):
                yield f"setattr is used in line {line}"
            case ast.Global(names=names) if name in names:
                yield f"{name} is bound in a function, see line {line}"
            case ast.ImportFrom(names=[ast.alias(name="*")]) if line > found.lineno:
                yield f"an import of all names follows {name} in line {line}"


def _bound(statement: ast.stmt) -> set[str]:
    """The names that a statement itself binds or deletes, without those of its inner blocks."""
    if isinstance(statement, _DEFINITIONS):
        return {statement.name}
    names: set[str] = set()
    todo: list[ast.AST] = [statement]
    while todo:
        node = todo.pop()
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                names.add(name)
            case ast.alias(name=name, asname=other):
                names.add(other or name.partition(".")[0])
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                names.add(name)
            case ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
                names.add(name)
        todo += [
            inner
            for inner in ast.iter_child_nodes(node)
            if not isinstance(inner, (ast.stmt, *_SCOPES))
        ]
    return names


def _inner(node: ast.AST) -> Iterator[ast.stmt]:
    """The statements in the inner blocks of a statement."""
    for inner in ast.iter_child_nodes(node):
        if isinstance(inner, ast.stmt):
            yield inner
        elif isinstance(inner, (ast.excepthandler, ast.match_case)):
            yield from _inner(inner)
