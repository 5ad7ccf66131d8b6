"""Comparing lists, tuples, dictionaries and sets; what differs is named by its path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

import numpy as np

from .compare_arrays import compare_arrays
from .comparison import RIGHT, Compare, Comparison, merged, missing_and_extra, short, wrong
from .tolerances import Tolerance
from .values import NUMBER, kind

#: So many keys or elements are named in a message.
_NAMED = 5


def compare_sequences(
    observed: Sequence[Any],
    expected: Sequence[Any],
    tolerance: Tolerance,
    path: str,
    compare: Compare,
) -> Comparison:
    """Compare two lists or two tuples, element by element."""
    count = min(len(observed), len(expected))
    if len(observed) != len(expected):
        text = f"got {_elements(len(observed))}, expected {len(expected)}"
        for index in range(count):
            inside = f"{path}[{index}]"
            found = compare(observed[index], expected[index], tolerance, inside)
            if found.share <= 0:
                first = _at(inside, found.message.partition("\n")[0])
                return wrong(f"{text}; the first that differs is {first}")
        return wrong(text)
    if expected and all(map(_is_simple, observed)) and all(map(_is_simple, expected)):
        # As one array: then all of them are measured alike, and the message says more. Integers
        # and floats are one kind of number here.
        x, y = (np.array(values, np.float64) for values in (observed, expected))
        return compare_arrays(x, y, tolerance, path)
    places = [f"{path}[{index}]" for index in range(count)]
    parts = (
        (place, compare(got, wanted, tolerance, place))
        for place, got, wanted in zip(places, observed, expected, strict=True)
    )
    return merged(parts, "elements")


def compare_dictionaries(
    observed: Mapping[Any, Any],
    expected: Mapping[Any, Any],
    tolerance: Tolerance,
    path: str,
    compare: Compare,
) -> Comparison:
    """Compare two dictionaries, whatever the order of their keys."""
    missing = [key for key in expected if key not in observed]
    extra = [key for key in observed if key not in expected]
    places = {key: f"{path}[{_key(key)}]" for key in expected if key in observed}
    parts = (
        (place, compare(observed[key], expected[key], tolerance, place))
        for key, place in places.items()
    )
    if not missing and not extra:
        return merged(parts, "values")
    lines = missing_and_extra(missing, extra, _named, ("the key", "the keys"))
    inside = merged(parts, "values").message
    return wrong("\n".join([f"{_where(path)}{'; '.join(lines)}", *([inside] if inside else [])]))


def compare_sets(
    observed: AbstractSet[Any], expected: AbstractSet[Any], tolerance: Tolerance, path: str
) -> Comparison:
    """Compare two sets. Numbers that are not equal are compared in order, with the tolerance."""
    missing, extra = _sorted(expected - observed), _sorted(observed - expected)
    if not missing and not extra:
        return RIGHT
    if len(missing) == len(extra) and all(map(_is_simple, (*missing, *extra))):
        x, y = (np.array(sorted(values), np.float64) for values in (extra, missing))
        found = compare_arrays(x, y, tolerance)
        if found.share > 0:
            message = f"{_where(path)}{_differences(missing, extra)}" if found.message else ""
            return Comparison(found.share, found.error, message)
    return wrong(f"{_where(path)}{_differences(missing, extra)}")


def _sorted(values: AbstractSet[Any]) -> list[Any]:
    """The elements of a set, which has no order, by their texts."""
    return sorted(values, key=repr)


def _differences(missing: Sequence[Any], extra: Sequence[Any]) -> str:
    return "; ".join(missing_and_extra(missing, extra, _named))


def _named(values: Sequence[Any]) -> str:
    """Some keys or elements."""
    words = [_key(value) for value in values[:_NAMED]]
    more = f" (and {len(values) - _NAMED} more)" if len(values) > _NAMED else ""
    return ", ".join(words) + more


def _key(key: Any) -> str:
    """A key as in the path of an element: strings in double quotes."""
    text = short(str(key) if isinstance(key, str) else repr(key))
    return f'"{text}"' if isinstance(key, str) else text


def _elements(count: int) -> str:
    return "1 element" if count == 1 else f"{count} elements"


def _at(path: str, message: str) -> str:
    return message.removeprefix("at ") if message.startswith("at ") else f"{path}: {message}"


def _where(path: str) -> str:
    return f"at {path}: " if path else ""


def _is_simple(value: Any) -> bool:
    """Whether it is a real number that a float holds exactly."""
    if kind(value) != NUMBER or isinstance(value, complex):
        return False
    if isinstance(value, int):
        return value.bit_length() <= 53
    return not isinstance(value, (np.ndarray, np.generic)) or (
        value.dtype.kind == "f"
        or (value.dtype.kind in "iu" and value.dtype.itemsize < 8)
        or (value.dtype.kind in "iu" and abs(int(value)) < 2**53)
    )
