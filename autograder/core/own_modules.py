"""The names of the modules that a student wrote, and not those of a library or of the release.

A function of such a module may change what is given to it. One of a library, such as
``plt.plot(x)``, hardly ever does, and one of the release does not: ``Solver(model, data)``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import PurePosixPath


def own_modules(packages: Iterable[str], paths: Iterable[str]) -> frozenset[str]:
    """The dotted names by which a notebook may import these modules.

    Args:
        packages: the names of the package that they are in; an empty one counts as none.
        paths: of the student's modules, relative to the package.
    """
    prefixes = [name for name in packages if name]
    found: set[str] = set()
    for path in map(PurePosixPath, paths):
        parts = path.parent.parts if path.stem == "__init__" else (*path.parent.parts, path.stem)
        if not parts:
            continue
        found |= {".".join([prefix, *parts]) for prefix in prefixes}
        if parts[0] not in sys.stdlib_module_names:  # that name gives Python's own module
            found.add(".".join(parts))
    return frozenset(found)
