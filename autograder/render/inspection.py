"""One check on one submission in a terminal, with the values that a teaching assistant looks at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from rich.console import RenderableType
from rich.text import Text

from autograder.core.functions import FunctionRef
from autograder.core.remote import Name, Ref
from autograder.core.tables import Column, Table
from autograder.records import CheckResult
from autograder.render.clean_text import clean
from autograder.render.format_numbers import plural
from autograder.render.terminal import check_in_full

#: How many requests of a check are shown.
MAX_REQUESTS = 20
#: A list, a dictionary and the like are shown up to so many characters, a column of so many cells.
_MAX_TEXT, _MAX_CELLS = 2000, 20
_ARRAYS: dict[str, Any] = {"precision": 8, "threshold": 60, "edgeitems": 2}


@dataclass(frozen=True)
class Difference:
    """An observation that is not as expected."""

    name: str
    observed: Any
    expected: Any


@dataclass(frozen=True)
class Request:
    """What a check asked of the student's code: the operation, and its operands."""

    operation: str
    operands: tuple[Any, ...]


@dataclass(frozen=True)
class Source:
    """A text to read: what it is, and where it stands."""

    title: str
    text: str


@dataclass(frozen=True)
class Inspection:
    """One check on one submission, with everything that a teaching assistant may look at.

    Attributes:
        waits_for: the questions that may be why it failed; no other check was run.
        requests: what the check asked of the student's code, in order.
        sources: the check's own text, and those of the student's functions that it calls.
    """

    result: CheckResult
    waits_for: Sequence[str] = ()
    differences: Sequence[Difference] = ()
    requests: Sequence[Request] = ()
    sources: Sequence[Source] = ()


def inspection_parts(inspection: Inspection) -> Iterator[RenderableType]:
    """What to print, one below the other. The lines of a `Text` are to stay whole."""
    yield check_in_full(inspection.result)
    if inspection.waits_for:
        yield Text(
            f"It needs {', '.join(inspection.waits_for)}. A report calls this check skipped if a "
            "question that it needs earned nothing; here the check was run alone."
        )
    for different in inspection.differences:
        yield _titled(f"{different.name}, observed:", shown_value(different.observed))
        yield _titled(f"{different.name}, expected:", shown_value(different.expected))
    for request in inspection.requests[:MAX_REQUESTS]:
        yield _request(request)
    more = len(inspection.requests) - MAX_REQUESTS
    if more > 0:
        yield Text(f"\nand {plural(more, 'more request')}")
    for source in inspection.sources:
        yield _titled(source.title, source.text)


def shown_value(value: Any) -> str:
    """A value in words; long arrays are cut in the middle."""
    if isinstance(value, Ref):
        return f"<handle of a {value.type_name}>"
    if isinstance(value, Name):
        return value.path
    if isinstance(value, FunctionRef):
        return value.path or f"<function {value.number} of the check>"
    if isinstance(value, np.ndarray) and value.ndim:
        shown = np.array2string(value, separator=", ", **_ARRAYS)
        return f"{value.dtype}, shape {value.shape}\n{shown}"
    if isinstance(value, Table):
        return "\n".join(
            [value.describe(), *map(_column, value.index), *map(_column, value.columns)]
        )
    with np.printoptions(**_ARRAYS):
        text = repr(value.item() if isinstance(value, np.generic | np.ndarray) else value)
    half = _MAX_TEXT // 2
    return text if len(text) <= _MAX_TEXT else f"{text[:half]} … {text[-half:]}"


def _column(column: Column) -> str:
    values = column.values
    if isinstance(values, range):
        return f"{column.name!r}: {values}"
    cells = list(values[:_MAX_CELLS])
    more = ", …" if len(values) > _MAX_CELLS else ""
    return f"{column.name!r}: {', '.join(map(str, cells))}{more}"


def _request(request: Request) -> Text:
    if request.operation != "call":
        return _titled(f"{request.operation}:", "\n".join(map(shown_value, request.operands)))
    called, positional, named = request.operands
    inputs = [shown_value(value) for value in positional]
    inputs += [f"{name} = {shown_value(value)}" for name, value in named.items()]
    return _titled(f"call of {shown_value(called)}, with:", "\n".join(inputs))


def _titled(title: str, text: str) -> Text:
    return Text.assemble("\n", (clean(title), "bold"), "\n", clean(text))
