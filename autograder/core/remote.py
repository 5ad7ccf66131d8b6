"""What a check holds of the student's code: names below the package, and things that stay there.

Whatever is done with them is an operation on the student's side, which `student.Student` asks for.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from .errors import StudentError
from .values import describe

#: How many characters of a type's name a `Ref` keeps.
MAX_TYPE_NAME = 100


@dataclass(frozen=True)
class Ref:
    """A reference to an object that stays on the student's side, by its number there.

    Its type's name is for messages, and has `MAX_TYPE_NAME` characters at most.
    """

    number: int
    type_name: str = "object"


#: What stands before the name of an attribute of a handle, in `TraceEntry.subject`.
ATTRIBUTE = "…."


@dataclass(frozen=True)
class Name:
    """A dotted name inside the student's package: ``layers.relu_forward``."""

    path: str


class Asked(Protocol):
    """What asks for the operations: `student.Student`."""

    def _ask(self, op: str, *operands: Any) -> Any:
        """The answer of an operation, with handles for what stays on the student's side."""

    def _request(self, op: str, *operands: Any) -> Any:
        """Ask for an operation whose answer tells a check nothing."""

    def get(self, thing: Any) -> Any:
        """Fetch by value what a handle or a name stands for."""


class RemoteName:
    """A dotted name in the student's package that has not been looked up yet."""

    __slots__ = ("_path", "_student")

    def __init__(self, student: Asked, path: str) -> None:
        self._student = student
        self._path = path

    def __getattr__(self, name: str) -> RemoteName:
        if name.startswith("__"):
            raise AttributeError(name)
        return RemoteName(self._student, f"{self._path}.{name}")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._student._ask("call", Name(self._path), list(args), kwargs)

    def __repr__(self) -> str:
        return f"<student.{self._path}>"


class Handle:
    """An object that stays on the student's side; its attributes, items and methods are calls.

    ``==`` compares what it is by value, if it has one: a list, a dictionary or a set.
    """

    __slots__ = ("_ref", "_student")
    # Without this NumPy would take a handle for a sequence and fetch it element by element.
    __array_ufunc__ = None

    def __init__(self, student: Asked, ref: Ref) -> None:
        object.__setattr__(self, "_student", student)
        object.__setattr__(self, "_ref", ref)

    def __array__(self, *_args: Any, **_kwargs: Any) -> Any:
        raise TypeError(f"got a {self._ref.type_name}, expected an array")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._student._ask("call", self, list(args), kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._student._ask("attribute", self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._student._request("set_attribute", self, name, value)

    def __getitem__(self, key: Any) -> Any:
        return self._student._ask("item", self, key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._student._request("set_item", self, key, value)

    def __contains__(self, key: Any) -> bool:
        found = self._student._ask("contains", self, key)
        if not isinstance(found, bool):
            raise StudentError("TypeError", f"got {describe(found)}, expected a flag")
        return found

    def __len__(self) -> int:
        length = self._student._ask("length", self)
        if type(length) is not int or not 0 <= length <= sys.maxsize:
            raise StudentError("TypeError", f"got {describe(length)}, expected a length")
        return length

    def __iter__(self) -> Iterator[Any]:
        items = self._student._ask("iterate", self)
        if not isinstance(items, tuple):
            raise StudentError("TypeError", f"got {describe(items)}, expected items")
        return iter(items)

    def __bool__(self) -> bool:
        return True

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Handle):
            return self._student is other._student and self._ref.number == other._ref.number
        value = self._student.get(self)
        return not isinstance(value, Handle) and bool(value == other)

    def __hash__(self) -> int:
        return hash(self._ref.number)

    def __repr__(self) -> str:
        return f"<handle of a {self._ref.type_name}>"


def subject_of(operands: tuple[Any, ...]) -> str:
    """What an operation is about, for a trace: a name, or an attribute or item of a handle."""
    first = operands[0] if operands else ""
    if isinstance(first, Name):
        return first.path
    if isinstance(first, RemoteName):
        return first._path
    rest = operands[1] if len(operands) > 1 and isinstance(operands[1], str) else ""
    return f"{ATTRIBUTE}{rest}" if rest else "…"
