"""Finds that a function returned one value where several are expected, and names those.

Python unpacks a single array along its first axis: ``out, _ = f(x)`` succeeds for two examples, and
whatever is said of these values would mislead.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from .remote import ATTRIBUTE
from .student import TraceEntry

#: How `values.describe` begins on a single value, and the words for it.
_SINGLE = {
    "array": "one array", "number": "one number", "text": "one string", "flag": "one flag",
    "none": "None", "object": "one object",
}  # fmt: skip
#: How `values.describe` begins on other values, and the words for them.
_WORDS = {
    "array": "array", "number": "number", "text": "string", "flag": "flag", "none": "None",
    "object": "object", "bytes": "bytes", "decimal": "Decimal", "fraction": "Fraction",
    "range": "range", "date": "date", "time": "time", "datetime": "datetime",
    "timedelta": "timedelta", "set": "set", "empty": "set", "(": "tuple", "[": "list",
    "{": "dictionary", "DataFrame": "DataFrame", "Series": "Series", "Index": "Index",
}  # fmt: skip
#: An element of a described tuple: how often it is there, if that is often, and how it begins.
_ELEMENT = re.compile(r"(?:(\d+) times )?(\w+|[(\[{])")
#: More elements of a tuple are not told.
_MOST_TOLD = 8
#: Names in a docstring: ``Returns (out, cache)``, or ``Returns a tuple of:`` above a list.
_IN_LINE = re.compile(r"\breturns?\b[^\n(]*\((\w+(?:, *\w+)+)\)", re.IGNORECASE)
_ABOVE_LIST = re.compile(r"^[ \t]*returns?\b.*$", re.IGNORECASE | re.MULTILINE)
_LISTED = re.compile(r"^[ \t]*- *(\w+)", re.MULTILINE)


def one_for_several(
    trace: Iterable[TraceEntry],
    expected: Iterable[TraceEntry],
    names: Callable[[str], tuple[str, ...]],
) -> str:
    """A sentence on the first call that returned one value instead of several; empty if none did.

    Args:
        trace: of the student's code, see `Student.trace`.
        expected: of the reference.
        names: gives the names of the values that a subject returns, empty if they are not known.
    """
    previous = ""
    for got, wanted in zip(trace, expected, strict=False):
        if got.subject != wanted.subject:
            return ""
        single = _SINGLE.get(re.split(r"\W", got.structure, maxsplit=1)[0])
        if single and wanted.structure.startswith(("(", "[")):
            # A method is fetched first, and then called.
            subject = previous if got.subject == "…" and previous else got.subject
            values = names(subject) or _kinds(wanted.structure)
            several = "a pair" if len(values) == 2 else "a tuple"
            named = f"({', '.join(values)})"
            if wanted.structure.startswith("[") and not names(subject):
                several, named = "a list", f"[{', '.join(values)}]"
            name = subject.removeprefix(ATTRIBUTE)
            return f"{name} returned {single}, {several} {named} is expected"
        previous = got.subject
    return ""


def _kinds(structure: str) -> tuple[str, ...]:
    """What the elements of a tuple are, in a word each, by its description."""
    kinds: list[str] = []
    depth = 0
    for piece in structure[1:-1].split(", "):
        found = _ELEMENT.match(piece)
        # ``array of float, shape (2, 3)`` is one element in several pieces.
        if depth == 0 and found and found[2] in _WORDS:
            kinds += [_WORDS[found[2]]] * min(int(found[1] or 1), _MOST_TOLD + 1)
        depth += sum(piece.count(c) for c in "([{") - sum(piece.count(c) for c in ")]}")
    return tuple(kinds if len(kinds) <= _MOST_TOLD else [*kinds[:_MOST_TOLD], "…"])


def names_returned(sources: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The names of the values that functions return, for those that return several.

    The names stand in a ``return out, cache``, or in the docstring.

    Args:
        sources: of modules, by path below the package. One that is no Python is skipped.

    Returns them by the function's dotted name below the package.
    """
    found = {}
    for path, source in sources.items():
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # the student's code may cause some
                functions = list(_functions(ast.parse(source), ""))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        module = ".".join(PurePosixPath(path).with_suffix("").parts)
        for name, node in functions:
            names = _in_return(node) or _in_docstring(ast.get_docstring(node) or "")
            if len(names) > 1:
                found[f"{module}.{name}"] = names
    return found


def _functions(body: ast.AST, prefix: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in ast.iter_child_nodes(body):
        if isinstance(node, ast.FunctionDef):
            yield prefix + node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node, f"{prefix}{node.name}.")


def _in_return(function: ast.FunctionDef) -> tuple[str, ...]:
    """The names in the last ``return`` of several names."""
    names: tuple[str, ...] = ()
    for node in function.body:
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
            values = node.value.elts
            if all(isinstance(value, ast.Name) for value in values):
                names = tuple(ast.unparse(value) for value in values)
    return names


def _in_docstring(text: str) -> tuple[str, ...]:
    """The names that a docstring says are returned."""
    if in_line := _IN_LINE.search(text):
        return tuple(re.findall(r"\w+", in_line[1]))
    above = list(_ABOVE_LIST.finditer(text))
    return tuple(_LISTED.findall(text[above[-1].end() :])) if above else ()
