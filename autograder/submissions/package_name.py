"""What a student calls the package, who may have renamed it: as their modules import from it."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable

#: An import of a module in a package, or from one: the package's name, and the module's.
_IMPORT = re.compile(r"^[ \t]*(?:from|import)[ \t]+([^\W\d]\w*)\.([^\W\d]\w*)", re.MULTILINE)
#: So many modules of the package have to be imported by a name that no folder has.
_LEAST = 2


def own_package_name(
    package: str, folder: str, sources: Iterable[bytes], modules: Collection[str]
) -> str:
    """The student's own name for the package; empty if they have none.

    It is another name by which their modules import several modules of the package and nothing
    else, else the name of the folder.

    Args:
        package: the right name.
        folder: the name of the folder that was read as the package; empty if it is the top.
        sources: of the student's modules.
        modules: the names of the modules and folders in the package.
    """
    imported: dict[str, set[str]] = defaultdict(set)
    for source in sources:
        for name, module in _IMPORT.findall(source.decode("utf-8-sig", "replace")):
            imported[unicodedata.normalize("NFKC", name)].add(module)
    # As Python reads a name in an import.
    folder = "" if folder == package else unicodedata.normalize("NFKC", folder)
    if folder in imported:
        return folder
    names = [
        name
        for name, found in imported.items()
        if name not in (package, *modules) and len(found) >= _LEAST and found <= set(modules)
    ]
    return max(names, key=lambda name: len(imported[name]), default=folder)
