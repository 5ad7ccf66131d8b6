"""The student's code as a remote object: a check calls it and gets values or handles back.

A check uses `Student` alone and cannot tell where the code runs. On a student's own computer the
transport is a table in the same process (``local.py``); in grading it leads into a sandbox.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from .asking import Asking
from .errors import StudentError
from .expressions import names_in
from .functions import Callback, Functions, FunctionUse, is_function
from .objects import to_student_error
from .picks import read_picks
from .plain import no_value, plain
from .remote import ATTRIBUTE, Handle, Name, Ref, RemoteName, subject_of
from .source_text import Sources, SourceText
from .stubs import EXCEPTION, stub_message, stubs_left
from .values import describe, is_pandas

#: The operations whose first operand is what the check asks for.
_NAMING = ("call", "attribute", "get", "printed", "raises", "figure")
#: The operations whose result tells a check nothing.
_WITHOUT_ANSWER = ("put", "withhold", "set_attribute", "set_item")


class TraceEntry(NamedTuple):
    """What one operation returned.

    Attributes:
        subject: what was called or read: a dotted name, or ``….name`` for an attribute or item of
            a handle.
        structure: of the answer, as `values.describe` words it.
    """

    subject: str
    structure: str

    @property
    def unpacked(self) -> tuple[str, str]:
        """The same for a tuple and a list of the same: Python unpacks both alike."""
        is_list = self.structure.startswith("[")
        return self.subject, f"({self.structure[1:-1]})" if is_list else self.structure


class Transport(Protocol):
    """Carries operations to the student's side."""

    def request(self, op: str, *operands: Any) -> Any:
        """Perform one operation of `objects.Objects` there and return its result.

        Returns a value, a `Ref`, or a tuple of those. Raises StudentError for the student's own
        exception, another StudentFault if their code did not return, anything else if we failed.
        """


class Student(Asking):
    """The student's package: ``student.layers.relu_forward(x)`` calls that function of it.

    A module of the package cannot be reached if it is named like something in `RESERVED_NAMES`.

    Args:
        transport: carries the calls to where the code runs.
        answers: the texts of answers in prose, by the id of their region.
        sources: gives the texts of what was handed in, once a check asks for one.
        functions: keeps those that the check gives as arguments.

    Attributes:
        trace: an entry for every operation that returned something, in order. The reference's
            trace is recorded: if a check breaks, it shows whether the submission had returned
            something of another structure.
        names_used: what the check called or fetched, in order: dotted names of the package, and
            ``….name`` for an attribute of a handle (see `ATTRIBUTE`), ``…`` for a call of one.
        notebooks_used: the notebooks that the check asked for.
        remarks: for staff, why a text that the check looked at may not be what is run.
        answered: whether the check got anything from the student's code yet.
    """

    def __init__(
        self,
        transport: Transport,
        answers: Mapping[str, str] | None = None,
        sources: Callable[[], Sources] = Sources,
        functions: Functions | None = None,
    ) -> None:
        self._transport = transport
        self._answers = answers or {}
        self._sources = sources
        self._functions = Functions() if functions is None else functions
        self.remarks: list[str] = []
        self.trace: list[TraceEntry] = []
        self.names_used: list[str] = []
        self.notebooks_used: list[str] = []
        self.answered = False

    def __getattr__(self, name: str) -> RemoteName:
        if name.startswith("__"):
            raise AttributeError(name)
        return RemoteName(self, name)

    def put(self, value: Any) -> Handle:
        """Leave a copy of a value on the student's side: an array, a list, a dictionary, a table.

        `get` then shows what the student's code changed in it in place.
        """
        return self._handle(self._request("put", value))

    def get(self, thing: Any) -> Any:
        """Fetch by value what a handle or a name stands for; containers come with their content.

        What is no value stays a handle, also inside of a container. An iterator's items come as a
        list, and are then taken. `objects` says what comes by value without this.
        """
        if isinstance(thing, RemoteName):
            return self._ask("get", Name(thing._path))
        return self._ask("get", thing)

    def picks(self, question: str) -> str:
        """The options picked in the answer to a question, sorted, as ``"1,3"``; no code is run.

        Raises StudentError if nothing is written there, or no picks.
        """
        text = self._answers.get(question, "")
        if not text.strip():
            raise StudentError(EXCEPTION, stub_message(question))
        return read_picks(text)

    def source(self, name: RemoteName | str) -> SourceText:
        """The text of a function, class or variable as it is written, with its syntax tree.

        It is read from what was handed in; no code is run, so that none can change it. What the
        name stands for when the code runs may be something else. Then there are `remarks`: it is
        bound twice, imported, decorated, or there is an ``exec``. Staff read them beside the
        check's result.

        Args:
            name: ``student.layers.relu`` or ``"layers.relu"``.

        Raises StudentError if nothing of this name is written, or nothing but a stub; with a module
        that is no Python, what an import of it raises.
        """
        path = name._path if isinstance(name, RemoteName) else name
        self.names_used.append(path)
        self.answered = True
        sources = self._sources()
        found = sources.find(path)
        if found is None:
            error = sources.why_unreadable(path)
            unknown = StudentError("AttributeError", f"no text of {path} can be read")
            raise to_student_error(error) if error else unknown
        if regions := stubs_left(textwrap.dedent(found.text)):
            raise StudentError(EXCEPTION, stub_message(regions[0]))
        self.remarks += [f"{found.place}: {remark}" for remark in found.remarks]
        return found

    def withhold(self, *modules: str) -> None:
        """Keep the student's code from using given modules; call it first in a check.

        Whatever of those modules is called raises a RuntimeError that says so. This has an effect
        in grading alone: a student's own process goes on after a check.
        """
        self._request("withhold", list(modules))

    def function(self, function: Callable[..., Any], *, takes: Sequence[Any] = ()) -> Callback:
        """A function to give as an argument; its `calls` tell how often it was called back.

        A function that is given as it stands is called back too, but for those of NumPy's and
        `math`'s: the student's side uses its own of the same name.

        Args:
            takes: examples of what else a right answer may call it with: an array of the largest
                size, say, where your own solution gives one number after the other. Values of
                other kinds than your own solution gives, or much larger ones, are refused.
        """
        self._functions.permit(takes)
        return self._functions.add(function)

    def notebook(self, name: str) -> Handle:
        """The names that a notebook's set-up and answer cells define, as attributes."""
        self.notebooks_used.append(name)
        return self._handle(self._request("notebook", name))

    @property
    def function_use(self) -> FunctionUse:
        """How the student's code has called the check's functions."""
        return self._functions.use

    def _handle(self, ref: Any) -> Handle:
        if not isinstance(ref, Ref):
            raise StudentError("TypeError", f"got {describe(ref)}, expected a reference")
        return Handle(self, ref)

    def _ask(self, op: str, *operands: Any) -> Any:
        result = self._request(op, *operands)
        subject = subject_of(operands)
        # If describing the answer fails, this entry stays; the reference has none like it.
        self.trace.append(TraceEntry(subject, "more than can be looked at"))
        answer = self._wrap(result)
        self.trace[-1] = TraceEntry(subject, describe(answer))
        return answer

    def _note(self, structure: str, *operands: Any) -> None:
        self.trace.append(TraceEntry(subject_of(operands), structure))

    def _request(self, op: str, *operands: Any) -> Any:
        if op in _NAMING:
            self.names_used.append(subject_of(operands))
        elif op == "eval":
            self.names_used += _names_evaluated(*operands)
        self._functions.before_request()
        try:
            answer = self._transport.request(op, *map(self._unwrap, operands))
        finally:  # the student's code may have caught the exception
            self._functions.raise_if_nested()
        self.answered |= op not in _WITHOUT_ANSWER
        return answer

    def _unwrap(self, operand: Any) -> Any:
        """Handles and functions inside an operand become what the transport carries."""
        if isinstance(operand, Handle):
            return operand._ref
        if isinstance(operand, RemoteName):
            return Name(operand._path)
        if isinstance(operand, tuple):
            return tuple(self._unwrap(element) for element in operand)
        if isinstance(operand, list):
            return [self._unwrap(element) for element in operand]
        if isinstance(operand, dict):
            return {key: self._unwrap(element) for key, element in operand.items()}
        if is_function(operand):
            return self._functions.reference(operand)
        # pandas has no place on the wire; `objects` makes one of its objects of a table again.
        return plain(operand, no_value) if is_pandas(operand) else operand

    def _wrap(self, answer: Any) -> Any:
        """References inside an answer become handles."""
        if isinstance(answer, Ref):
            return Handle(self, answer)
        if isinstance(answer, tuple):
            return tuple(self._wrap(element) for element in answer)
        if isinstance(answer, list):
            return [self._wrap(element) for element in answer]
        if isinstance(answer, dict):
            return {key: self._wrap(element) for key, element in answer.items()}
        return answer


def _names_evaluated(where: Any, expression: str) -> list[str]:
    """What an expression asks for, named as if the check had asked for each by itself."""
    if where is None:
        return names_in(expression)
    before = f"{where._path}." if isinstance(where, RemoteName) else ATTRIBUTE
    return [before + name for name in names_in(expression)]


class _Nowhere:
    """A transport that no operation goes through."""

    def request(self, op: str, *operands: Any) -> Any:
        raise NotImplementedError


#: The names that a `Student` has itself, so that no module of a student's package may have them.
RESERVED_NAMES = frozenset(n for n in dir(Student(_Nowhere())) if not n.startswith("__"))
