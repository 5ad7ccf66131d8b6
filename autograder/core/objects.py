"""The student's side of a `Student`: performs its operations on real objects.

It runs inside the sandbox, and with ``selfcheck`` in a student's own process. Nothing here is
secret, and nothing here decides a grade.

What comes by value, and what as a handle:

- What `values` calls a value, and no container, always comes by value: a number, an array, a table.
- A list, a dictionary or a set that a *call* returns comes by value with all that it holds, if all
  of that is values: ``student.count(words)["the"]``. If it is not, a list comes element by element.
- A tuple that a call returns comes element by element. A container in it stays as a handle:
  ``out, cache = student.forward(x)``. Given back to the student's code, it is the very object.
- A dictionary or a set that is an attribute or an item of a handle, or was left by `Student.put`,
  stays as a handle, because a check may change it: ``model.params["W1"] = w``. A list or a tuple
  comes element by element.
- An iterator stays as a handle, because taking its items changes it.
- `Student.get`, and an observation that a check returns, fetch a handle by value.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import linecache
import platform
import sys
import traceback
from collections.abc import Callable, Mapping
from types import ModuleType, TracebackType
from typing import Any, NoReturn, TypeAlias

import numpy as np

from .drawing import drawn_by
from .errors import NotPlain, StudentError
from .expressions import evaluate
from .functions import FunctionRef, library_function
from .locations import Locations
from .package_alias import is_module
from .pandas_tables import pandas_of
from .plain import plain, plain_values, taken
from .printed import printed_by
from .python_2 import python_2_hint
from .remote import MAX_TYPE_NAME, Name, Ref
from .stubs import beside_stub_message, code_beside_stub
from .tables import Table
from .values import CONTAINERS, MAX_ITEMS, OBJECT, class_name, kind, type_name
from .written_file import read_written

#: How many characters of an exception's text a check gets.
MAX_RAISED_TEXT = 4000

CallBack: TypeAlias = Callable[[int, list[Any], dict[str, Any]], Any]

_IMPORT_MODULES = ("importlib", "_frozen_importlib", "_frozen_importlib_external")


class Objects:
    """The table of objects that checks hold handles of.

    Args:
        package: the name of the student's package; a dotted `Name` is looked up below it.
        notebook: runs a notebook's set-up and answer cells and returns their namespace.
        locations: where the variant keeps what it has elsewhere than the reference.
        call_back: calls a function of the check's, by its number, with positional and named
            arguments.
    """

    def __init__(
        self,
        package: str,
        notebook: Callable[[str], Any],
        locations: Locations | None = None,
        call_back: CallBack | None = None,
    ) -> None:
        self._package = package
        self._notebook = notebook
        self._locations = locations or Locations()
        self._call_back = call_back
        self._functions: dict[int, Callable[..., Any]] = {}
        self._table: list[Any] = []

    def perform(self, op: str, operands: list[Any]) -> Any:
        """Perform one operation; the result is a value, a `Ref`, or a tuple of those.

        Raises StudentError for whatever the student's code raises, SystemExit included. Only a
        KeyboardInterrupt passes through: it comes from the person at the keyboard.
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
        result = function(*args, **kwargs)
        if kind(result) in CONTAINERS and not isinstance(result, tuple):
            with contextlib.suppress(NotPlain):
                return plain(result)
        return self._export(result)

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
        return plain(taken(thing), self._keep)

    def _printed(self, function: Any, args: list[Any], kwargs: dict[str, Any]) -> str:
        return printed_by(lambda: function(*args, **kwargs))

    def _raises(self, function: Any, args: list[Any], kwargs: dict[str, Any]) -> list[str]:
        """The text of what a call raises and the names of its classes; none if it returns."""
        try:
            function(*args, **kwargs)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # a student's code may raise anything at all
            found = to_student_error(error)
            if found.unwritten:
                raise found from None
            kinds = [class_name(above)[:MAX_TYPE_NAME] for above in type(error).__mro__[:20]]
            return [found.message[:MAX_RAISED_TEXT], *kinds]
        return [""]

    def _figure(self, function: Any, args: list[Any], kwargs: dict[str, Any]) -> dict[str, Any]:
        return drawn_by(lambda: function(*args, **kwargs))

    def _eval(self, where: Any, expression: str) -> Any:
        if where is None:
            notebooks = set(self._locations.cells.values())
            only = next(iter(notebooks)) if len(notebooks) == 1 else ""
            where = self._notebook(only) if only else importlib.import_module(self._package)
        return self._export(evaluate(expression, where))

    def _file(self, path: str) -> Any:
        return np.frombuffer(read_written(path), np.uint8)

    def _withhold(self, modules: list[str]) -> None:
        full_names = [f"{self._package}.{name}" for name in modules]
        # All of them first: importing a package may run the student's code, which asks for them.
        sys.modules.update((full, _Withheld(full)) for full in full_names)
        for full in full_names:
            package, _, last = full.rpartition(".")
            setattr(importlib.import_module(package), last, sys.modules[full])

    def _is_module(self, name: str) -> bool:
        return is_module(name)

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
        "printed": _printed,
        "raises": _raises,
        "figure": _figure,
        "eval": _eval,
        "file": _file,
        "withhold": _withhold,
        "is_module": _is_module,
        "notebook": _run_notebook,
    }

    def _keep(self, thing: Any) -> Ref:
        self._table.append(thing)
        return Ref(len(self._table) - 1, type_name(thing)[:MAX_TYPE_NAME])

    def _resolve(self, operand: Any) -> Any:
        if isinstance(operand, Ref):
            return self._table[operand.number]
        if isinstance(operand, Name):
            return self._look_up(operand.path)
        if isinstance(operand, FunctionRef):
            return library_function(operand.path) if operand.path else self._given(operand.number)
        if isinstance(operand, (list, tuple)):
            return type(operand)(self._resolve(element) for element in operand)
        if isinstance(operand, dict):
            return {key: self._resolve(element) for key, element in operand.items()}
        return pandas_of(operand) if isinstance(operand, Table) else operand

    def _given(self, number: int) -> Callable[..., Any]:
        """What stands for a function of the check's; always the same for one number."""

        def callback(*args: Any, **kwargs: Any) -> Any:
            if self._call_back is None:
                raise RuntimeError("a function of a check cannot be called here")
            answer = self._call_back(number, plain_values(list(args)), plain_values(kwargs))
            return self._resolve(answer)  # a table becomes one of pandas' objects

        return self._functions.setdefault(number, callback)

    def _look_up(self, path: str) -> Any:
        """Follow a dotted path below the package, importing modules on the way."""
        notebook, path = self._locations.find(path)
        if notebook:
            return functools.reduce(getattr, path.split("."), self._notebook(notebook))
        found: Any = self._import_package(path)
        where = self._package
        for part in path.split("."):
            missing = object()
            value = getattr(found, part, missing)
            found = self._import(where, part) if value is missing else value
            where = f"{where}.{part}"
        return found

    def _import_package(self, path: str) -> ModuleType:
        try:
            return importlib.import_module(self._package)
        except ModuleNotFoundError as error:
            # An assignment whose answers are all in notebooks has no package.
            if error.name != self._package:
                raise
            raise StudentError("NameError", f"{path} is not defined") from None

    def _import(self, where: str, part: str) -> Any:
        name = f"{where}.{part}"
        try:
            return importlib.import_module(name)
        except ModuleNotFoundError as error:
            # Another module is missing: an import inside the student's module is broken.
            if error.name not in (name, where):
                raise
            raise StudentError("AttributeError", f"{where} does not define {part}") from None

    def _export(self, result: Any) -> Any:
        """A result to send: values as they are, other objects kept in the table as a `Ref`.

        A tuple or list is sent element by element.
        """
        if isinstance(result, tuple) and tuple.__len__(result) <= MAX_ITEMS:
            return tuple(self._export_one(element) for element in tuple.__iter__(result))
        if isinstance(result, list) and list.__len__(result) <= MAX_ITEMS:
            return [self._export_one(element) for element in list.__iter__(result)]
        return self._export_one(result)

    def _export_one(self, thing: Any) -> Any:
        if kind(thing) in (OBJECT, *CONTAINERS):
            return self._keep(thing)
        try:
            return plain(thing)
        except NotPlain:  # a table with a cell that is no value
            return self._keep(thing)


class _Withheld(ModuleType):
    """Replaces a given module: it has every name, and whatever is called in it raises."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)

        def refuse(*_args: Any, **_kwargs: Any) -> NoReturn:
            raise RuntimeError(f"{self.__name__}.{name} is not to be used for this; write your own")

        return refuse


def to_student_error(error: BaseException) -> StudentError:
    """The student's exception as data, without the frames of this module and of imports."""
    frames = error.__traceback__
    while frames is not None and _is_ours(frames.tb_frame.f_globals.get("__name__", "")):
        frames = frames.tb_next
    try:
        lines = traceback.format_exception(type(error), error, frames, limit=_own_frames(frames))
        message = str(error)
    except BaseException:  # making the text of a student's exception may run the student's code
        lines, message = [], ""
    hint = python_2_hint(type(error), message)
    message = f"{message}: {hint}" if hint else message
    if type(error) is SyntaxError:  # a newer Python may read it
        message = f"{message}; it was read by Python {platform.python_version()}"
    found = StudentError(type(error).__name__, message, "".join(lines))
    if found.unwritten and _is_beside_code(found.unwritten, frames):
        return StudentError(found.kind, beside_stub_message(found.unwritten), found.traceback)
    return found


def _own_frames(frames: TracebackType | None) -> int | None:
    """How many frames come before a call of a callback or a refusal; None without one."""
    walked = (frame.f_globals.get("__name__") for frame, _ in traceback.walk_tb(frames))
    return next((number for number, name in enumerate(walked) if name == __name__), None)


def _is_beside_code(region: str, frames: TracebackType | None) -> bool:
    """Whether the stub that was raised in the last of these frames was left beside an answer."""
    if frames is None:
        return False
    *_, (frame, number) = traceback.walk_tb(frames)
    return code_beside_stub(linecache.getlines(frame.f_code.co_filename), number, region)


def _is_ours(module: str) -> bool:
    """Whether a frame belongs to this package or to Python's import system."""
    return module.startswith(f"{__package__}.") or module.partition(".")[0] in _IMPORT_MODULES
