"""A student whose code runs in this process, for ``selfcheck`` and for fast tests.

There is no isolation: use it only for code that you trust. Arguments and results are copied, so
that a check sees the same as it would with a sandbox.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Mapping
from typing import Any

from .locations import Locations
from .objects import Objects
from .seeds import set_seeds
from .source_text import Sources
from .student import Student


class LocalTransport:
    """A transport that performs operations directly on an `Objects` table."""

    def __init__(
        self, package: str, notebook: Callable[[str], Any], locations: Locations | None = None
    ) -> None:
        self._objects = Objects(package, notebook, locations)

    def request(self, op: str, *operands: Any) -> Any:
        if op == "withhold":
            return None
        return self._objects.perform(op, copy.deepcopy(list(operands)))


def local_student(
    package: str,
    seed: int,
    notebook: Callable[[str], Any] | None = None,
    locations: Locations | None = None,
    answers: Mapping[str, str] | None = None,
    sources: Callable[[], Sources] = Sources,
) -> Student:
    """A student whose package is imported here, with the global generators seeded as in the box."""
    set_seeds(seed)

    @functools.cache
    def seeded(name: str) -> Any:
        """A notebook's names; the generators are seeded again after its cells, as in the box."""
        found = (notebook or _no_notebook)(name)
        set_seeds(seed)
        return found

    return Student(LocalTransport(package, seeded, locations), answers, sources)


def _no_notebook(name: str) -> Any:
    raise FileNotFoundError(f"there is no notebook {name!r}")
