"""Finds the functions that a submission's modules lack, or leave as another edition's starter code.

Some students hand in modules of an earlier edition of a course. A function that is asked for may be
missing there. Or it may still be the starter code of that edition: a ``pass`` at the place of the
answer, and a return of something useless below it. Unlike our stubs, neither says that the answer
is missing.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Collection, Iterator, Mapping
from pathlib import PurePosixPath

from autograder.core.stubs import region_of_message

_Function = ast.FunctionDef | ast.AsyncFunctionDef
#: A comment of starter code that asks for an answer below it.
_INVITATION = re.compile(
    r"todo|(your|start|begin).*\b(code|solution|implementation)", re.IGNORECASE
)
#: The ends of lines for Python's parser. `str.splitlines` knows further ones.
_LINE_END = re.compile(r"\r\n?|\n")
#: How many characters of a comment are searched.
_LONGEST_COMMENT = 200
#: A module of more characters than this is not searched: it is no student's work.
_LONGEST = 1_000_000


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
        source = modules[path].decode("utf-8-sig", "replace") if path in modules else ""
        functions = _functions(source)
        if not source or functions is None:
            continue
        places = _places_for_answers(_LINE_END.split(source))
        parts = PurePosixPath(path).with_suffix("").parts
        for name, node in (_functions(stub) or {}).items():
            region = _region(node)
            if region and (name not in functions or _is_unwritten(functions[name], places)):
                missing[".".join([*parts, name])] = region
    return missing


def missing_region(called: str, missing: Mapping[str, str]) -> str | None:
    """The region that is missing for a call of this function or class; None if none is.

    Args:
        called: the dotted name. For a class, a region of any of its methods counts.
        missing: see `missing_answers`.
    """
    regions = (r for name, r in missing.items() if name == called or name.startswith(f"{called}."))
    return next(regions, None)


def _functions(source: str) -> dict[str, _Function] | None:
    """The functions and methods by name, dotted; None if the source is no Python."""
    if len(source) > _LONGEST:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the student's code may cause some
            return dict(_named(ast.parse(source).body, ""))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _named(body: list[ast.stmt], prefix: str) -> Iterator[tuple[str, _Function]]:
    """The functions and methods in a body, with their dotted names."""
    for node in body:
        if isinstance(node, _Function):
            yield prefix + node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from _named(node.body, f"{prefix}{node.name}.")


def _region(node: _Function) -> str | None:
    """The region that a stub of ours names in what it raises; None for a function that is given."""
    for raised in ast.walk(node):
        for argument in getattr(getattr(raised, "exc", None), "args", []):
            text = argument.value if isinstance(argument, ast.Constant) else None
            region = region_of_message(text) if isinstance(text, str) else None
            if region is not None:
                return region
    return None


def _is_unwritten(node: _Function, places: Collection[int]) -> bool:
    """Whether a ``pass`` stands at a place for an answer."""
    passes = (inner.lineno for inner in ast.walk(node) if isinstance(inner, ast.Pass))
    return any(number in places for number in passes)


def _places_for_answers(lines: list[str]) -> set[int]:
    """The numbers of lines, from 1, where an answer belongs and only this line stands.

    Right above such a line are comments, and one of them asks for an answer. Right below it is
    another comment, or a line that is indented less.
    """
    places: set[int] = set()
    asked = False  # whether a comment since the last statement asks for an answer
    previous, previous_depth = 0, 0  # the line before: its number, 0 for a comment
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text:
            continue
        if text.startswith("#"):
            asked = asked or _INVITATION.search(text[:_LONGEST_COMMENT]) is not None
            previous = 0
            continue
        if previous and _depth(line) >= previous_depth:
            places.discard(previous)
        if asked:
            places.add(number)
        asked, previous, previous_depth = False, number, _depth(line)
    return places


def _depth(line: str) -> int:
    """How far a line is indented."""
    return len(line) - len(line.lstrip())
