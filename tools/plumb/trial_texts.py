"""What ``plumb try`` says of the values that a check records: in short, and whether they tell."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping, Sized
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.core.checks import Check
from autograder.core.functions import FunctionUse
from autograder.core.judge import Expected, judge
from autograder.core.raised import NOTHING
from autograder.core.tolerances import Tolerance
from autograder.core.values import (
    ARRAY,
    DECIMAL,
    DICT,
    FLAG,
    FRACTION,
    LIST,
    NONE,
    NUMBER,
    TABLE,
    TEXT,
    TIMEDELTA,
    TUPLE,
    describe,
    kind,
)  # fmt: skip

#: Rounding differs by no more than this, relative to the largest element. The time of two runs
#: differs by some 1e-11.
_SINGLE, _DOUBLE = 1e-5, 1e-13
#: At most this many characters are shown of a text, and this many elements of an array.
_TEXT, _ELEMENTS = 40, 4


def short(value: Any) -> str:
    """A value in a few words: its first elements, its shape."""
    found = kind(value)
    if found == ARRAY:
        flat = np.asarray(value).ravel()
        numbers = flat.dtype.kind in "iufc"
        first = ", ".join(
            f"{element:.4g}" if numbers else str(element) for element in flat[:_ELEMENTS]
        )
        more = ", ..." if flat.size > _ELEMENTS else ""
        shape = "" if np.ndim(value) == 1 else f" {np.shape(value)}"
        return f"[{first}{more}]{shape}"
    if found == NUMBER and not isinstance(value, int):  # which may be too long for a float
        return f"{value:.6g}"
    if found == TABLE:
        return describe(value)
    if found in (LIST, TUPLE):
        first = ", ".join(short(element) for element in value[:_ELEMENTS])
        more = ", ..." if len(value) > _ELEMENTS else "," * (found == TUPLE and len(value) == 1)
        return f"[{first}{more}]" if found == LIST else f"({first}{more})"
    text = repr(value) if found in (TEXT, NONE) else str(value)
    if len(text) > 2 * _TEXT:
        text = f"{text[:_TEXT]}... ({describe(value)})"
    return text


def in_short(observations: Mapping[str, Any]) -> str:
    """All observations of a check in one line."""
    return ", ".join(f"{name} = {short(value)}" for name, value in observations.items())


def called_with(use: FunctionUse) -> str:
    """How the functions that a check gives may be called, as an addition to what it records."""
    if not use.calls:
        return ""
    kinds = ", ".join(use.kinds) or "no arguments"
    return f"; its functions may be called with: {kinds}, {use.most_calls} times at most"


def tells_nothing(value: Any) -> str:
    """Why a value would hardly tell a wrong answer from the right one; empty if it does."""
    found = kind(value)
    if found == NONE:
        return "None"
    if found == TEXT:
        if str(value) == NOTHING:  # what student.raises gives
            return "'nothing', so that the call raised nothing, as one that makes a generator"
        return "" if str(value).strip() else "an empty string"
    if found in (NUMBER, DECIMAL, FRACTION, TIMEDELTA):
        return "" if value else "zero"
    if found in (LIST, TUPLE, DICT) and len(value) > 0:
        return _tell_nothing(found, list(_leaves(value)))
    if found == ARRAY:
        array = np.asarray(value)
        if array.size == 0:
            return "an empty array"
        if not np.any(array):
            return "all zeros"
        if array.size > 1 and bool(np.all(array == array.ravel()[0])):
            return f"an array of {array.size} equal numbers"
    if isinstance(value, Sized) and len(value) == 0:
        return f"an empty {type(value).__name__}"
    return ""


def _tell_nothing(container: str, leaves: list[Any]) -> str:
    """Why what a list, a tuple or a dictionary holds tells nothing; empty if something does."""
    reasons = ["False" if _is_false(leaf) else tells_nothing(leaf) for leaf in leaves]
    if all(reasons):
        return f"a {container} with nothing but {' and '.join(dict.fromkeys(reasons))}"
    alike = len(leaves) > 1 and all(kind(leaf) in (NUMBER, FLAG, TEXT) for leaf in leaves)
    if alike and container != DICT and len(set(map(repr, leaves))) == 1:
        return f"a {container} of {len(leaves)} equal elements"
    return ""


def drift(check: Check, observations: Mapping[str, Any], expected: Expected) -> str:
    """In what a second run of the reference differs by more than rounding; empty if in nothing.

    The time of day is as good as the same for a check's tolerance, until another day. What has a
    goal may differ.
    """
    if not observations:
        return ""
    tolerance = {
        name: Tolerance(((_SINGLE if _is_single(value) else _DOUBLE, 1.0),), normwise=True)
        for name, value in expected.observations.items()
    }
    closely = replace(check, tolerance=tolerance, score=None)
    return judge(closely, observations, expected).message


def _is_single(value: Any) -> bool:
    """Whether it is an array in single precision."""
    return kind(value) in (ARRAY, NUMBER) and np.asarray(value).dtype in (np.float32, np.float16)


def _leaves(value: Any) -> Iterator[Any]:
    """What lists, tuples and dictionaries in each other hold, but for those that are empty."""
    found = kind(value)
    if found in (LIST, TUPLE, DICT) and len(value) > 0:
        for inside in value.values() if found == DICT else value:
            yield from _leaves(inside)
    else:
        yield value


def _is_false(value: Any) -> bool:
    return kind(value) == FLAG and not value


def returns_constants(source: str) -> bool:
    """Whether a check returns nothing but values that stand in its text, such as True."""
    returned = [node.value for node in ast.walk(_function(source)) if isinstance(node, ast.Return)]
    return bool(returned) and all(
        isinstance(value, ast.Dict) and all(isinstance(v, ast.Constant) for v in value.values)
        for value in returned
    )


def compared_in(source: str) -> set[str]:
    """The observations of a check that are the result of a comparison for equality or closeness."""
    function, found = _function(source), set()
    assigned = {
        target.id: node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(function):
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Dict):
            for key, value in zip(node.value.keys, node.value.values, strict=True):
                value = assigned.get(value.id, value) if isinstance(value, ast.Name) else value
                if isinstance(key, ast.Constant) and _is_comparison(value):
                    found.add(str(key.value))
    return found


def _is_comparison(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(value=inner, attr="all"), args=[]):
            return _is_comparison(inner)
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[first, *_]):
            compares = name in ("allclose", "isclose", "array_equal")
            return compares or (name in ("all", "bool") and _is_comparison(first))
        case ast.Compare(ops=[ast.Eq() | ast.Lt() | ast.LtE()]):
            return True
    return False


def _function(source: str) -> ast.stmt:
    if not source[:1].isspace():
        return ast.parse(source).body[0]
    # In an ``if``. To take the indentation away would change texts of several lines.
    outer = ast.parse(f"if True:\n{source}").body[0]
    assert isinstance(outer, ast.If)
    return outer.body[0]


def untelling(
    observations: Mapping[str, Any], goals: Collection[str], compared: Collection[str] = ()
) -> str:
    """Why all that a check records tells nothing; empty if something does.

    One False may be what a check is about. If several inputs give nothing else, it is a constant.
    If the check itself compares, the reference is not what it was compared with.

    Args:
        compared: the observations that are the result of a comparison in the check.
    """
    if len(observations) > 1 and not goals and all(map(_is_false, observations.values())):
        return f"{', '.join(observations)} are all False"
    reasons = []
    for name, value in observations.items():
        reason = "" if name in goals else tells_nothing(value)
        if name in compared and _is_false(value):
            reason = (
                "False, since the reference itself is not what the check compares it with, so that "
                "every other wrong answer passes"
            )
        if not reason:
            return ""
        reasons.append(f"{name} is {reason}")
    return "; ".join(reasons)
