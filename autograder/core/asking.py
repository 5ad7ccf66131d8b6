"""What a check can ask of the student's code beside calls: what it prints, draws, writes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import numpy as np

from .errors import StudentError
from .figures import Figure, read_figure
from .raised import Raised, read_raised
from .values import describe


class Asking(ABC):
    """The part of `student.Student` that asks for more than the result of a call.

    A function is given as ``student.greet`` or as a handle; its arguments follow, as in a call.
    """

    def printed(self, function: Any, *args: Any, **kwargs: Any) -> str:
        """What a call prints, as text. What the function returns is dropped.

        Raises StudentError for whatever the call raises, and if it prints more than 500,000
        characters.
        """
        text = self._request("printed", function, list(args), kwargs)
        self._note("text", function)
        return str(_expected(str, text))

    def raises(self, function: Any, *args: Any, **kwargs: Any) -> Raised:
        """What a call raises: the name of the exception's class, and ``"nothing"`` if none.

        Its ``text`` is that of the exception, ``is_a("ValueError")`` is true for classes derived
        from it, too. Raises StudentError if the function is not there or is an untouched stub.
        """
        raised = read_raised(self._request("raises", function, list(args), kwargs))
        self._note("text", function)
        if raised is None:
            raise StudentError("TypeError", "got something else than what was raised")
        return raised

    def figure(self, function: Any, *args: Any, **kwargs: Any) -> Figure:
        """What a call draws with matplotlib, as a record of plain values.

        It is the figure that the call returns, alone or beside its axes, or else the current one of
        pyplot. Nothing is shown. Raises StudentError if nothing was drawn.
        """
        values = self._request("figure", function, list(args), kwargs)
        self._note("figure", function)
        return read_figure(values)

    def eval(self, expression: str, where: Any = None) -> Any:
        """The value of an expression in the namespace of a module or notebook of the student's.

        It must be a literal of the check, and is evaluated on the student's side alone.

        Args:
            where: ``student.layers`` or ``student.notebook("Book")``. By default it is the only
                notebook in which checks have something, else the package itself.
        """
        return self._ask("eval", where, expression)

    def file(self, path: str) -> str:
        """The text of a file that the student's code wrote, in UTF-8, with plain line ends.

        Args:
            path: relative to the folder in which the code runs.

        Raises StudentError if there is no such plain file, if it has more than 8 MiB or is no text.
        """
        data = self.file_bytes(path)
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise StudentError(
                "UnicodeDecodeError", f"{path} is no text in UTF-8: {error}"
            ) from None
        return text.replace("\r\n", "\n")

    def file_bytes(self, path: str) -> bytes:
        """The content of a file that the student's code wrote; see `file`."""
        content = self._request("file", path)
        self._note("file", path)
        array = _expected(np.ndarray, content)
        if array.dtype != np.uint8 or array.ndim != 1:
            raise StudentError("TypeError", f"got {describe(array)}, expected a file's bytes")
        return bytes(array)

    @abstractmethod
    def _request(self, op: str, *operands: Any) -> Any:
        """Perform an operation on the student's side."""

    @abstractmethod
    def _ask(self, op: str, *operands: Any) -> Any:
        """Perform an operation; its answer is noted in the trace, with handles in it."""

    @abstractmethod
    def _note(self, structure: str, *operands: Any) -> None:
        """Note in the trace the structure of what an operation returned."""


def _expected(wanted: type[Any], answer: Any) -> Any:
    """The answer. Raises StudentError if it is of another class."""
    if type(answer) is not wanted:
        raise StudentError("TypeError", f"got {describe(answer)}, expected {wanted.__name__}")
    return answer
