"""How much of an answer file is written, to tell a worked file from an untouched one."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

from autograder.core import written_regions as core

#: How many answers are written, and how many are no untouched stubs.
Written = tuple[int, int]
_DEFINED = re.compile(r"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", re.MULTILINE)


def written_regions(stub: bytes, data: bytes) -> int:
    """How many of a stub's regions are written in what was handed in for it."""
    return core.written_regions(_regions(stub), _text(data)) if is_changed(stub, data) else 0


@functools.cache
def _regions(stub: bytes) -> core.Regions:
    return core.regions_of(_text(stub))


@functools.cache
def _digest(stub: bytes) -> str:
    return core.digest_of_lines(stub)


def is_changed(stub: bytes, data: bytes) -> bool:
    """Whether something was handed in for a stub that is not the stub."""
    return core.is_changed(_digest(stub), data)


def defines_answers(stubs: Iterable[bytes], data: bytes) -> bool:
    """Whether a file seems to define a function or class that one of the stubs defines."""
    return not apparent_names(stubs).isdisjoint(apparent_names([data]))


def apparent_names(sources: Iterable[bytes]) -> set[str]:
    """The names of the functions and classes that files seem to define."""
    return {name for source in sources for name in _DEFINED.findall(_text(source))}


def _text(data: bytes) -> str:
    return data.decode("utf-8-sig", "replace")
