"""The student's code as a remote object: calls go out, values or handles come back.

A check is written against `Student` alone and cannot tell where the code runs. On a student's own
laptop the transport is a table in the same process (``local.py``); in grading it is a sandbox.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from .errors import StudentError
from .picks import read_picks
from .stubs import EXCEPTION, stub_message
from .values import describe


@dataclass(frozen=True)
class Ref:
    """A thing that stayed on the student's side, by the number it has there."""

    number: int
    type_name: str = "object"


@dataclass(frozen=True)
class Name:
    """A thing by its dotted name inside the student's package: ``layers.relu_forward``."""

    path: str


class Transport(Protocol):
    """The way to the student's side."""

    def request(self, op: str, *operands: Any) -> Any:
        """Perform one operation of `objects.Objects` there and return what came of it.

        Returns a value, a `Ref`, or a tuple of those. Raises StudentError for the student's own
        exception, another StudentFault if their code did not return, anything else if we failed.
        """


class Student:
    """The root: ``student.layers.relu_forward(x)`` calls that function of the student's package.

    Args:
        answers: the texts of answers in prose, by the id of their region.

    Attributes:
        trace: the structure of everything that came back, in order; recorded with the reference,
            it tells a submission that returned something else from a check that is broken.
        asked: the names that were asked for in the package, in order.
    """

    def __init__(self, transport: Transport, answers: Mapping[str, str] | None = None) -> None:
        self._transport = transport
        self._answers = answers or {}
        self.trace: list[str] = []
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> RemoteName:
        if name.startswith("__"):
            raise AttributeError(name)
        return RemoteName(self, name)

    def put(self, value: Any) -> Handle:
        """Leave a copy of an array, or of a dictionary or list of values, on the student's side.

        What the student's code does to it in place can be looked at with `get`.
        """
        return self._handle(self._request("put", value))

    def get(self, thing: Any) -> Any:
        """Fetch by value what a handle or a name stands for; containers come with their content."""
        if isinstance(thing, RemoteName):
            return self._ask("get", Name(thing._path))
        return self._ask("get", thing)

    def picks(self, question: str) -> str:
        """The options picked in a question's answer, sorted, as ``"1,3"``; nothing is run for it.

        Raises StudentError if nothing is written there, or no picks.
        """
        text = self._answers.get(question, "")
        if not text.strip():
            raise StudentError(EXCEPTION, stub_message(question))
        return read_picks(text)

    def withhold(self, *modules: str) -> None:
        """Keep given modules from answering for the student; before anything else of a check.

        Whatever of theirs is called raises a RuntimeError that says so. In grading alone: a
        student's own process goes on after a check.
        """
        self._request("withhold", list(modules))

    def notebook(self, name: str) -> Handle:
        """The names that a notebook's set-up and answer cells define, as attributes."""
        return self._handle(self._request("notebook", name))

    def _handle(self, ref: Any) -> Handle:
        if not isinstance(ref, Ref):
            raise StudentError("TypeError", f"{describe(ref)} came where an object was left behind")
        return Handle(self, ref)

    def _ask(self, op: str, *operands: Any) -> Any:
        came = self._request(op, *operands)
        # First this, which nothing is expected to be: it stays if looking at the answer fails.
        self.trace.append(f"{_subject(operands)} -> more than can be looked at")
        answer = self._wrap(came)
        self.trace[-1] = f"{_subject(operands)} -> {describe(answer)}"
        return answer

    def _request(self, op: str, *operands: Any) -> Any:
        self.asked += (o.path for o in operands if isinstance(o, Name))
        return self._transport.request(op, *map(_unwrap, operands))

    def _wrap(self, answer: Any) -> Any:
        if isinstance(answer, Ref):
            return Handle(self, answer)
        if isinstance(answer, tuple):
            return tuple(self._wrap(element) for element in answer)
        if isinstance(answer, list):
            return [self._wrap(element) for element in answer]
        if isinstance(answer, dict):
            return {key: self._wrap(element) for key, element in answer.items()}
        return answer


class RemoteName:
    """A dotted name in the student's package that has not been looked up yet."""

    __slots__ = ("_path", "_student")

    def __init__(self, student: Student, path: str) -> None:
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
    """A thing that stays on the student's side; its attributes, items and methods are calls."""

    __slots__ = ("_ref", "_student")
    # Without these NumPy would take a handle for a sequence and fetch it element by element.
    __array_ufunc__ = None

    def __init__(self, student: Student, ref: Ref) -> None:
        object.__setattr__(self, "_student", student)
        object.__setattr__(self, "_ref", ref)

    def __array__(self, *_args: Any, **_kwargs: Any) -> Any:
        raise TypeError(f"a {self._ref.type_name} where an array was expected")

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
        return self._student._ask("contains", self, key) is True

    def __len__(self) -> int:
        length = self._student._ask("length", self)
        if not isinstance(length, int) or length < 0:
            raise StudentError("TypeError", f"{describe(length)} came as a length")
        return length

    def __iter__(self) -> Iterator[Any]:
        return iter(self._student._ask("iterate", self))

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        return f"<handle of a {self._ref.type_name}>"


def _unwrap(operand: Any) -> Any:
    """Handles inside an operand become the references that the transport carries."""
    if isinstance(operand, Handle):
        return operand._ref
    if isinstance(operand, RemoteName):
        return Name(operand._path)
    if isinstance(operand, tuple):
        return tuple(_unwrap(element) for element in operand)
    if isinstance(operand, list):
        return [_unwrap(element) for element in operand]
    if isinstance(operand, dict):
        return {key: _unwrap(element) for key, element in operand.items()}
    return operand


def _subject(operands: tuple[Any, ...]) -> str:
    """What was asked about, for the trace: a name, or an attribute or item of some handle."""
    first = operands[0] if operands else ""
    if isinstance(first, Name):
        return first.path
    rest = operands[1] if len(operands) > 1 and isinstance(operands[1], str) else ""
    return f"….{rest}" if rest else "…"
