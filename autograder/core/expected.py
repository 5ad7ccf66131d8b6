"""Expected outputs as two files: arrays in ``expected.npz``, the rest in ``expected.json``.

There is no pickle. A value that JSON has no form for is written as an entry with its kind's name.
"""

from __future__ import annotations

import base64
import datetime
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from .functions import NEVER_CALLED, FunctionUse
from .judge import Expected
from .student import TraceEntry
from .tables import from_parts
from .values import (
    ARRAY,
    BYTES,
    DATE,
    DATETIME,
    DECIMAL,
    DICT,
    FRACTION,
    LIST,
    NUMBER,
    RANGE,
    SET,
    TABLE,
    TIME,
    TIMEDELTA,
    TUPLE,
    kind,
)  # fmt: skip


def encode_expected(expected: Mapping[str, Expected]) -> dict[str, bytes]:
    """The contents of the two files by name; the same values give the same bytes."""
    arrays: dict[str, Any] = {}
    index = {
        check: {
            "observations": {name: _entry(v, arrays) for name, v in recorded.observations.items()},
            "trace": [[step.subject, step.structure] for step in recorded.trace],
            **_use_entry(recorded.use),
        }
        for check, recorded in expected.items()
    }
    text = json.dumps(index, indent=1, allow_nan=False, sort_keys=False)
    return {"expected.json": text.encode(), "expected.npz": _npz(arrays)}


def _use_entry(use: FunctionUse) -> dict[str, Any]:
    """How functions were called, for a check that has any."""
    return {} if use == NEVER_CALLED else {"use": [use.calls, dict(use.sizes)]}


def _entry(value: Any, arrays: dict[str, Any]) -> dict[str, Any]:
    """A value for the JSON file; arrays are added to `arrays`."""
    found = kind(value)
    if found == ARRAY or (isinstance(value, np.generic) and found in (DATETIME, TIMEDELTA)):
        key = f"a{len(arrays)}"
        arrays[key] = np.asarray(value)
        return {"array": key}
    if found == NUMBER:
        number = np.asarray(value).item() if not isinstance(value, int) else value
        if isinstance(number, complex):
            return {"complex": [number.real, number.imag]}
        return {"number": number}
    if found in (LIST, TUPLE):
        return {found: [_entry(item, arrays) for item in value]}
    if found == DICT:
        return {DICT: [[_entry(k, arrays), _entry(v, arrays)] for k, v in value.items()]}
    if found == SET:
        entries = [_entry(item, arrays) for item in value]
        return {SET: sorted(entries, key=json.dumps), "frozen": isinstance(value, frozenset)}
    if found == TABLE:
        return {TABLE: _entry(value.parts(), arrays)}
    if found in _TO_JSON:
        return {found: _TO_JSON[found](value)}
    return {"value": value}


def _value(entry: Mapping[str, Any], arrays: Mapping[str, Any]) -> Any:
    """The value of an entry."""
    (found, content), *_ = entry.items()
    if found == "array":
        array = arrays[content]
        return array if array.ndim else array[()]
    if found in ("number", "value"):
        return content
    if found == "complex":
        return complex(*content)
    if found == DICT:
        return {_value(k, arrays): _value(v, arrays) for k, v in content}
    if found == TABLE:
        return from_parts(_value(content, arrays))
    if found in (LIST, TUPLE, SET):
        items = [_value(item, arrays) for item in content]
        if found == SET:
            return frozenset(items) if entry["frozen"] else set(items)
        return items if found == LIST else tuple(items)
    return _FROM_JSON[found](content)


_TO_JSON: dict[str, Callable[[Any], Any]] = {
    BYTES: lambda value: base64.b64encode(value).decode(),
    DECIMAL: str,
    FRACTION: lambda value: [value.numerator, value.denominator],
    RANGE: lambda value: [value.start, value.stop, value.step],
    DATE: lambda value: value.isoformat(),
    TIME: lambda value: value.isoformat(),
    DATETIME: lambda value: value.isoformat(),
    TIMEDELTA: lambda value: [value.days, value.seconds, value.microseconds],
}
_FROM_JSON: dict[str, Callable[[Any], Any]] = {
    BYTES: base64.b64decode,
    DECIMAL: Decimal,
    FRACTION: lambda content: Fraction(*content),
    RANGE: lambda content: range(*content),
    DATE: datetime.date.fromisoformat,
    TIME: datetime.time.fromisoformat,
    DATETIME: datetime.datetime.fromisoformat,
    TIMEDELTA: lambda content: datetime.timedelta(*content),
}


def _npz(arrays: Mapping[str, Any]) -> bytes:
    """An uncompressed .npz without dates, so that its bytes depend on the arrays alone."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, array in arrays.items():
            member = io.BytesIO()
            # `ascontiguousarray` makes one of shape (1,) of one of shape ().
            whole = np.ascontiguousarray(array).reshape(array.shape)
            np.lib.format.write_array(member, whole, allow_pickle=False)
            undated = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
            archive.writestr(undated, member.getvalue())
    return buffer.getvalue()


def read_expected(folder: Path) -> dict[str, Expected]:
    """Read both files from a folder.

    Raises OSError, ValueError, KeyError or TypeError if they are damaged.
    """
    index = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    with np.load(folder / "expected.npz", allow_pickle=False) as arrays:
        return {
            check: Expected(
                {name: _value(entry, arrays) for name, entry in recorded["observations"].items()},
                tuple(TraceEntry(*pair) for pair in recorded["trace"]),
                FunctionUse(*recorded.get("use", ())),
            )
            for check, recorded in index.items()
        }
