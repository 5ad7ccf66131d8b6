"""Of which objects the value of an expression may be a part, read from its text.

``M.reshape(2, 2)`` may show the values of ``M``, ``T.append`` changes ``T`` when it is called, and
``[L]`` holds ``L``. What a function of the notebook returns is known only once all cells are
read; a call of one is named for that.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

#: Names that are defined in every cell.
ALWAYS_DEFINED = frozenset([*dir(builtins), "__file__", "__name__", "display", "get_ipython"])

#: Methods of Python's containers and of arrays that change the object.
CHANGING_METHODS = frozenset({
    "add", "append", "appendleft", "byteswap", "clear", "difference_update", "discard", "extend",
    "extendleft", "fill", "insert", "intersection_update", "itemset", "partition", "pop", "popitem",
    "popleft", "put", "remove", "resize", "reverse", "rotate", "setdefault", "setfield", "setflags",
    "sort", "subtract", "symmetric_difference_update", "update",
})  # fmt: skip
#: Methods that only read the object. Of any other method we do not know.
READING_METHODS = (
    frozenset(
        name
        for kind in (str, bytes, int, float, complex, list, tuple, dict, set, np.ndarray)
        for name in dir(kind)
    )
    - CHANGING_METHODS
)
#: Of those, the ones whose result may be a part of the object, or show its values.
_VIEWING_METHODS = frozenset({
    "diagonal", "get", "getfield", "item", "items", "ravel", "reshape", "squeeze", "swapaxes",
    "transpose", "values", "view", "__getitem__", "__iter__",
})  # fmt: skip
#: Functions of libraries whose result may be, hold or show what is given to them.
KEEPING_FUNCTIONS = frozenset({
    "Thread", "asanyarray", "asarray", "atleast_1d", "atleast_2d", "atleast_3d", "broadcast_to",
    "chain", "cycle", "deque", "defaultdict", "diagonal", "expand_dims", "flip", "fliplr", "flipud",
    "from_numpy", "islice", "moveaxis", "partial", "ravel", "reshape", "rollaxis", "rot90", "split",
    "squeeze", "swapaxes", "transpose",
})  # fmt: skip
#: The same of Python's own.
_KEEPING_BUILTINS = frozenset({
    "dict", "enumerate", "filter", "frozenset", "getattr", "iter", "list", "map", "max",
    "memoryview", "min", "next", "reversed", "set", "sorted", "tuple", "type", "vars", "zip",
})  # fmt: skip
#: So many calls within each other are looked through. Nobody writes more.
_MOST_CALLS = 20


class Call(NamedTuple):
    """A call of a function or of a method.

    Attributes:
        function: the name of what is called: ``f`` of ``f(x)`` and of ``a.b.f(x)``.
        given: the names of what may be given to it, or be a part of that.
        root: the name that the called expression begins with: ``a`` of ``a.b.f(x)``.
        part: the attribute that has the function: ``b`` of ``a.b.f(x)``; see `MethodCall`.
    """

    function: str
    given: frozenset[str] = frozenset()
    root: str = ""
    part: str = ""


class MethodCall(NamedTuple):
    """A call of a method that may change its object.

    Attributes:
        root: the name that the expression of the object begins with: ``a`` of ``a.b.f(x)``.
        part: the attribute that the object is: ``b`` of ``a.b.f(x)``; empty for ``a.f(x)``, and
            ``[]`` for an item.
    """

    root: str
    part: str = ""


@dataclass
class Objects:
    """Of which objects a value may be a part, or hold a part.

    Attributes:
        names: their names.
        calls: the calls of which it may be the result, where the functions are not known here.
        methods: methods taken of their objects that change those: ``T.append`` without a call.
    """

    names: set[str] = field(default_factory=set)
    calls: list[Call] = field(default_factory=list)
    methods: set[MethodCall] = field(default_factory=set)


def objects_of(*expressions: ast.expr) -> Objects:
    """Of which objects the values of expressions may be parts."""
    found = Objects()
    pending: list[ast.expr] = list(expressions)
    seen = 0
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Attribute) and node.attr in CHANGING_METHODS and (r := root(node)):
            found.methods.add(MethodCall(r, part_of(node.value)))
        while isinstance(node, (ast.Attribute, ast.Subscript, ast.Starred, ast.Await)):
            node = node.value
        if isinstance(node, ast.Name):
            found.names.add(node.id)
        elif isinstance(node, ast.NamedExpr):
            pending += [node.target, node.value]
        elif isinstance(node, (ast.Tuple, ast.List, ast.Set)):
            pending += node.elts
        elif isinstance(node, ast.Dict):
            pending += [one for one in (*node.keys, *node.values) if one is not None]
        elif isinstance(node, ast.BoolOp):
            pending += node.values
        elif isinstance(node, ast.IfExp):
            pending += [node.body, node.orelse]
        elif isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)):
            _read_comprehension(node, found)
        elif isinstance(node, ast.Call) and seen < _MOST_CALLS:
            seen += 1
            pending += _read_call(node, found)
    found.names -= ALWAYS_DEFINED
    return found


def _read_comprehension(
    node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, found: Objects
) -> None:
    """Note what a comprehension holds: what it goes through only if its items are of that."""
    items = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
    inner = objects_of(*items)
    own = {
        name.id
        for one in node.generators
        for name in ast.walk(one.target)
        if isinstance(name, ast.Name)
    }
    outer = objects_of(*(one.iter for one in node.generators))
    found.names |= inner.names - own
    if own & inner.names:
        found.names |= outer.names - own
        found.calls += outer.calls
    for call in inner.calls:
        more = outer.names if own & call.given else set()
        found.calls.append(call._replace(given=frozenset((call.given | more) - own)))


def _read_call(node: ast.Call, found: Objects) -> list[ast.expr]:
    """Note what is called, and return the expressions of which its result may be a part."""
    given = given_to(node)
    if isinstance(node.func, ast.Attribute):
        name, value = node.func.attr, node.func.value
        if name in KEEPING_FUNCTIONS or name not in READING_METHODS | CHANGING_METHODS:
            found.calls.append(named_call(node))
        return [] if name in READING_METHODS - _VIEWING_METHODS else [value]
    if isinstance(node.func, ast.Name):
        if node.func.id in _KEEPING_BUILTINS:
            return given
        if node.func.id not in ALWAYS_DEFINED:
            found.calls.append(named_call(node))
        return []
    return [node.func, *given]


def given_to(node: ast.Call) -> list[ast.expr]:
    """The expressions that are given to a call."""
    given = [*node.args, *(keyword.value for keyword in node.keywords)]
    return [one.value if isinstance(one, ast.Starred) else one for one in given]


def named_call(node: ast.Call, given: Iterable[str] | None = None) -> Call:
    """A call of a function or method that has a name."""
    names = objects_of(*given_to(node)).names if given is None else given
    if isinstance(node.func, ast.Attribute):
        return Call(node.func.attr, frozenset(names), root(node.func), part_of(node.func.value))
    name = root(node.func) if isinstance(node.func, ast.Name) else ""
    return Call(name, frozenset(names), root(node.func))


def names_in(expression: ast.expr) -> set[str]:
    """All names in an expression or target but those of an index and of a condition."""
    found: set[str] = set()
    pending: list[ast.AST] = [expression]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Subscript):  # an index is no part of the object
            pending.append(node.value)
        elif isinstance(node, ast.IfExp):
            pending += [node.body, node.orelse]
        else:
            pending += ast.iter_child_nodes(node)
    return found - ALWAYS_DEFINED


def part_of(node: ast.expr) -> str:
    """See `MethodCall.part`."""
    if isinstance(node, ast.Name):
        return ""
    return node.attr if isinstance(node, ast.Attribute) else "[]"


def root(node: ast.expr) -> str:
    """The name that an expression begins with: ``a`` of ``a.b[0].c``; empty if it has none."""
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""
