"""Searches released files for what stands in ``grader_data/``: whole files, lines, values.

What is searched for is written as it stands there, or as the same values in another form: binary,
or digits with a comma, a space or a line's end between them. Values in another order are not found.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from plumb.leak_audit import LABELS
from plumb.opened_files import contents

#: So many consecutive lines prove a leak if together they are as long as one telling line.
LINES = 3
#: So many consecutive values, written in digits, prove a leak; so many numbers with a fraction.
VALUES, FRACTIONS = 8, 4
#: Shorter lines, such as ``3,setosa``, stand in many tables.
TELLING = 24
#: A shorter file is only searched for as a whole.
SHORTEST_FILE = 24


def grader_data_leaks(files: Mapping[str, bytes], secret: Mapping[str, bytes]) -> list[str]:
    """A sentence for every place where something of the grader's data stands.

    Args:
        files: what students get.
        secret: the files of ``grader_data/``. Archives and compressed files are opened on both
            sides.
    """
    wholes: dict[bytes, str] = {}
    lines: dict[str, str] = {}
    values: dict[bytes, str] = {}
    for name, data in contents(secret):
        source = name.partition("!")[0]
        if data.strip():
            wholes[data] = source
        for line in _telling_lines(data):
            lines.setdefault(line, source)
        for column in _columns(data):
            for probe in _value_probes(column):
                values.setdefault(probe, source)
    found = []
    for place, data in contents(files):
        what = _found_in(data, wholes, lines, values)
        found += [f"{place}: {text}; only graders may have this" for text in what]
    return found


def _found_in(
    data: bytes,
    wholes: Mapping[bytes, str],
    lines: Mapping[str, str],
    values: Mapping[bytes, str],
) -> Iterator[str]:
    """What of the grader's data stands in a file, at most a sentence for each of its files."""
    told = set()
    for whole, name in wholes.items():
        if data == whole or (len(whole) >= SHORTEST_FILE and whole in data):
            told.add(name)
            yield f"the file grader_data/{name} stands here"
    for line in _telling_lines(data):
        if (name := lines.get(line, "")) and name not in told:
            told.add(name)
            yield f"lines of grader_data/{name} stand here: {line[:60]!r}"
    for probe, name in values.items():
        if name not in told and probe in data:
            told.add(name)
            yield f"values of grader_data/{name} stand here"


def _telling_lines(data: bytes) -> Iterator[str]:
    """The long lines of a text, and each few consecutive lines that are long together."""
    text = _text(data)
    if text is None:
        return
    bare = ("".join(line.split()).lstrip("#") for line in text.splitlines())
    lines = [line for line in bare if line]
    for number, line in enumerate(lines):
        if len(line) >= TELLING:
            yield line
        together = "\n".join(lines[number : number + LINES])
        if len(together) >= TELLING and number + LINES <= len(lines):
            yield together


def _text(data: bytes) -> str | None:
    """The text of a file; None if it is none."""
    try:
        return None if b"\0" in data else data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def _columns(data: bytes) -> Iterator[list[Any]]:
    """The values of an array, or those of each column of a table, in order."""
    if data.startswith(b"\x93NUMPY"):
        try:
            array = np.load(io.BytesIO(data), allow_pickle=False)
        except (ValueError, EOFError):
            return
        yield array.ravel()[:LABELS].tolist()
        return
    text = _text(data)
    if text is None:
        return
    for delimiter in ",;\t":
        rows = list(csv.reader(text.splitlines()[: LABELS + 1], delimiter=delimiter))
        for column in zip(*(row for row in rows if row), strict=False):
            yield [cell.strip() for cell in column][1:]  # the first line may be a heading


def _value_probes(column: Sequence[Any]) -> Iterator[bytes]:
    """Byte strings that prove that the values of a column stand somewhere."""
    numbers = _numbers(column)
    fractions = numbers is not None and bool(np.any(numbers != np.round(numbers)))
    least = FRACTIONS if fractions else VALUES
    if len(set(column)) < 2 or len(column) < least or _counts(numbers):
        return
    for written in _spellings(column, numbers):
        for separator in (",", ", ", " ", "\n", "\t"):
            yield separator.join(written).encode()
    if numbers is None or not np.all(np.isfinite(numbers)):
        return
    if fractions:
        yield numbers.tobytes()
        yield numbers.astype(np.float32).tobytes()
    elif len(column) >= LABELS and np.all(np.abs(numbers) < 2**31):
        smallest = (np.uint8, np.int16) if np.all((numbers >= 0) & (numbers < 256)) else ()
        for dtype in (*smallest, np.int32, np.int64, np.float32, np.float64):
            yield numbers.astype(dtype).tobytes()


def _spellings(column: Sequence[Any], numbers: np.ndarray[Any, Any] | None) -> Iterable[list[str]]:
    """How the values of a column may be written."""
    yield [str(value) for value in column]
    if numbers is None:
        yield [repr(value) for value in column]
        yield [f'"{value}"' for value in column]
    elif np.all(np.isfinite(numbers)) and np.all(numbers == np.round(numbers)):
        yield [str(int(value)) for value in numbers]


def _numbers(column: Sequence[Any]) -> np.ndarray[Any, Any] | None:
    """A column as float64 numbers; None if some are none."""
    try:
        return np.array([float(value) for value in column])
    except (TypeError, ValueError, OverflowError):
        return None


def _counts(numbers: np.ndarray[Any, Any] | None) -> bool:
    """Whether numbers only count, as the ids of rows do."""
    return numbers is not None and len(set(np.diff(numbers).tolist())) <= 1
