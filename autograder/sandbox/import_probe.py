"""Imports modules in a box that holds no file of a student, and tells what cannot be imported."""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from collections.abc import Iterable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

#: The folder that this module and the course's package lie in.
_ROOT = Path(__file__).parents[1]
#: So many problems of one module are looked for.
_MOST = 30


def find_problems(name: str) -> tuple[tuple[str, str, str], ...]:
    """What importing a module of the course, or one that it needs, finds missing or broken.

    Each problem is the name of a module outside, what it raised or an empty text if it is not
    there, and the folder of the course's file that imports it, empty if none does.

    After a problem the import is tried again with a stand-in for the module, so that the next one
    is found too. What else goes wrong is not told: a stub or a script may raise anything when it is
    imported. It may also catch an ImportError; then nothing is wrong.
    """
    stand_ins = _StandIns()
    sys.meta_path.insert(0, stand_ins)
    try:
        return tuple(_problems(name, stand_ins))
    finally:
        sys.meta_path.remove(stand_ins)
        for module in [m for m in sys.modules if stand_ins.has(m)]:
            del sys.modules[module]


def _problems(name: str, stand_ins: _StandIns) -> Iterable[tuple[str, str, str]]:
    for _ in range(_MOST):
        before = set(sys.modules)
        try:
            importlib.import_module(name)
        except (ImportError, OSError) as error:
            module, folder = _imported(error)
            if not module or stand_ins.has(module):
                return
            missing = isinstance(error, ModuleNotFoundError) and error.name
            yield missing or module, "" if missing else f"{type(error).__name__}: {error}", folder
            if module in sys.modules:  # the module is there, and a name in it is not
                return
            stand_ins.names.add(module)
        except BaseException:  # a script of the course may also end with SystemExit
            return
        else:
            return
        finally:
            if stand_ins.names:
                _forget(sys.modules.keys() - before, stand_ins)


def _imported(error: ImportError | OSError) -> tuple[str, str]:
    """The module outside whose import raised this, and the folder of the file that imports it.

    The name is empty if the course's own code raised it. Of modules outside that import each other
    the one counts that the course's file asks for.
    """
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    ours = [n for n, frame in enumerate(frames) if _is_below_root(frame.f_code.co_filename)]
    outside = [f for f in frames[ours[-1] + 1 :] if f.f_code.co_name == "<module>"]
    importer = Path(frames[ours[-1]].f_code.co_filename)
    folder = "" if importer == Path(__file__) else importer.parent.relative_to(_ROOT).as_posix()
    name = outside[0].f_globals.get("__name__") if outside else getattr(error, "name", None)
    return str(name or ""), folder


def _forget(modules: Iterable[str], stand_ins: _StandIns) -> None:
    """Let the next import read the course's modules again; some may hold a stand-in."""
    for name in modules:
        file = getattr(sys.modules[name], "__file__", None)
        if not stand_ins.has(name) and _is_below_root(str(file)):
            del sys.modules[name]


def _is_below_root(file: str) -> bool:
    return file.startswith(f"{_ROOT}{os.sep}")


class _StandIns(MetaPathFinder, Loader):
    """Finds an empty module under each of some names, and under all names below them."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def has(self, name: str) -> bool:
        """Whether a stand-in is found under this name."""
        return any(f"{name}.".startswith(f"{each}.") for each in self.names)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        return ModuleSpec(fullname, self, is_package=True) if self.has(fullname) else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _StandInModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Leave the module empty."""


class _StandInModule(ModuleType):
    """Has every name that is not special."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _StandIn()


class _StandIn:
    """Serves as a function, a class, a base class or a decorator in code that is only imported."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *_args: Any, **_kwargs: Any) -> Any:
        return self

    def __getitem__(self, _key: Any) -> Any:
        return self

    def __mro_entries__(self, _bases: tuple[Any, ...]) -> tuple[type, ...]:
        return ()
