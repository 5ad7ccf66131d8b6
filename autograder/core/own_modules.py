"""The names of the modules that a student wrote, and not those of a library or of the release.

A function of such a module may change what is given to it. One of a library, such as
``plt.plot(x)``, hardly ever does, and one of the release does not: ``Solver(model, data)``. A
function that the student added to a file of the release may, too.
"""

from __future__ import annotations

import ast
import sys
import warnings
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath


def own_modules(
    packages: Iterable[str],
    paths: Iterable[str],
    added: Mapping[str, Iterable[str]] | None = None,
) -> frozenset[str]:
    """The dotted names by which a notebook may import these modules, and what is added to others.

    Args:
        packages: the names of the package that they are in; an empty one counts as none.
        paths: of the student's modules, relative to the package.
        added: the names that the student added to given modules, by the paths of those.
    """
    prefixes = [name for name in packages if name]
    found: set[str] = set()
    dotted = [_parts(path) for path in paths]
    dotted += [(*_parts(path), name) for path, names in (added or {}).items() for name in names]
    for parts in dotted:
        if not parts:
            continue
        found |= {".".join([prefix, *parts]) for prefix in prefixes}
        if parts[0] not in sys.stdlib_module_names:  # that name gives Python's own module
            found.add(".".join(parts))
    return frozenset(found)


def added_names(source: str, given: Iterable[str]) -> frozenset[str]:
    """The functions, classes and imports of a changed given file whose names are new there.

    Args:
        given: the global names that the file as it was given binds or uses.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the student's code may cause some
            body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    found: set[str] = set()
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
    return frozenset(found.difference(given, "*"))


def _parts(file: str) -> tuple[str, ...]:
    """The parts of the dotted name of a module."""
    path = PurePosixPath(file)
    return path.parent.parts if path.stem == "__init__" else (*path.parent.parts, path.stem)
