"""Tells a function that is still starter code from one that somebody has written.

Courses hand out functions with a comment that asks for an answer, and around it code that is given:
results set to ``None`` or zeros, a cache of the arguments, a return. Editions differ in what they
leave at the place of the answer: a ``pass``, or nothing at all. A ``pass`` may also stay beside an
answer. So what counts is whether the function computes anything that an answer would, or says what
its result is: somebody has written ``return 17.0``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from .stubs import EXCEPTION

Function = ast.FunctionDef | ast.AsyncFunctionDef

#: A comment of starter code that asks for an answer.
_INVITATION = re.compile(
    r"todo|(your|start|begin).*\b(code|solution|implementation)", re.IGNORECASE
)
#: How many characters of a comment are searched.
_LONGEST_COMMENT = 200
#: Expressions that are nested deeper are not looked into.
_DEEPEST = 20
#: How many variables in a row, each assigned to the next one, are followed.
_PASSES = 10
#: Functions whose results only hold a place.
_PLACEHOLDERS = {"dict", "empty", "empty_like", "float", "int", "list", "zeros", "zeros_like"}
#: Methods that given code calls on what is not written yet.
_PRESERVING = {"astype", "items", "keys", "values"}
#: Calls for their effect that are in starter code.
_WITHOUT_RESULT = {"__init__", "print", "setdefault"}
_NESTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
#: Stands for a value that is computed.
_COMPUTED = ast.Lambda(ast.arguments([], [], None, [], [], None, []), ast.Constant(None))


def is_starter_code(node: Function, lines: Sequence[str]) -> bool:
    """Whether a function is empty, or a comment in it asks for an answer and nothing in it is one.

    An answer computes what the function returns, or computes anything after that comment. A
    constant that is returned is an answer too, but for None, and for what holds a place in a
    variable, such as 0. A function that returns nothing is written if it computes any variable or
    element, or prints anything after that comment.

    Args:
        lines: of the whole module, as Python's parser counts them.
    """
    if is_empty(node):
        return True
    invited = _first_invitation(node, lines)
    if not invited:
        return False
    values = _Values(node)
    returned = [
        inner.value
        for inner in _own_nodes(node)
        if isinstance(inner, ast.Return) and not _is_none(inner.value)
    ]
    if any(values.is_answer(value) for value in returned if value is not None):
        return False
    if not returned and any(line > invited for line in values.prints):
        return False
    after = 0 if not returned else invited
    return not any(line > after for line in values.lines_of_work())


def is_empty(node: Function) -> bool:
    """Whether a function does nothing at all: it holds ``pass``, a docstring, a bare stub."""
    return all(map(_is_nothing, node.body))


def _is_nothing(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Return():
            return _is_none(statement.value)
        case ast.Raise(exc=ast.Call(func=ast.Name(id=name)) | ast.Name(id=name)):
            return name == EXCEPTION
    return False


def _first_invitation(node: Function, lines: Sequence[str]) -> int:
    """The number of the first line whose comment asks for an answer, 0 if there is none.

    The comments below the last statement belong to the function too.
    """
    for number in range(node.lineno, len(lines) + 1):
        text = lines[number - 1].strip()
        if text.startswith("#"):
            if _INVITATION.search(text[:_LONGEST_COMMENT]):
                return number
        elif text and number > (node.end_lineno or number):
            break
    return 0


def _own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function, without those inside functions and classes in it."""
    pending = list(ast.iter_child_nodes(node))
    while pending:
        inner = pending.pop()
        yield inner
        if not isinstance(inner, _NESTED):
            pending += ast.iter_child_nodes(inner)


def _is_none(value: ast.expr | None) -> bool:
    """Whether a ``return`` gives None, or ``...``, which stands for nothing either."""
    return value is None or (isinstance(value, ast.Constant) and value.value in (None, ...))


def _is_telling(value: ast.expr) -> bool:
    """Whether it is a constant with which no starter code fills a variable: neither 0 nor None."""
    inner = value.operand if isinstance(value, ast.UnaryOp) else value
    return isinstance(inner, ast.Constant) and inner.value is not ... and bool(inner.value)


def _key(target: ast.AST) -> str:
    """A variable, ``x`` or ``self.x``, as text; empty for anything else."""
    if isinstance(target, ast.Name):
        return target.id
    if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
        return f"{target.value.id}.{target.attr}"
    return ""


class _Values:
    """What a function assigns to each of its variables, and where it does."""

    def __init__(self, node: Function) -> None:
        arguments = node.args
        every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
        self._parameters = {argument.arg for argument in every}
        self._assigned: dict[str, list[ast.expr]] = {}
        #: Every assignment that may be work, with its line.
        self._bindings: list[tuple[int, ast.expr]] = []
        self._computed: set[str] = set()
        #: The lines in which something is printed.
        self.prints: list[int] = []
        for inner in _own_nodes(node):
            self._read(inner)
        for _ in range(_PASSES):
            self._computed |= {
                key for key, values in self._assigned.items() if any(map(self.is_computed, values))
            }

    def is_answer(self, value: ast.expr) -> bool:
        """Whether a result is computed, or is a constant that holds no place."""
        match value:
            case ast.Constant() | ast.UnaryOp(operand=ast.Constant()):
                return not _is_none(value)
            case ast.Tuple() | ast.List() | ast.Set():
                return any(map(self.is_answer, value.elts))
            case ast.Name() if any(map(_is_telling, self._assigned.get(value.id, ()))):
                return True
        return self.is_computed(value)

    def is_computed(self, value: ast.expr, depth: int = 0) -> bool:
        """Whether an expression is more than a constant, an argument or a placeholder."""
        if depth > _DEEPEST:
            return True
        match value:
            case ast.Constant():
                return False
            case ast.Name():
                return value.id in self._computed
            case ast.Tuple() | ast.List() | ast.Set():
                return any(self.is_computed(element, depth + 1) for element in value.elts)
            case ast.Dict():
                parts = (*value.keys, *value.values)
                return any(self.is_computed(p, depth + 1) for p in parts if p is not None)
            case ast.UnaryOp():
                return not isinstance(value.operand, ast.Constant)
            case ast.Attribute():
                return self._key_is_computed(value)
            case ast.Call(func=ast.Attribute() as method) if method.attr in _PRESERVING:
                return self._key_is_computed(method.value)
            case ast.Subscript(slice=ast.Constant(value=str())):  # an entry of a dictionary
                return self.is_computed(value.value, depth + 1)
            case ast.Call(func=ast.Attribute(attr="get") as method):
                return self.is_computed(method.value, depth + 1)
            case ast.Call(func=ast.Name() | ast.Attribute() as function):
                name = function.id if isinstance(function, ast.Name) else function.attr
                return name not in _PLACEHOLDERS
        return True

    def lines_of_work(self) -> Iterator[int]:
        """The lines in which something is computed and kept."""
        return (line for line, value in self._bindings if self.is_computed(value))

    def _key_is_computed(self, target: ast.expr) -> bool:
        key = _key(target)
        return key not in self._assigned or key in self._computed

    def _read(self, node: ast.AST) -> None:
        match node:
            case ast.Assign():
                for target in node.targets:
                    self._bind(target, node.value)
            case ast.AnnAssign() if node.value is not None:
                self._bind(node.target, node.value)
            case ast.AugAssign() | ast.NamedExpr():
                self._bind(node.target, _COMPUTED)
            case ast.For() | ast.AsyncFor():
                self._bind(node.target, node.iter, work=False)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self._keep(node.name, _COMPUTED, node.lineno)
            case ast.Expr(value=ast.Call() as call):
                self._read_effect(call)
            case ast.Yield() | ast.YieldFrom():
                self._bindings.append((node.lineno, _COMPUTED))
            case ast.keyword(arg="out") if _key(node.value):
                self._keep(_key(node.value), _COMPUTED, node.value.lineno)

    def _read_effect(self, call: ast.Call) -> None:
        """A call whose result is dropped changes its object, or an argument."""
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        if name == "print":
            self.prints.append(call.lineno)
        if name not in _WITHOUT_RESULT:
            self._bindings.append((call.lineno, _COMPUTED))
            owner = [call.func.value] if isinstance(call.func, ast.Attribute) else []
            for changed in (*owner, *call.args):
                if key := _key(changed):
                    self._assigned.setdefault(key, []).append(_COMPUTED)

    def _bind(self, target: ast.expr, value: ast.expr, *, work: bool = True) -> None:
        if isinstance(target, ast.Tuple | ast.List):
            values = value.elts if isinstance(value, ast.Tuple | ast.List) else []
            pairs = zip(target.elts, values, strict=False)
            if len(values) != len(target.elts):
                # Pairs all the same. mypy keeps to the type of the zip above.
                pairs = ((element, value) for element in target.elts)  # type: ignore[assignment]
            for element, part in pairs:
                self._bind(element, part, work=work)
        elif isinstance(target, ast.Subscript):
            key = _key(target.value)
            # Given code keeps running averages in an argument, and converts a net's parameters.
            plain = isinstance(target.slice, ast.Constant | ast.Name)
            given = (key in self._parameters and plain) or "." in key
            self._keep(key, value if given else _COMPUTED, target.lineno)
        elif isinstance(target, ast.Name) and work:
            self._keep(target.id, value, target.lineno)
        elif key := _key(target):
            self._assigned.setdefault(key, []).append(value)

    def _keep(self, key: str, value: ast.expr, line: int) -> None:
        self._assigned.setdefault(key, []).append(value)
        self._bindings.append((line, value))
