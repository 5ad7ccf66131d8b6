"""How much of an answer file is written: which of the regions that its stub asks for.

Grading and the student's own checks choose by this between a folder and a copy of it.
"""

from __future__ import annotations

import ast
import hashlib
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence

from .starter_code import Function, is_empty, is_starter_code
from .stubs import MESSAGE, code_in_region, region_of_message, stubs_left

#: The ends of lines for Python's parser. `str.splitlines` knows further ones.
LINE_END = re.compile(r"\r\n?|\n")
#: By region, the dotted names of the functions and methods that it stands in.
Regions = Mapping[str, Sequence[str]]
#: A module of more characters than this is not searched: it is no student's work.
_LONGEST = 1_000_000
_NAMED = re.compile(MESSAGE)
#: A function or method at any depth.
_DEFINED = re.compile(r"^[ \t]*(?:(?:async[ \t]+)?def|class)[ \t]+(\w+)", re.MULTILINE)


def lines_of(data: bytes) -> list[bytes]:
    """The lines of a file without the white space at their ends, to compare two files."""
    return [line.rstrip() for line in data.strip().splitlines()]


def digest_of_lines(data: bytes) -> str:
    """The SHA-256 of `lines_of` a file."""
    return hashlib.sha256(b"\n".join(lines_of(data))).hexdigest()


def is_changed(digest: str, data: bytes) -> bool:
    """Whether a student has something for a stub that is not the stub.

    Args:
        digest: of the stub; see `digest_of_lines`.
    """
    return bool(data.strip()) and digest_of_lines(data) != digest


def regions_of(stub: str) -> dict[str, list[str]]:
    """The regions of an answer file as it was handed out, with the functions they stand in.

    A whole class is named itself: what somebody writes for it may need no constructor.
    """
    found: dict[str, list[str]] = {region: [] for region in _NAMED.findall(stub)}
    for name, node in (outline(stub) or {}).items():
        if node:
            for region in dict.fromkeys(raised_regions(node)):
                found.setdefault(region, []).append(_asked_for(name, node))
    return found


def _asked_for(name: str, stub: Function) -> str:
    """The name, or that of a whole class if this is the stub of one; see `definition_stub`."""
    is_class = stub.args.vararg and stub.args.kwarg
    return name.removesuffix(".__init__") if is_class else name


def written_regions(asked: Regions, source: str) -> int:
    """How many of the regions that a stub asks for are written in what a student has for it.

    A region is not written if its stub still stands there, if its function is missing or empty, or
    if that is the starter code of another edition.

    Args:
        asked: of the stub; see `regions_of`.
    """
    if not source.strip():
        return 0
    left = set(stubs_left(source))
    missing = missing_functions(asked, source)
    # Nothing is known to be missing in what is no Python. It may be a web page.
    defined = set(_DEFINED.findall(source))
    for region, functions in asked.items():
        if any(name in missing or name.rpartition(".")[2] not in defined for name in functions):
            left.add(region)
    return len(asked.keys() - left)


def missing_functions(asked: Regions, source: str) -> dict[str, str]:
    """The functions and methods that a stub asks for and that are missing or not written, by name.

    Returns the region of each, the first one if several stand in it. In what is no Python, nothing
    is known to be missing.

    Args:
        asked: of the stub; see `regions_of`.
    """
    known = outline(source)
    if known is None:
        return {}
    lines = LINE_END.split(source)
    found: dict[str, str] = {}
    for region, functions in asked.items():
        for name in functions:
            if name not in found and is_missing(name, known, lines):
                function = known.get(name)
                # The markers are of this edition. What stands between them is somebody's answer.
                if not function or not code_in_region(lines, function.lineno, region):
                    found[name] = region
    return found


def is_missing(name: str, known: Mapping[str, Function | None], lines: Sequence[str]) -> bool:
    """Whether a function or class is not in a module, or is empty or starter code there.

    Args:
        name: dotted below the module.
        known: what the module defines; see `outline`.
        lines: of the module, split at `LINE_END`.
    """
    if name in known:
        function = known[name]
        return function is not None and is_starter_code(function, lines)
    members = [node for member, node in known.items() if member.startswith(f"{name}.")]
    if members:  # it is a class
        return all(node is not None and is_starter_code(node, lines) for node in members)
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
            defined = _defined(ast.parse(source).body, "")
            return _last_ones(defined)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def raised_regions(node: ast.AST) -> Iterator[str]:
    """The regions that stubs of ours below a node name in what they raise."""
    for raised in ast.walk(node):
        for argument in getattr(getattr(raised, "exc", None), "args", []):
            text = argument.value if isinstance(argument, ast.Constant) else None
            region = region_of_message(text) if isinstance(text, str) else None
            if region is not None:
                yield region


def _last_ones(
    defined: Iterable[tuple[str, Function | None]],
) -> dict[str, Function | None]:
    """What each name stands for in the end, as far as it is known.

    An import of all names may replace what stands above it. An empty function is a fall-back for an
    import that failed.
    """
    found: dict[str, Function | None] = {}
    for name, node in defined:
        if name == "*":
            found = dict.fromkeys(found)
        if name not in found or found[name] or node is None or not is_empty(node):
            found[name] = node
    return found


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
