"""Cuts the visible checks out of a file of checks, with the helpers that they use."""

from __future__ import annotations

import ast
from collections.abc import Collection


def cut_visible_checks(source: str, visible: Collection[str]) -> str | None:
    """The source of the visible checks alone, or None if there are none.

    It keeps the docstring, the functions named in `visible`, and the imports, helpers and
    constants that they use, directly or not. It drops comments between statements: a comment may
    be about hidden checks.
    """
    module = ast.parse(source)
    statements: dict[str, list[ast.stmt]] = {}
    for node in module.body:
        for name in _bound(node) or _changed(node):
            statements.setdefault(name, []).append(node)
    if not any(name in statements for name in visible):
        return None
    keep: set[ast.stmt] = set()
    # Any name may be one of `from plumbline import *`.
    todo = [*visible, "*"]
    while todo:
        for node in statements.get(todo.pop(), ()):
            if node not in keep:
                keep.add(node)
                todo += _used(node)
    doc = ast.get_docstring(module, clean=False)
    parts = [f'"""{doc}"""'] if doc else []
    for node in module.body:
        if _is_future_import(node):
            parts.append(_text(source, node))
        elif node in keep:
            parts.append(_import(node, keep) or _text(source, node))
    return _spaced(parts)


def _bound(node: ast.stmt) -> list[str]:
    """The names that a definition, import or assignment defines, or whose parts it sets.

    That of an import of all names of a module is ``*``.
    """
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return [node.name]
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return [(alias.asname or alias.name).partition(".")[0] for alias in node.names]
    if isinstance(node, ast.Assign):
        return [
            name.id
            for target in node.targets
            for name in ast.walk(target)
            if isinstance(name, ast.Name)
        ]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    return []


def _changed(node: ast.stmt) -> set[str]:
    """The names that another kind of top-level statement defines, or whose value it changes.

    Such as a loop that fills a table. The variables of loops are not among them: functions have
    some of the same names, and would take hidden statements along.
    """
    found: set[str] = set()
    for inner in ast.walk(node):
        if isinstance(inner, (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)):
            found.update(_bound(inner))
        targets: list[ast.expr] = []
        if isinstance(inner, ast.Assign):
            targets = inner.targets
        elif isinstance(inner, (ast.AnnAssign, ast.AugAssign)):
            targets = [inner.target]
        elif isinstance(inner, ast.withitem) and inner.optional_vars:
            targets = [inner.optional_vars]
        elif isinstance(inner, ast.Expr) and isinstance(inner.value, ast.Call):
            # Such as SECRETS.append(np.zeros(3)): it may change SECRETS, and not np.
            called = inner.value.func
            targets = [called.value] if isinstance(called, ast.Attribute) else []
        for target in targets:
            while isinstance(target, (ast.Attribute, ast.Subscript)):
                target = target.value
            parts = target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]
            found.update(part.id for part in parts if isinstance(part, ast.Name))
    return found


def _used(node: ast.stmt) -> set[str]:
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}


def _is_future_import(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _import(node: ast.stmt, keep: Collection[ast.stmt]) -> str | None:
    """An import with only those names that the kept statements use."""
    if not isinstance(node, (ast.Import, ast.ImportFrom)):
        return None
    used = {"*"}.union(*(_used(other) for other in keep))
    names = [a for a in node.names if (a.asname or a.name).partition(".")[0] in used]
    node = type(node)(**{**dict(ast.iter_fields(node)), "names": names})
    return ast.unparse(node)


def _text(source: str, node: ast.stmt) -> str:
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(decorator.lineno for decorator in decorators)])
    return "\n".join(source.splitlines()[first - 1 : node.end_lineno])


def _spaced(parts: list[str]) -> str:
    """Two blank lines before functions and classes, one between other kinds of statement."""
    text, before = "", ""
    for part in parts:
        kind = next((k for k, starts in _KINDS.items() if part.startswith(starts)), "other")
        if text:
            text += "\n\n" if kind == "block" or before == "block" else "\n" * (kind != before)
        text += f"{part}\n"
        before = kind
    return text


_KINDS = {"block": ("def ", "class ", "@"), "import": ("import ", "from "), "doc": ('"""',)}
