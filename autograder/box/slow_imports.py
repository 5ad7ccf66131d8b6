"""Libraries that take long to import: a box does it once, before it forks, and not once a check."""

from __future__ import annotations

import contextlib
import importlib
import re
from collections.abc import Iterable

#: In a run folder: the libraries that the submission's modules use, a line each.
LIBRARIES = "libraries"
#: What names a library in a text, and the module that takes the time.
_SLOW = {
    "matplotlib": (re.compile(rb"\b(?:matplotlib|pylab)\b"), "matplotlib.pyplot"),
    "pandas": (re.compile(rb"\bpandas\b"), "pandas"),
}


def libraries_in(sources: Iterable[bytes]) -> set[str]:
    """The slow libraries that texts may import."""
    texts = list(sources)
    return {name for name, (word, _) in _SLOW.items() if any(word.search(text) for text in texts)}


def import_libraries(names: Iterable[str]) -> None:
    """Import slow libraries. One that is not installed, or is broken, is left out.

    Nothing of the student's can be imported in its place: the runner has the submission's folder on
    its path in the forked processes alone.
    """
    for name in names:
        with contextlib.suppress(Exception):  # who imports it will meet the same error
            importlib.import_module(_SLOW[name][1])
