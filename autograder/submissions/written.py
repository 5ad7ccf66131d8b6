"""How much of an answer file is written, to tell a worked file from an untouched one."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterable

from autograder.core import written_regions as core

#: How many answers are written, and how many are no untouched stubs.
Written = tuple[int, int]
#: Folders that every student has: our selfcheck, and what an installation leaves behind. Modules in
#: them are ignored without a note.
_COMMON = {"build", "selfcheck"}
#: What our selfcheck consists of. A folder that a student called so holds other folders.
_OF_SELFCHECK = re.compile(r"(?:^|/)selfcheck/(?:checks|core|tool)/")
_DEFINED = re.compile(r"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", re.MULTILINE)


def is_common(path: str) -> bool:
    """Whether a file or folder lies in a folder that every student has."""
    return not _COMMON.isdisjoint(path.split("/"))


def is_of_selfcheck(path: str) -> bool:
    """Whether a file is one of our selfcheck's, which students get and do not write."""
    return _OF_SELFCHECK.search(path) is not None


def written_regions(stub: bytes, data: bytes, among: Collection[str] | None = None) -> int:
    """How many of a stub's regions are written in what was handed in for it.

    Args:
        among: the regions that are looked at; by default all.
    """
    regions = regions_of(stub)
    if among is not None:
        regions = {region: regions[region] for region in among}
    return core.written_regions(regions, text_of(data)) if is_changed(stub, data) else 0


@functools.cache
def regions_of(stub: bytes) -> core.Regions:
    """The regions of a stub, with the functions that they stand in."""
    return core.regions_of(text_of(stub))


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
    return {name for source in sources for name in _DEFINED.findall(text_of(source))}


def text_of(data: bytes) -> str:
    """The text of a module."""
    return data.decode("utf-8-sig", "replace")
