"""What a student calls the package, who may have renamed it: as their code imports from it."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

#: An import of a module in a package, or from one: the package's name, and the module's.
_IMPORT = re.compile(r"^[ \t]*(?:from|import)[ \t]+([^\W\d]\w*)\.([^\W\d]\w*)", re.MULTILINE)
#: Names that are imported from a package itself: the package's name, and the list of names.
_FROM = re.compile(
    r"^[ \t]*from[ \t]+([^\W\d]\w*)[ \t]+import[ \t]*(?:\(([\w\s,]+)\)|[ \t]([\w \t,]+))",
    re.MULTILINE,
)
#: Names that are imported from a module in a package: the package's name, the module, the names.
_FROM_MODULE = re.compile(
    r"^[ \t]*from[ \t]+([^\W\d]\w*)\.(?:\w+\.)*(\w+)[ \t]+import[ \t]*"
    r"(?:\(([\w\s,]+)\)|[ \t]([\w \t,]+))",
    re.MULTILINE,
)
#: An import by a name with dots: all but the last of its parts, that part, and what follows.
_DOTTED = re.compile(
    r"^[ \t]*(?:from|import)[ \t]+((?:[^\W\d]\w*\.)+)(\w+)(?:[ \t]+import[ \t(]+(\w+))?",
    re.MULTILINE,
)
#: A longer name is nobody's for a package.
_LONGEST = 100
#: A longer name with dots is not looked at: each of its parts would be kept with all before it.
_LONGEST_DOTTED = 10 * _LONGEST
#: So many modules of the package have to be imported by a name that no folder has.
_LEAST = 2
#: Of more names with dots the first ones are told.
_MOST_DOTTED = 3


@dataclass(frozen=True)
class PackageNames:
    """What a student's code calls the package besides its right name.

    Attributes:
        own: the student's own name for it; empty if they have none.
        dotted: names with dots that end in one of its names, such as ``src.tiny``. Imports by them
            find nothing in grading.
    """

    own: str = ""
    dotted: tuple[str, ...] = ()


def package_names(
    package: str,
    folder: str,
    sources: Iterable[bytes],
    modules: Collection[str],
    defined: Mapping[str, Collection[str]] = MappingProxyType({}),
) -> PackageNames:
    """What a student's code calls the package.

    Their own name is another one by which it imports several modules of the package, and hardly
    anything else, or from one module what that defines; else it is the name of the folder.

    Args:
        package: the right name.
        folder: the name of the folder that was read as the package; empty if it is the top.
        sources: of the student's modules and cells.
        modules: the names of the modules and folders in the package.
        defined: the names that modules of the package define, by the module's name.
    """
    imports = _Imports()
    for source in sources:
        imports.read(source.decode("utf-8-sig", "replace"), defined)
    imported = imports.modules
    # As Python reads a name in an import.
    folder = "" if folder == package else unicodedata.normalize("NFKC", folder)
    folder = folder if len(folder) <= _LONGEST else ""
    dotted = imports.dotted({package, folder}, {package, *modules})
    # A download of a repository has the name with other characters than an import can have.
    as_name = re.sub(r"\W", "_", folder)
    if as_name in imported and (as_name == folder or as_name not in (package, *modules)):
        return PackageNames(as_name, dotted)
    names = [
        name
        for name, found in imported.items()
        if name not in (package, *modules)
        and len(name) <= _LONGEST
        and (
            _are_of_package(found, set(modules))
            or (name in imports.proven and found <= set(modules))
        )
    ]
    own = max(names, key=lambda name: len(imported[name]), default=folder)
    return PackageNames(own, dotted)


@dataclass
class _Imports:
    """The imports in a student's code.

    Attributes:
        modules: by the name of a package, what is imported from it.
        proven: the names of packages from a module of which the code imports what that module of
            ours defines.
        paths: names with dots, and what is imported from them.
    """

    modules: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    proven: set[str] = field(default_factory=set)
    paths: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def read(self, text: str, defined: Mapping[str, Collection[str]]) -> None:
        """Take the imports of a source."""
        for name, module in _IMPORT.findall(text):
            self.modules[_plain(name)].add(module)
        for name, in_brackets, plain in _FROM.findall(text):
            self.modules[_plain(name)].update(_listed(in_brackets or plain))
        for name, module, in_brackets, plain in _FROM_MODULE.findall(text):
            names = _listed(in_brackets or plain)
            if names and names <= set(defined.get(module, ())):
                self.proven.add(_plain(name))
        for before, last, first in _DOTTED.findall(text):
            if len(before) > _LONGEST_DOTTED:
                continue
            parts = before.split(".")[:-1]
            for end in range(2, len(parts) + 1):
                self.paths[_plain(".".join(parts[:end]))].add([*parts[end:], last][0])
            if first:
                self.paths[_plain(f"{before}{last}")].add(first)

    def dotted(self, packages: Collection[str], modules: Collection[str]) -> tuple[str, ...]:
        """The names with dots that end in a package's name and from which modules are imported.

        Args:
            packages: the names.
            modules: of the package; a name that begins with one of them is no such name.
        """
        return tuple(
            path
            for path, found in sorted(self.paths.items())
            if path.rpartition(".")[2] in packages
            and path.partition(".")[0] not in modules
            and not found.isdisjoint(modules)
            and len(path) <= _LONGEST
        )[:_MOST_DOTTED]


def _plain(name: str) -> str:
    """A name as Python reads it in an import."""
    return unicodedata.normalize("NFKC", name)


def _listed(names: str) -> set[str]:
    """The names in the list of an import."""
    return {words[0] for each in names.split(",") if (words := each.split())}


def no_package_sentence(dotted: str, package: str) -> str:
    """The sentence on imports by a name with dots."""
    return f"imports from {dotted} do not give the package {package}: write {package} instead"


def _are_of_package(found: Collection[str], modules: Collection[str]) -> bool:
    """Whether names are modules of the package, but for a few that the student may lack."""
    known = sum(name in modules for name in found)
    return known >= _LEAST and known > 2 * (len(found) - known)
