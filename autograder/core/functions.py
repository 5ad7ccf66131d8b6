"""The functions that a check gives the student's code as arguments, to be called back.

What goes to the student's side is a number or, for a function of NumPy's or `math`'s, a name. A
call comes back as plain values, and the function runs on the check's side.
"""

from __future__ import annotations

import builtins
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from .errors import CheckError
from .source_line import SourceLine
from .tables import Table
from .values import BYTES, CONTAINERS, FRACTION, NUMBER, OBJECT, TABLE, TEXT, describe, kind

#: How many calls one check answers: at least so many, and so many times what the reference made.
_MIN_CALLS, _TIMES_CALLS = 1_000, 100
#: How many calls of the reference are answered.
_MOST_CALLS = 100_000
#: An argument may be so many times as large as the largest of its kind that the reference sent, and
#: always that of so many elements.
_TIMES_SIZE, _MIN_SIZE = 10, 100
#: The bits of an integer that is not long.
_NUMBER_BITS = 64
#: In the place of a kind: how many values there are, all in all.
_VALUES = "values"
#: The modules whose functions go by name.
_LIBRARIES = {"numpy": np, "numpy.linalg": np.linalg, "numpy.fft": np.fft, "math": math}
_MAX_TEXT = 1_000
_FUNCTION_NAME = re.compile(r"[\w.<>]+\(\)")


@dataclass(frozen=True)
class FunctionRef:
    """What an argument of a request holds in the place of a function.

    Attributes:
        number: of the check's own function; -1 for one that goes by name.
        path: the name of a function of NumPy's or `math`'s, such as ``numpy.sin``.
    """

    number: int
    path: str = ""


@dataclass(frozen=True)
class FunctionUse:
    """How the reference called the functions of one check.

    Attributes:
        calls: how often, all in all.
        sizes: the kinds of values among the arguments, each with the largest size.
        uncalled: the places of the functions that were given and never called; not recorded.
    """

    calls: int = 0
    sizes: Mapping[str, int] = field(default_factory=dict)
    uncalled: tuple[str, ...] = field(default=(), compare=False)

    @property
    def kinds(self) -> list[str]:
        """The kinds of values that the student's code may give them."""
        return [word for word in self.sizes if word != _VALUES]

    @property
    def most_calls(self) -> int:
        """How many calls of the student's code are answered."""
        return max(_MIN_CALLS, _TIMES_CALLS * self.calls)


#: Of a check that gives no function, or whose function the reference does not call.
NEVER_CALLED = FunctionUse()


class Callback:
    """A function of a check's, which the student's code may call.

    The check may call it too; that is not counted.

    Attributes:
        calls: how often the student's code has called it.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.calls = 0

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.function(*args, **kwargs)

    @property
    def place(self) -> str:
        """Where it is written, for messages to its author; empty if it is not Python."""
        code = getattr(self.function, "__code__", None)
        return "" if code is None else f"{SourceLine(code.co_filename, code.co_firstlineno)}: "


class Functions:
    """All functions that one check has given.

    Args:
        allowed: how the reference called them; None while the reference itself is recorded.
    """

    def __init__(self, allowed: FunctionUse | None = None) -> None:
        self._allowed = allowed
        self._functions: list[Callback] = []
        self._calls = 0
        self._sizes: dict[str, int] = {}
        self._running: Callback | None = None
        self._nested: CheckError | None = None

    def __len__(self) -> int:
        return len(self._functions)

    @property
    def use(self) -> FunctionUse:
        """How they were called so far."""
        uncalled = tuple(f.place for f in self._functions if not f.calls)
        return FunctionUse(self._calls, dict(sorted(self._sizes.items())), uncalled)

    def permit(self, examples: Any) -> None:
        """Permit arguments of the kinds of these, up to their sizes, beside the reference's own.

        Raises CheckError if they are not a list of values.
        """
        if not isinstance(examples, (list, tuple)):
            raise CheckError(
                "takes= is a list of examples, such as takes=[np.zeros(100)], and not "
                f"{describe(examples)}"
            )
        for example in examples:
            sizes = _sizes([example])
            if OBJECT in sizes:
                raise CheckError(f"takes= holds what cannot be sent: {describe(example)}")
            self._note(sizes)

    def add(self, function: Callable[..., Any]) -> Callback:
        """The function as one that can be called back; the same one if it was added before."""
        for known in self._functions:
            if function is known or function is known.function:
                return known
        new = Callback(function)
        self._functions.append(new)
        return new

    def reference(self, function: Callable[..., Any]) -> FunctionRef:
        """What is sent in the place of a function."""
        path = _library_path(function)
        if path:
            return FunctionRef(-1, path)
        return FunctionRef(self._functions.index(self.add(function)))

    def admit(self, number: int, args: list[Any], kwargs: Mapping[str, Any]) -> None:
        """Count a call of the student's code.

        Raises TypeError if the arguments are not of the kinds that the reference sent, or much
        larger, and RuntimeError if there were too many calls.
        """
        allowed = self._allowed
        most = _MOST_CALLS if allowed is None else allowed.most_calls
        if self._calls >= most:
            raise RuntimeError(f"the callback was called more than {most} times")
        sizes = _sizes([*args, *kwargs.values()])
        if OBJECT in sizes:
            raise TypeError(f"the callback does not take this kind of argument: {OBJECT}")
        if allowed is not None:
            strange = [word for word in sizes if word not in allowed.sizes]
            if strange:
                word = next((word for word in strange if word != _VALUES), _VALUES)
                raise TypeError(
                    f"the callback does not take this kind of argument: {word}; it takes these: "
                    f"{', '.join(allowed.kinds) or 'none'}; the text of the assignment says what "
                    "to call it with"
                )
            for word, size in sizes.items():
                if size > _TIMES_SIZE * max(allowed.sizes[word], _MIN_SIZE):
                    raise TypeError(f"the callback does not take so large a value: {word}")
        self._note(sizes)
        self._calls += 1
        self._functions[number].calls += 1

    def _note(self, sizes: Mapping[str, int]) -> None:
        for word, size in sizes.items():
            self._sizes[word] = max(size, self._sizes.get(word, 0))

    def perform(self, number: int, args: list[Any], kwargs: Mapping[str, Any]) -> Any:
        """Call a function. Whatever it raises passes through.

        Raises CheckError if it asks for the student's code, whatever it does with that exception.
        """
        self._running = self._functions[number]
        try:
            return self._running.function(*args, **kwargs)
        finally:
            self._running = None
            self.raise_if_nested()

    def before_request(self) -> None:
        """Raise CheckError if a function is running: nobody would answer its request."""
        if self._running is not None:
            self.refuse_nested(
                f"{self._running.place}the function that the check gives asks for the student's "
                "code itself; give that as an argument of its own, or write the function without it"
            )
            self.raise_if_nested()

    def refuse_nested(self, reason: str) -> None:
        """Keep why a function cannot be called back, for `raise_if_nested`."""
        self._nested = CheckError(reason)

    def raise_if_nested(self) -> None:
        """Raise CheckError if a function has asked for the student's code."""
        if self._nested is not None:
            raise self._nested


def is_function(value: object) -> bool:
    """Whether an argument is a function to be called back; a class such as ``float`` is none."""
    return callable(value) and not isinstance(value, (type, np.generic))


def library_function(path: str) -> Any:
    """The function of this name, as `FunctionRef.path` has it."""
    module, _, name = path.rpartition(".")
    return getattr(_LIBRARIES[module], name)


def exception_in_words(error: BaseException) -> tuple[str, str]:
    """The name of an exception's built-in class, and its text.

    Python writes names of functions into the texts of errors: where a function was called with too
    few arguments, the name of the check that it stands in.
    """
    known = (cls.__name__ for cls in type(error).__mro__ if _is_exception(cls.__name__))
    alone = error.args[0] if len(error.args) == 1 else None  # the text of a KeyError is quoted
    text = alone if isinstance(alone, str) else str(error)
    text = _FUNCTION_NAME.sub("callback()", text[:_MAX_TEXT])
    return next(known, "RuntimeError"), text


def exception_from_words(name: str, text: str) -> Exception:
    """An exception of the built-in class of this name; RuntimeError if it cannot be made."""
    if _is_exception(name):
        try:
            made: Exception = getattr(builtins, name)(text)
        except TypeError:  # UnicodeDecodeError and the like take more than a text
            return ValueError(text)
        return made
    return RuntimeError(text)


def _is_exception(name: str) -> bool:
    found = getattr(builtins, name, None)
    return isinstance(found, type) and issubclass(found, Exception)


def _library_path(function: Callable[..., Any]) -> str:
    """The name of a function of NumPy's or `math`'s; empty for any other."""
    name = getattr(function, "__name__", "")
    for module, library in _LIBRARIES.items():
        if isinstance(name, str) and vars(library).get(name) is function:
            return f"{module}.{name}"
    return ""


def _sizes(values: list[Any]) -> dict[str, int]:
    """The kinds among some values, at any depth, each with the largest size.

    `_VALUES`, the first of them, is how many there are, all in all.
    """
    found = {_VALUES: 0}
    rest = list(values)
    while rest:
        value = rest.pop()
        found[_VALUES] += 1
        word = kind(value)
        found[word] = max(_size(value, word), found.get(word, 0))
        if isinstance(value, dict):
            rest += [*value, *value.values()]
        elif word in CONTAINERS:
            rest += value
        elif isinstance(value, Table):
            columns = (*value.columns, *value.index)
            found[_VALUES] += len(columns)
            for column in columns:  # an array or a range has as many cells as the table has rows
                rest += column.values if isinstance(column.values, list) else []
    return found


def _size(value: Any, word: str) -> int:
    """How large a value is, in a unit of its kind.

    Bits of a number, digits and exponent of a Decimal, elements of an array, characters of a text,
    bytes of an array of texts, items of a container or a range, rows of a table.
    """
    if word in (NUMBER, FRACTION):
        whole = (value.numerator, value.denominator) if isinstance(value, Fraction) else (value,)
        return max(_NUMBER_BITS, *(n.bit_length() for n in whole if isinstance(n, int)), 0)
    if isinstance(value, Decimal):
        _sign, digits, exponent = value.as_tuple()
        return len(digits) + (abs(exponent) if isinstance(exponent, int) else 0)
    if isinstance(value, range):  # `len` has no room for a long one
        return max(0, (value.stop - value.start) // value.step + 1)
    if isinstance(value, np.ndarray) and value.ndim:
        texts = value.dtype.kind in "US"
        return int(value.size) * (value.dtype.itemsize if texts else 1)
    if word in (TEXT, BYTES, TABLE, *CONTAINERS):
        return len(value)
    return 1
