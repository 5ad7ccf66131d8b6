"""A student whose code runs in this process, for ``selfcheck`` and for fast tests.

There is no isolation: use it only for code that you trust. Arguments and results are copied, so
that a check sees the same as it would with a sandbox.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Mapping
from typing import Any

from .functions import Functions, FunctionUse, exception_from_words, exception_in_words
from .locations import Locations
from .objects import Objects
from .plain import plain_values
from .seeds import set_seeds
from .source_text import Sources
from .student import Student


class LocalTransport:
    """A transport that performs operations directly on an `Objects` table."""

    def __init__(
        self,
        package: str,
        notebook: Callable[[str], Any],
        locations: Locations | None = None,
        functions: Functions | None = None,
    ) -> None:
        self._functions = Functions() if functions is None else functions
        self._objects = Objects(package, notebook, locations, self._call_back)

    def request(self, op: str, *operands: Any) -> Any:
        if op == "withhold":
            return None
        return self._objects.perform(op, copy.deepcopy(list(operands)))

    def _call_back(self, number: int, args: list[Any], kwargs: dict[str, Any]) -> Any:
        """Call a function of the check's. It raises what it would raise with a sandbox."""
        self._functions.admit(number, args, kwargs)
        try:
            return plain_values(self._functions.perform(number, args, kwargs))
        except Exception as error:  # a check's function may raise anything
            raise exception_from_words(*exception_in_words(error)) from None


def local_student(
    package: str,
    seed: int,
    notebook: Callable[[str], Any] | None = None,
    locations: Locations | None = None,
    answers: Mapping[str, str] | None = None,
    sources: Callable[[], Sources] = Sources,
    use: FunctionUse | None = None,
) -> Student:
    """A student whose package is imported here, with the global generators seeded as in the box.

    Args:
        use: how the reference called the functions of the check; None if it is not known.
    """
    set_seeds(seed)
    functions = Functions(use)

    @functools.cache
    def seeded(name: str) -> Any:
        """A notebook's names; the generators are seeded again after its cells, as in the box."""
        found = (notebook or _no_notebook)(name)
        set_seeds(seed)
        return found

    transport = LocalTransport(package, seeded, locations, functions)
    return Student(transport, answers, sources, functions)


def _no_notebook(name: str) -> Any:
    raise FileNotFoundError(f"there is no notebook {name!r}")
