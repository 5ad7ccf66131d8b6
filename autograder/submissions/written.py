"""How much of an answer file is written, to tell a worked file from an untouched one."""

from __future__ import annotations

import re
from collections.abc import Iterable

from autograder.core.stubs import EXCEPTION, TODO
from autograder.submissions.missing_answers import missing_answers

#: The text of a stub's exception, in whatever quotes a student's editor left it.
_MESSAGE = rf"""["']{TODO}([a-z0-9_.]+)["']"""
_NAMED = re.compile(_MESSAGE)
_RAISED = re.compile(rf"^[ \t]*raise {EXCEPTION}\({_MESSAGE}", re.MULTILINE)
_DEFINED = re.compile(r"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", re.MULTILINE)


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
    left = set(_RAISED.findall(text))
    left |= set(missing_answers({"module.py": stub_text}, {"module.py": data}).values())
    return len(set(_NAMED.findall(stub_text)) - left)


def is_changed(stub: bytes, data: bytes) -> bool:
    """Whether something was handed in for a stub that is not the stub."""
    return bool(data.strip()) and lines_of(stub) != lines_of(data)


def defines_answers(stubs: Iterable[bytes], data: bytes) -> bool:
    """Whether a file seems to define a function or class that one of the stubs defines."""
    asked = {name for stub in stubs for name in _DEFINED.findall(_text(stub))}
    return not asked.isdisjoint(_DEFINED.findall(_text(data)))


def _text(data: bytes) -> str:
    return data.decode("utf-8-sig", "replace")
