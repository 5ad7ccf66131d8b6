"""The student's side of a `Student`: performs its operations on real objects.

Runs inside the sandbox, and in a student's own process under ``selfcheck``. Nothing here is a
secret and nothing here decides a grade.
"""

from __future__ import annotations

import functools
import importlib
import re
import sys
import traceback
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any, NoReturn

import numpy as np

from .errors import StudentError
from .locations import Locations
from .student import Name, Ref
from .values import ARRAY, FLAG, NUMBER, OBJECT, TEXT, kind

#: An iteration of more items than this is taken for one that never ends.
MAX_ITEMS = 10_000

#: Names that Python 2 had, and what Python 3 has for them.
_RENAMED = {
    "basestring": "str", "long": "int", "raw_input": "input", "reduce": "functools.reduce",
    "unichr": "chr", "unicode": "str", "xrange": "range",
}  # fmt: skip
_IMPORT_MODULES = ("importlib", "_frozen_importlib", "_frozen_importlib_external")


class Objects:
    """The table of things that checks hold handles of.

    Args:
        package: name of the student's package; a dotted `Name` is looked up below it.
        notebook: runs a notebook's set-up and answer cells and returns their namespace.
        places: where the variant keeps what has a place of its own.
    """

    def __init__(
        self, package: str, notebook: Callable[[str], Any], locations: Locations | None = None
    ) -> None:
        self._package = package
        self._notebook = notebook
        self._locations = locations or Locations()
        self._table: list[Any] = []

    def perform(self, op: str, operands: list[Any]) -> Any:
        """Perform one operation; the result is a value, a `Ref`, or a tuple of those.

        Raises StudentError for whatever the student's code raises, SystemExit included. A
        KeyboardInterrupt passes through: it is the person's at the keyboard.
        """
        try:
            return self._OPS[op](self, *map(self._resolve, operands))
        except StudentError:
            raise
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # a student's code may raise anything at all
            raise to_student_error(error) from None

    def _call(self, function: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        return self._export(function(*args, **kwargs))

    def _attribute(self, thing: Any, name: str) -> Any:
        return self._export(getattr(thing, name))

    def _set_attribute(self, thing: Any, name: str, value: Any) -> None:
        setattr(thing, name, value)

    def _item(self, thing: Any, key: Any) -> Any:
        return self._export(thing[key])

    def _set_item(self, thing: Any, key: Any, value: Any) -> None:
        thing[key] = value

    def _contains(self, thing: Any, key: Any) -> bool:
        return bool(key in thing)

    def _length(self, thing: Any) -> int:
        return len(thing)

    def _iterate(self, thing: Any) -> tuple[Any, ...]:
        items: list[Any] = []
        for item in thing:
            if len(items) == MAX_ITEMS:
                raise OverflowError(f"more than {MAX_ITEMS} items")
            items.append(self._export(item))
        return tuple(items)

    def _put(self, value: Any) -> Ref:
        return self._keep(value)

    def _get(self, thing: Any) -> Any:
        return self._copy_out(thing, depth=0)

    def _withhold(self, modules: list[str]) -> None:
        for name in modules:
            full = f"{self._package}.{name}"
            package, _, last = full.rpartition(".")
            sys.modules[full] = _Withheld(full)
            setattr(importlib.import_module(package), last, sys.modules[full])

    def _run_notebook(self, name: str) -> Ref:
        return self._keep(self._notebook(name))

    _OPS: Mapping[str, Callable[..., Any]] = {
        "call": _call,
        "attribute": _attribute,
        "set_attribute": _set_attribute,
        "item": _item,
        "set_item": _set_item,
        "contains": _contains,
        "length": _length,
        "iterate": _iterate,
        "put": _put,
        "get": _get,
        "withhold": _withhold,
        "notebook": _run_notebook,
    }

    def _keep(self, thing: Any) -> Ref:
        self._table.append(thing)
        return Ref(len(self._table) - 1, type(thing).__name__)

    def _resolve(self, operand: Any) -> Any:
        if isinstance(operand, Ref):
            return self._table[operand.number]
        if isinstance(operand, Name):
            return self._look_up(operand.path)
        if isinstance(operand, (list, tuple)):
            return type(operand)(self._resolve(element) for element in operand)
        if isinstance(operand, dict):
            return {key: self._resolve(element) for key, element in operand.items()}
        return operand

    def _look_up(self, path: str) -> Any:
        """Follow a dotted path below the package, importing modules on the way."""
        notebook, path = self._locations.find(path)
        if notebook:
            return functools.reduce(getattr, path.split("."), self._notebook(notebook))
        found: Any = importlib.import_module(self._package)
        where = self._package
        for part in path.split("."):
            missing = object()
            value = getattr(found, part, missing)
            found = self._import(where, part) if value is missing else value
            where = f"{where}.{part}"
        return found

    def _import(self, where: str, part: str) -> Any:
        name = f"{where}.{part}"
        try:
            return importlib.import_module(name)
        except ModuleNotFoundError as error:
            # Only the module sought may be missing; a broken import inside it is another matter.
            if error.name not in (name, where):
                raise
            raise StudentError("AttributeError", f"{where} does not define {part}") from None

    def _export(self, result: Any) -> Any:
        """Values as they are, a top-level tuple or list opened, everything else kept."""
        if isinstance(result, (tuple, list)) and len(result) <= MAX_ITEMS:
            return tuple(self._export_one(element) for element in result)
        return self._export_one(result)

    def _export_one(self, thing: Any) -> Any:
        return self._keep(thing) if kind(thing) == OBJECT else plain(thing)

    def _copy_out(self, thing: Any, depth: int) -> Any:
        if depth < 4 and isinstance(thing, (list, tuple)):
            return type(thing)(self._copy_out(element, depth + 1) for element in thing)
        if depth < 4 and isinstance(thing, dict):
            return {str(key): self._copy_out(item, depth + 1) for key, item in thing.items()}
        return self._export_one(thing)


class _Withheld(ModuleType):
    """Stands where a given module was; everything is found in it, and nothing can be called."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)

        def refuse(*_args: Any, **_kwargs: Any) -> NoReturn:
            raise RuntimeError(f"{self.__name__}.{name} is not to be used for this; write your own")

        return refuse


def plain(value: Any) -> Any:
    """A copy of a value in its plainest form: no array subclass, native byte order."""
    what = kind(value)
    if what == ARRAY or (what == NUMBER and isinstance(value, (np.ndarray, np.generic))):
        array = np.array(value, copy=True, subok=False)
        return array.astype(array.dtype.newbyteorder("="), copy=False)
    if what == FLAG:
        return bool(value)
    if what == TEXT:
        return str(value)
    if what == NUMBER and not isinstance(value, (int, float)):
        return float(value)
    return value


def to_student_error(error: BaseException) -> StudentError:
    """The student's exception as data, without the frames of this machinery."""
    frames = error.__traceback__
    while frames is not None and _ours(frames.tb_frame.f_globals.get("__name__", "")):
        frames = frames.tb_next
    try:
        lines = traceback.format_exception(type(error), error, frames)
        message = str(error)
    except BaseException:  # even the text of a student's exception is the student's code
        lines, message = [], ""
    missed = re.match(r"name '(\w+)' is not defined", message)
    if type(error) is NameError and missed and missed[1] in _RENAMED:
        message = f"{missed[0]}: that was Python 2; Python 3 has {_RENAMED[missed[1]]}"
    return StudentError(type(error).__name__, message, "".join(lines))


def _ours(module: str) -> bool:
    """Whether a frame at the top of a traceback is this machinery's or the import system's."""
    return module == __name__ or module.partition(".")[0] in _IMPORT_MODULES
