"""What a student calls the package, who may have renamed it: as their code imports from it."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable

#: An import of a module in a package, or from one: the package's name, and the module's.
_IMPORT = re.compile(r"^[ \t]*(?:from|import)[ \t]+([^\W\d]\w*)\.([^\W\d]\w*)", re.MULTILINE)
#: Names that are imported from a package itself: the package's name, and the list of names.
_FROM = re.compile(
    r"^[ \t]*from[ \t]+([^\W\d]\w*)[ \t]+import[ \t]*(?:\(([\w\s,]+)\)|[ \t]([\w \t,]+))",
    re.MULTILINE,
)
#: A longer name is nobody's for a package.
_LONGEST = 100
#: So many modules of the package have to be imported by a name that no folder has.
_LEAST = 2


def own_package_name(
    package: str, folder: str, sources: Iterable[bytes], modules: Collection[str]
) -> str:
    """The student's own name for the package; empty if they have none.

    It is another name by which their code imports several modules of the package, and hardly
    anything else, else the name of the folder.

    Args:
        package: the right name.
        folder: the name of the folder that was read as the package; empty if it is the top.
        sources: of the student's modules and cells.
        modules: the names of the modules and folders in the package.
    """
    imported: dict[str, set[str]] = defaultdict(set)
    for source in sources:
        text = source.decode("utf-8-sig", "replace")
        for name, module in _IMPORT.findall(text):
            imported[unicodedata.normalize("NFKC", name)].add(module)
        for name, in_brackets, plain in _FROM.findall(text):
            words = (each.split() for each in (in_brackets or plain).split(","))
            imported[unicodedata.normalize("NFKC", name)].update(w[0] for w in words if w)
    # As Python reads a name in an import.
    folder = "" if folder == package else unicodedata.normalize("NFKC", folder)
    folder = folder if len(folder) <= _LONGEST else ""
    if folder in imported:
        return folder
    names = [
        name
        for name, found in imported.items()
        if name not in (package, *modules)
        and len(name) <= _LONGEST
        and _are_of_package(found, set(modules))
    ]
    return max(names, key=lambda name: len(imported[name]), default=folder)


def _are_of_package(found: Collection[str], modules: Collection[str]) -> bool:
    """Whether names are modules of the package, but for a few that the student may lack."""
    known = sum(name in modules for name in found)
    return known >= _LEAST and known > 2 * (len(found) - known)
