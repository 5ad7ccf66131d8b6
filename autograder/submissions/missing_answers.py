"""What a submission's modules leave unwritten, where no stub of ours is there to say so.

Students of a course that has been held for years keep modules of other editions: a function that is
asked for is not in them at all, or is still the starter code of that edition, whose body goes on
past a ``pass`` and returns nothing of worth. Neither raises what our stubs raise.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Collection, Iterator, Mapping
from pathlib import PurePosixPath

from autograder.core.stubs import region_of_message

_Function = ast.FunctionDef | ast.AsyncFunctionDef
#: What a starter code writes above the place for an answer.
_INVITATION = re.compile(
    r"todo|(your|start|begin).*\b(code|solution|implementation)", re.IGNORECASE
)
#: What Python takes for the end of a line; there are others for which `str.splitlines` does.
_LINE_END = re.compile(r"\r\n?|\n")
#: So much of a comment is looked at.
_LONGEST_COMMENT = 200
#: A longer module is no student's work.
_LONGEST = 1_000_000


def missing_answers(stubs: Mapping[str, str], modules: Mapping[str, bytes]) -> dict[str, str]:
    """The functions and methods that the stubs ask for and the modules do not have or left open.

    Args:
        stubs: source of the release's files with answers in them, by path below the package.
        modules: what was handed in, likewise; a file that is not there counts for nothing, as the
            stub itself is then run, and neither does one that is no Python.

    Returns the id of the region by the dotted name of the function below the package, such as
    ``classifiers.cnn.ThreeLayerConvNet.loss``.
    """
    found = {}
    for path, stub in stubs.items():
        source = modules[path].decode("utf-8-sig", "replace") if path in modules else ""
        written = _functions(source)
        if not source or written is None:
            continue
        inviting = _inviting(_LINE_END.split(source))
        parts = PurePosixPath(path).with_suffix("").parts
        for name, node in (_functions(stub) or {}).items():
            region = _region(node)
            if region and (name not in written or _is_open(written[name], inviting)):
                found[".".join([*parts, name])] = region
    return found


def missing_region(asked: str, unwritten: Mapping[str, str]) -> str | None:
    """The unwritten region that a call of `asked` meets: its own, or one of a method of the class.

    None if there is none.
    """
    found = (r for name, r in unwritten.items() if name == asked or name.startswith(f"{asked}."))
    return next(found, None)


def _functions(source: str) -> dict[str, _Function] | None:
    """The functions and methods by name, dotted; None if the source is no Python."""
    if len(source) > _LONGEST:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of theirs
            return dict(_named(ast.parse(source).body, ""))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _named(body: list[ast.stmt], prefix: str) -> Iterator[tuple[str, _Function]]:
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


def _is_open(node: _Function, inviting: Collection[int]) -> bool:
    """Whether a ``pass`` stands alone where a comment asks for an answer."""
    passes = (inner.lineno for inner in ast.walk(node) if isinstance(inner, ast.Pass))
    return any(number in inviting for number in passes)


def _inviting(lines: list[str]) -> set[int]:
    """The lines, from 1, with nothing above them but comments, one of which invites an answer.

    Nor is there anything behind them: the next line is a comment, or no longer of their block.
    """
    found: set[int] = set()
    invited, before, depth = False, 0, 0  # of the line before: its number, 0 for a comment
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text:
            continue
        if text.startswith("#"):
            invited = invited or _INVITATION.search(text[:_LONGEST_COMMENT]) is not None
            before = 0
            continue
        if before and _depth(line) >= depth:
            found.discard(before)
        if invited:
            found.add(number)
        invited, before, depth = False, number, _depth(line)
    return found


def _depth(line: str) -> int:
    """How far a line is indented."""
    return len(line) - len(line.lstrip())
