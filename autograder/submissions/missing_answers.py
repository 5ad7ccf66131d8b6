"""Finds the functions that a submission's modules lack, or leave as another edition's starter code.

Some students hand in modules of another edition of a course, or an empty module. A function that is
asked for may be missing there. Or it may still be the starter code of that edition. Unlike our
stubs, neither says that the answer is missing.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from autograder.core.stubs import region_of_message
from autograder.core.student import ATTRIBUTE
from autograder.submissions.starter_code import Function, is_starter_code

#: The ends of lines for Python's parser. `str.splitlines` knows further ones.
LINE_END = re.compile(r"\r\n?|\n")
#: A module of more characters than this is not searched: it is no student's work.
_LONGEST = 1_000_000
#: Statements that only compute and assign.
_SIMPLE = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr)


def missing_answers(stubs: Mapping[str, str], modules: Mapping[str, bytes]) -> dict[str, str]:
    """The functions and methods of the stubs that the modules lack or leave unwritten.

    Args:
        stubs: the sources of the release's answer files, by path below the package.
        modules: the bytes of what was handed in, by path below the package. A file that was not
            handed in is skipped, because its stub is run; so is one that is no Python.

    Returns the id of the region by the dotted name of the function below the package, such as
    ``classifiers.cnn.ThreeLayerConvNet.loss``.
    """
    missing = {}
    for path, stub in stubs.items():
        source = modules[path].decode("utf-8-sig", "replace") if path in modules else None
        known = None if source is None else outline(source)
        if source is None or known is None:
            continue
        lines = LINE_END.split(source)
        parts = PurePosixPath(path).with_suffix("").parts
        for name, node in (outline(stub) or {}).items():
            region = _region(node) if node else None
            if region and _is_missing(name, known, lines):
                missing[".".join([*parts, name])] = region
    return missing


def missing_region(used: Sequence[str], missing: Mapping[str, str]) -> str | None:
    """The first region that is missing among those that a check ran into; None if none is.

    If a check made an object of a class, its constructor counts, and so does the method that the
    check asked for. Any other method counts only if the check called something else too, which may
    call it.

    Args:
        used: what the check asked for, as in `Student.names_used`, but with the names that the
            variant has.
        missing: see `missing_answers`.
    """
    for number, name in enumerate(used):
        if name in missing:
            return missing[name]
        methods = {m.removeprefix(name): r for m, r in missing.items() if m.startswith(f"{name}.")}
        called = [f".{u.removeprefix(ATTRIBUTE)}" for u in used if u.startswith(ATTRIBUTE)]
        later = any(u != name and not u.startswith(ATTRIBUTE) for u in used[number:])
        candidates = [".__init__", *called, *(methods if later else ())]
        region = next((methods[m] for m in candidates if m in methods), None)
        if region:
            return region
    return None


def functions_that_are_stubs(source: str) -> dict[str, str]:
    """The functions that raise our stub's exception before they call anything, with its region."""
    found = {}
    for name, node in (outline(source) or {}).items():
        for statement in node.body if node else ():
            region = _region(statement) if isinstance(statement, ast.Raise) else None
            if region:
                found[name] = region
            if not isinstance(statement, _SIMPLE) or _calls(statement):
                break
    return found


def _calls(statement: ast.stmt) -> bool:
    return any(isinstance(node, ast.Call) for node in ast.walk(statement))


def _is_missing(name: str, known: Mapping[str, Function | None], lines: Sequence[str]) -> bool:
    """Whether a function is not in a module, or is starter code there."""
    if name in known:
        function = known[name]
        return function is not None and is_starter_code(function, lines)
    # What another module or a base class defines may have any name.
    owner = name.rpartition(".")[0]
    return not {"*", owner, f"{owner}.*"} & known.keys()


def outline(source: str) -> dict[str, Function | None] | None:
    """What a module defines by name, dotted: its functions and methods, and None for other things.

    ``*`` stands for names that cannot be known. Returns None if the source is no Python.
    """
    if len(source) > _LONGEST:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the student's code may cause some
            return dict(_defined(ast.parse(source).body, ""))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _defined(body: Iterable[ast.AST], prefix: str) -> Iterator[tuple[str, Function | None]]:
    """What the statements of a module or a class define, with dotted names."""
    for node in body:
        if isinstance(node, Function):
            yield prefix + node.name, node
        elif isinstance(node, ast.ClassDef):
            name = prefix + node.name
            yield from _defined(node.body, f"{name}.")
            if any(getattr(base, "id", "") != "object" for base in node.bases):
                yield f"{name}.*", None
        elif isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                yield prefix + (alias.asname or alias.name.partition(".")[0]), None
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield prefix + node.id, None
        else:  # an ``if`` or a ``try`` around definitions, or the targets of an assignment
            yield from _defined(ast.iter_child_nodes(node), prefix)


def _region(node: ast.AST) -> str | None:
    """The region that a stub of ours names in what it raises; None if nothing here is a stub."""
    for raised in ast.walk(node):
        for argument in getattr(getattr(raised, "exc", None), "args", []):
            text = argument.value if isinstance(argument, ast.Constant) else None
            region = region_of_message(text) if isinstance(text, str) else None
            if region is not None:
                return region
    return None
