"""How much of an answer file is written, to tell a worked file from an untouched one."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator

from autograder.core.stubs import EXCEPTION, TODO
from autograder.submissions.missing_answers import missing_answers

#: How many answers are written, and how many are no untouched stubs.
Written = tuple[int, int]
#: The text of a stub's exception, in whatever quotes a student's editor left it.
_MESSAGE = rf"""["']{TODO}([a-z0-9_.]+)["']"""
_NAMED = re.compile(_MESSAGE)
_RAISED = re.compile(rf"^[ \t]*raise {EXCEPTION}\({_MESSAGE}", re.MULTILINE)
_DEFINED = re.compile(r"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", re.MULTILINE)
#: A function or method at any depth.
_FUNCTION = re.compile(r"^[ \t]*(?:async[ \t]+)?def[ \t]+(\w+)", re.MULTILINE)
#: Where the statements stand that a statement is made of.
_BLOCKS = ("body", "orelse", "finalbody")


def lines_of(data: bytes) -> list[bytes]:
    """The lines of a file without the white space at their ends, to compare two files."""
    return [line.rstrip() for line in data.strip().splitlines()]


def written_regions(stub: bytes, data: bytes) -> int:
    """How many of a stub's regions are written in what was handed in for it.

    A region is not written if its stub still stands there, or if its function is missing.
    """
    if not data.strip() or lines_of(stub) == lines_of(data):
        return 0
    stub_text, text = _text(stub), _text(data)
    stubs = {"module.py": stub_text}
    left = set(stubs_left(text))
    left |= set(missing_answers(stubs, {"module.py": data}).values())
    # Nothing is known to be missing in what is no Python. It may be a web page.
    defined = set(_FUNCTION.findall(text))
    for name, region in missing_answers(stubs, {"module.py": b"\n"}).items():
        if name.rpartition(".")[2] not in defined:
            left.add(region)
    return len(set(_NAMED.findall(stub_text)) - left)


def stubs_left(text: str) -> list[str]:
    """The regions whose stubs still stand in a source text, and are reached.

    Some students leave the stub below their answer, behind its ``return``. It says nothing then. In
    what is no Python every stub counts.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the student's code may cause some
            return [region for raised in _reached(text) for region in _RAISED.findall(raised)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return _RAISED.findall(text)


def _reached(text: str) -> Iterator[str]:
    """The ``raise`` statements of a source text that stand behind no ``return`` of their block."""
    for node in ast.walk(ast.parse(text)):
        for name in _BLOCKS:
            block = getattr(node, name, None)
            for statement in block if isinstance(block, list) else ():
                if isinstance(statement, ast.Return):
                    break
                if isinstance(statement, ast.Raise):
                    yield ast.unparse(statement)


def is_changed(stub: bytes, data: bytes) -> bool:
    """Whether something was handed in for a stub that is not the stub."""
    return bool(data.strip()) and lines_of(stub) != lines_of(data)


def defines_answers(stubs: Iterable[bytes], data: bytes) -> bool:
    """Whether a file seems to define a function or class that one of the stubs defines."""
    asked = {name for stub in stubs for name in _DEFINED.findall(_text(stub))}
    return not asked.isdisjoint(_DEFINED.findall(_text(data)))


def _text(data: bytes) -> str:
    return data.decode("utf-8-sig", "replace")
