"""How much of an answer file is written, to tell a worked file from an untouched one."""

from __future__ import annotations

import re
from collections.abc import Iterable

from autograder.core.stubs import MESSAGE, stubs_left
from autograder.submissions.missing_answers import missing_answers

#: How many answers are written, and how many are no untouched stubs.
Written = tuple[int, int]
_NAMED = re.compile(MESSAGE)
_DEFINED = re.compile(r"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", re.MULTILINE)
#: A function or method at any depth.
_FUNCTION = re.compile(r"^[ \t]*(?:async[ \t]+)?def[ \t]+(\w+)", re.MULTILINE)


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


def is_changed(stub: bytes, data: bytes) -> bool:
    """Whether something was handed in for a stub that is not the stub."""
    return bool(data.strip()) and lines_of(stub) != lines_of(data)


def defines_answers(stubs: Iterable[bytes], data: bytes) -> bool:
    """Whether a file seems to define a function or class that one of the stubs defines."""
    return not apparent_names(stubs).isdisjoint(apparent_names([data]))


def apparent_names(sources: Iterable[bytes]) -> set[str]:
    """The names of the functions and classes that files seem to define."""
    return {name for source in sources for name in _DEFINED.findall(_text(source))}


def _text(data: bytes) -> str:
    return data.decode("utf-8-sig", "replace")
