"""A second name for a package: some students rename the package that they got.

Imports by the second name give the very modules of the package, not copies of them. So what is
withheld or changed in a module is so under both names.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

#: The file in a run folder.
_FILE = "package_alias.json"


class PackageAlias(MetaPathFinder):
    """Finds the modules of a package by another name of it.

    Args:
        alias: the other name, without dots.
        package: the package's name.
    """

    def __init__(self, alias: str, package: str) -> None:
        self._alias = alias
        self._package = package

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        first, dot, rest = fullname.partition(".")
        if first != self._alias:
            return None
        return ModuleSpec(fullname, _Borrowed(f"{self._package}{dot}{rest}"))


class _Borrowed(Loader):
    """Gives a module that has another name, and leaves it as it is.

    Args:
        name: the module's own name.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._own_spec: ModuleSpec | None = None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = importlib.import_module(self._name)
        self._own_spec = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self._own_spec  # the import system has put the alias's in its place


@contextmanager
def package_alias(alias: str, package: str) -> Iterator[None]:
    """Within this context, imports by the alias give the package; nothing changes if it is empty.

    No module that can be imported may have the alias as its name: it could not be imported then.
    """
    finder = PackageAlias(alias, package)
    if alias:
        sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        if alias:
            sys.meta_path.remove(finder)


def is_module(name: str) -> bool:
    """Whether an import finds a module of this name, without dots, here and now."""
    try:
        return name in sys.modules or importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):  # of a module that is half there
        return True


def write_package_alias(run: Path, alias: str) -> None:
    """Write the alias of the package into a run folder, for the box; it is empty for none."""
    run.joinpath(_FILE).write_text(json.dumps(alias), encoding="ascii")


def read_package_alias(run: Path) -> str:
    """Read the alias in a run folder; it is empty if there is none."""
    file = run / _FILE
    return str(json.loads(file.read_text("ascii"))) if file.is_file() else ""
