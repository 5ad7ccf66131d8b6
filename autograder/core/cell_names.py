"""The names of a piece of a notebook: what it binds, changes and uses, read from its text.

Nothing is run. Where a text leaves something open, such as which method of an object changes it,
more is named rather than less.
"""

from __future__ import annotations

import ast
import contextlib
import dis
import functools
import warnings
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import CodeType

import numpy as np

from .cell_objects import (
    ALWAYS_DEFINED,
    CHANGING_METHODS,
    READING_METHODS,
    Call,
    MethodCall,
    given_to,
    named_call,
    names_in,
    objects_of,
    part_of,
    root,
)

#: Functions that change what is given to them.
_CHANGING_FUNCTIONS = {
    "at", "copyto", "delattr", "delitem", "fill_diagonal", "heapify", "heappop", "heappush",
    "heappushpop", "heapreplace", "insort", "insort_left", "insort_right", "next", "place", "put",
    "put_along_axis", "putmask", "setattr", "setitem", "shuffle",
}  # fmt: skip
#: What an origin begins with that is an import.
IMPORTED = "import:"
#: The functions that seed a random generator: of Python and NumPy, PyTorch, TensorFlow.
SEEDING = {"seed", "manual_seed", "set_seed"}
#: Stands for a name that a text makes when it runs.
ANY_NAME = "*"
#: Stands for what a function returns.
_RESULT = "return"
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_SCOPES = (*_FUNCTIONS, ast.ClassDef, ast.Lambda)
#: The names of the code objects of comprehensions; those run where they stand.
_COMPREHENSIONS = ("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>")
_LOADS = ("LOAD_NAME", "LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS")


@dataclass(frozen=True)
class Effect:
    """What calling a function or class changes.

    Attributes:
        names: global names that it binds, or whose object it changes.
        parameters: whether it changes an object that is given to it.
        keeps: whether what it returns, or an object of the class, may hold what is given to it.
        returns: global names of which what it returns may be a part.
        methods: the methods of objects of global names that it calls.
        calls: its calls to which it gives global names.
        passed_on: its calls to which it gives what was given to it.
    """

    names: frozenset[str] = frozenset()
    parameters: bool = False
    keeps: bool = False
    returns: frozenset[str] = frozenset()
    methods: frozenset[MethodCall] = frozenset()
    calls: tuple[Call, ...] = ()
    passed_on: tuple[Call, ...] = ()


@dataclass
class CellNames:
    """The global names of a cell, or of a statement.

    Attributes:
        binds: the names that it may bind.
        replaces: the names that it binds whatever happens: an earlier value is lost.
        uses: the names that it refers to when it runs and does not bind before.
        later: by a name that it defines, the names that this refers to when it is called.
        changes: names whose object it changes, such as ``T`` of ``T[0] = 1``.
        methods: what it calls that may be a method which changes its object.
        calls: what it calls.
        effects: by the name of a function or class that it defines, what calling this changes.
        origins: by a name that only an import or a definition binds here, what that is: `IMPORTED`
            and a dotted name, or the text of the definition.
        defines: the functions and classes among `binds`.
        shared: groups of names whose objects may be parts of each other, as assignments say.
        bound_methods: names that may mean a method which changes its object: ``app`` of
            ``app = T.append``.
        derived: by the names that an assignment binds, the calls of which they may hold the
            results.
        through: calls whose result it changes or may change, such as ``f(T)[0] = 1``.
        stored_through: the calls to whose result it binds something:
            ``getcontext().prec = 3``.
        shared_in_loops: the same of what loops and ``with`` bind, which is so in this cell alone.
        loop_names: what loops and ``with`` bind.
        augmented: names that only ``+=`` and its like change: one may be a number.
        star_imports: the modules of which it imports all names, dotted.
    """

    binds: set[str] = field(default_factory=set)
    replaces: set[str] = field(default_factory=set)
    uses: set[str] = field(default_factory=set)
    later: dict[str, frozenset[str]] = field(default_factory=dict)
    changes: set[str] = field(default_factory=set)
    methods: set[MethodCall] = field(default_factory=set)
    calls: list[Call] = field(default_factory=list)
    effects: dict[str, Effect] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    defines: set[str] = field(default_factory=set)
    shared: list[set[str]] = field(default_factory=list)
    bound_methods: set[str] = field(default_factory=set)
    derived: list[tuple[frozenset[str], Call]] = field(default_factory=list)
    through: list[Call] = field(default_factory=list)
    stored_through: list[Call] = field(default_factory=list)
    shared_in_loops: list[set[str]] = field(default_factory=list)
    loop_names: set[str] = field(default_factory=set)
    augmented: set[str] = field(default_factory=set)
    star_imports: set[str] = field(default_factory=set)

    @property
    def touched(self) -> set[str]:
        """The names whose object it changes or may change."""
        return self.changes | {call.root for call in self.methods}

    @property
    def surely_changed(self) -> set[str]:
        """The names that it binds, and those whose object it changes by what is known to do so."""
        methods = {c.root for c in self.calls if c.function in CHANGING_METHODS and c.root}
        return self.binds | self.changes | methods

    @property
    def only_seeds(self) -> bool:
        """Whether it calls nothing but what seeds random generators."""
        return bool(self.calls) and all(call.function in SEEDING for call in self.calls)


def cell_names(tree: ast.Module) -> CellNames:
    """The names of a piece of a notebook."""
    names = CellNames()
    with contextlib.suppress(RecursionError):  # what was read until then counts
        _read_body(tree.body, names, certain=True)
    if names.shared and names.shared_in_loops:
        _share_beyond_loops(names)
    return names


def bound_by_text(node: ast.AST) -> set[str]:
    """The names that ``globals()["S"] = 7`` or ``exec("S = 7")`` binds, without the nodes below.

    `ANY_NAME` is among them if the name or the text is made when it runs.
    """
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
        if not _is_namespace(node.value):
            return set()
        key = node.slice.value if isinstance(node.slice, ast.Constant) else None
        return {key if isinstance(key, str) else ANY_NAME}
    if not isinstance(node, ast.Call):
        return set()
    if isinstance(node.func, ast.Attribute) and _is_namespace(node.func.value):
        if node.func.attr not in {"update", "setdefault", "__setitem__"}:
            return set()
        return {keyword.arg or ANY_NAME for keyword in node.keywords} or {ANY_NAME}
    if not (isinstance(node.func, ast.Name) and node.func.id == "exec" and node.args):
        return set()
    text = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
    return set(_bound_by(text)) if isinstance(text, str) else {ANY_NAME}


@functools.lru_cache(maxsize=64)  # a text may hold a text, and so on
def _bound_by(text: str) -> frozenset[str]:
    """The names that a text binds; none if it is not Python, for then it raises."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return frozenset(cell_names(ast.parse(text)).binds)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()


def _is_namespace(node: ast.expr) -> bool:
    """Whether an expression gives the names of the notebook."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"globals", "locals", "vars"}
        and not node.args
    )


def _read_body(body: list[ast.stmt], names: CellNames, *, certain: bool) -> None:
    """Read statements in their order; `certain` is whether they run whatever happens."""
    for node in body:
        if isinstance(node, ast.If):
            _read(node.test, names)
            _read_body(node.body, names, certain=False)
            _read_body(node.orelse, names, certain=False)
        elif isinstance(node, (ast.For, ast.AsyncFor)):
            _read(node.iter, names)
            _read(node.target, names)
            _read_loop(node.target, node.iter, names)
            _read_body([*node.body, *node.orelse], names, certain=False)
        elif isinstance(node, ast.While):
            _read(node.test, names)
            _read_body([*node.body, *node.orelse], names, certain=False)
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            for item in node.items:
                _read(item.context_expr, names)
                if item.optional_vars is not None:
                    _read(item.optional_vars, names)
                    _read_loop(item.optional_vars, item.context_expr, names)
            _read_body(node.body, names, certain=False)  # it may suppress an exception
        elif isinstance(node, ast.Try):
            _read_body(node.body, names, certain=False)
            for handler in node.handlers:
                if handler.type is not None:
                    _read(handler.type, names)
                names.binds |= {handler.name} if handler.name else set()
                _read_body(handler.body, names, certain=False)
            _read_body([*node.orelse, *node.finalbody], names, certain=False)
        else:
            _read(node, names, certain=certain)


def _read(node: ast.stmt | ast.expr, names: CellNames, *, certain: bool = False) -> None:
    """Read a statement that holds no other statements but in functions, or an expression."""
    if isinstance(node, ast.AnnAssign) and node.value is None:
        return  # an annotation alone binds nothing
    _read_parts(node, names)
    for decorator in getattr(node, "decorator_list", ()):
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        if name := root(called):
            names.calls.append(Call(name, root=name))
            # It may be an object that remembers what it is called with, or a method of one.
            part = part_of(called.value) if isinstance(called, ast.Attribute) else ""
            names.methods.add(MethodCall(name, part))
    bound: set[str] = set()
    for inner in _walk_outside_functions(node):
        bound |= _names_bound_by(inner)
        _read_changes(inner, names)
        if isinstance(inner, ast.Call):
            _read_given_lambdas(inner, names)
        if isinstance(inner, ast.ImportFrom) and inner.names[0].name == "*":
            names.star_imports.add(f"{'.' * inner.level}{inner.module or ''}")
    now, later = _loads(node)
    names.uses |= now - names.binds - ALWAYS_DEFINED
    later -= ALWAYS_DEFINED
    for name in bound:  # a long set is shared by all that the statement binds
        names.later[name] = names.later[name] | later if name in names.later else later
    _read_origin(node, bound, names)
    names.binds |= bound
    if certain:
        names.replaces |= _surely_bound_by(node)


def _read_parts(node: ast.stmt | ast.expr, names: CellNames) -> None:
    """Note which names share objects after an assignment."""
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        names.augmented.add(node.target.id)
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, (ast.AugAssign, ast.AnnAssign)):
        targets = [node.target]
    else:
        return
    bound = set().union(*map(names_in, targets))
    group = set(bound) if len(targets) > 1 else set()
    if node.value is not None:
        value = objects_of(node.value)
        names.methods |= value.methods
        names.bound_methods |= bound if value.methods else set()
        names.derived += [(frozenset(bound), call) for call in value.calls]
        if value.names:
            group |= bound | value.names
    if len(group) > 1:
        names.shared.append(group)


def _read_loop(target: ast.expr, value: ast.expr, names: CellNames) -> None:
    """Note that what a loop or a ``with`` binds may be a part of what it goes through."""
    bound = names_in(target)
    names.loop_names |= bound
    names.shared_in_loops.append(bound | names_in(value))


def _share_beyond_loops(names: CellNames) -> None:
    """Note what a loop assigns of the parts of an object: it stays, unlike the loop's own names."""
    groups = by_name([*names.shared, *names.shared_in_loops])
    while groups:
        together = with_shared([next(iter(groups))], groups)
        for name in together:
            del groups[name]
        kept = together - names.loop_names
        if len(kept) > 1 and not together.isdisjoint(names.loop_names):
            names.shared.append(kept)


def by_name(groups: Iterable[set[str]]) -> dict[str, list[set[str]]]:
    """By a name, the groups that it is in."""
    found: dict[str, list[set[str]]] = {}
    for group in groups:
        for name in group:
            found.setdefault(name, []).append(group)
    return found


def with_shared(
    names: Iterable[str], *groups: Mapping[str, list[set[str]]], without: Collection[str] = ()
) -> set[str]:
    """The names, and those that share a group with them, directly or through others.

    Args:
        groups: what `by_name` gives.
        without: names that lead to no others.
    """
    found = set(names)
    pending = [name for name in found if name not in without]
    seen: set[int] = set()
    while pending:
        name = pending.pop()
        for group in (group for one in groups for group in one.get(name, ())):
            if id(group) not in seen:
                seen.add(id(group))
                more = group.difference(found, without)
                found |= more
                pending += more
    return found


def _read_origin(node: ast.stmt | ast.expr, bound: set[str], names: CellNames) -> None:
    """Note the text of an import or definition; a name that is bound twice has no such text."""
    text: dict[str, str] = {}
    if isinstance(node, ast.Import):
        text = {a.asname or a.name.partition(".")[0]: IMPORTED + a.name for a in node.names}
    elif isinstance(node, ast.ImportFrom):
        origin = f"{IMPORTED}{'.' * node.level}{node.module or ''}"
        text = {a.asname or a.name: f"{origin}.{a.name}" for a in node.names}
    elif isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
        names.defines.add(node.name)
        names.effects[node.name] = _effect(node)
        if isinstance(node, ast.ClassDef):
            for base in (*node.bases, *(keyword.value for keyword in node.keywords)):
                if name := root(base):  # it is told of its subclasses
                    names.calls.append(Call(name, root=name))
                    names.derived.append((frozenset([node.name]), Call(name, root=name)))
            for method in node.body:
                if isinstance(method, _FUNCTIONS):
                    names.effects.setdefault(method.name, _effect(method))
        try:
            text = {node.name: ast.dump(node)}
        except RecursionError:  # a chain in it is longer than the stack
            text = {}
    elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
        names.effects |= dict.fromkeys(bound, _effect(node.value))
    for name in bound:
        first = name not in names.binds or names.origins.get(name) == text.get(name)
        names.origins[name] = text.get(name, "") if first else ""


def _surely_bound_by(node: ast.stmt | ast.expr) -> set[str]:
    """The names that a statement binds whatever its expressions do.

    Not those of ``False and (a := 1)``, of a ``match`` or of a ``try`` with ``except*``.
    """
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, (ast.AugAssign, ast.AnnAssign)):
        targets = [node.target]
    else:
        return _names_bound_by(node)
    return {name for target in targets for n in ast.walk(target) for name in _names_bound_by(n)}


def _names_bound_by(node: ast.AST) -> set[str]:
    """The names that this node of a tree binds, without those of the nodes below it."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        return {node.id}
    if isinstance(node, (ast.Subscript, ast.Call)):
        return bound_by_text(node) - {ANY_NAME}
    if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
        return {node.name}
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return {(a.asname or a.name).partition(".")[0] for a in node.names if a.name != "*"}
    if isinstance(node, (ast.MatchAs, ast.MatchStar)) and node.name:
        return {node.name}
    if isinstance(node, ast.MatchMapping) and node.rest:
        return {node.rest}
    if isinstance(node, ast.ExceptHandler) and node.name:
        return {node.name}
    return set()


def _read_changes(node: ast.AST, names: CellNames) -> None:
    """Read which objects this node changes or may change, without the nodes below it."""
    names.changes |= bound_by_text(node) & {ANY_NAME}
    if isinstance(node, (ast.Attribute, ast.Subscript)):
        # In a long chain of names the root is far: only the chain's end asks for it.
        if isinstance(node.ctx, (ast.Store, ast.Del)):
            if name := root(node):
                names.changes.add(name)
            else:
                names.stored_through += _read_changed_result(node.value, names)
        return
    if not isinstance(node, ast.Call):
        return
    given = objects_of(*given_to(node))
    call = named_call(node, given.names)
    names.methods |= given.methods
    if given.methods and len(given.names) > 1:
        names.shared.append(given.names)  # ``list(map(L.append, [T]))``
    if isinstance(node.func, ast.Attribute) and call.function not in READING_METHODS:
        if call.root:
            names.methods.add(MethodCall(call.root, call.part))
        else:
            _read_changed_result(node.func.value, names)
    if call.function:  # it may be a method of a class of the notebook
        names.calls.append(call)
    _read_given(node, call, given.names, names)


def _read_changed_result(value: ast.expr, names: CellNames) -> list[Call]:
    """Note the objects that change with the result of a call, or with an item of it.

    Returns the calls.
    """
    objects = objects_of(value)
    names.methods |= {MethodCall(name) for name in objects.names}
    names.through += objects.calls
    return objects.calls


def _read_given(node: ast.Call, call: Call, given: set[str], names: CellNames) -> None:
    """Note what a call changes of the objects that are given to it."""
    changed = {k.value for k in node.keywords if k.arg == "out"}
    if (place := _output_place(call.function)) is not None:
        changed |= set(node.args[place:])
    names.changes |= objects_of(*changed).names
    inplace = (k.value for k in node.keywords if k.arg == "inplace")
    if call.root and any(isinstance(v, ast.Constant) and v.value is True for v in inplace):
        names.changes.add(call.root)  # ``table.dropna(inplace=True)``
    is_of_type = call.root in ALWAYS_DEFINED and call.function in CHANGING_METHODS
    if call.function in _CHANGING_FUNCTIONS or is_of_type:
        names.changes |= given  # ``list.append(L, 7)``
    if not call.function:  # ``partial(T.append)(7)``
        names.methods |= {MethodCall(name) for name in objects_of(node.func).names | given}
    if call.function in CHANGING_METHODS and call.root != call.function and call.root and given:
        names.shared.append({call.root} | given)  # ``L.append(T)``


def _read_given_lambdas(node: ast.Call, names: CellNames) -> None:
    """Note what the lambdas change that are given to a call: they may be called there."""
    given = given_to(node)
    changes_given = False
    for one in given:
        if isinstance(one, ast.Lambda):
            effect = _effect(one)
            names.changes |= effect.names
            changes_given |= effect.parameters
            names.methods |= effect.methods
            names.calls += effect.calls
    if changes_given:  # perhaps by a method that only reads
        names.methods |= {MethodCall(name) for name in objects_of(*given).names}


def _output_place(function: str) -> int | None:
    """At which place a NumPy function takes an array for its result; None if it takes none."""
    # Asked as an attribute, np.bytes and other names of old would warn.
    if isinstance(ufunc := vars(np).get(function), np.ufunc):
        return ufunc.nin
    return {"clip": 3, "dot": 2, "round": 2}.get(function)


def _effect(definition: ast.AST) -> Effect:
    """What calling a function, or a class with its methods, changes."""
    changed = CellNames()
    methods = definition.body if isinstance(definition, ast.ClassDef) else [definition]
    own = {
        one.arg
        for method in methods
        if isinstance(method, (*_FUNCTIONS, ast.Lambda))
        for one in ast.walk(method.args)
        if isinstance(one, ast.arg)
    }
    parameters = own - {"self", "cls"}
    local: set[str] = set()
    of_module: set[str] = set()
    groups: list[set[str]] = []
    walked = list(ast.walk(definition))
    for node in walked:
        of_text = bound_by_text(node)
        if isinstance(node, ast.Global):
            of_module.update(node.names)
        elif of_text - {ANY_NAME}:  # of the notebook, wherever it is called
            of_module |= of_text
            local |= of_text
        elif isinstance(node, ast.arg):
            local.add(node.arg)
        elif node is not definition:
            local |= _names_bound_by(node)
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            changed.augmented.add(node.target.id)
        _read_changes(node, changed)
        groups += _shared_in_function(node)
    hidden = parameters | (local - of_module)
    by_member = by_name([*groups, *changed.shared])
    touched = with_shared(changed.touched, by_member)
    added_to = with_shared(changed.augmented, by_member)
    kept = with_shared([_RESULT, "self"], by_member)
    if any(isinstance(node, ast.Raise) and _is_stub_error(node.exc) for node in walked):
        kept = set()  # what is left of a stub names what nobody has bound
    calls = [call for call in changed.calls if call.root not in hidden]
    return Effect(
        frozenset((of_module & local) | ((changed.changes | touched - changed.touched) - hidden)),
        bool((touched | added_to) & parameters),
        bool(kept & parameters),
        frozenset(kept - hidden - {_RESULT, "self"}),
        frozenset(call for call in changed.methods if call.root not in hidden),
        tuple(call._replace(given=rest) for call in calls if (rest := call.given - hidden)),
        tuple(call for call in calls if not call.given.isdisjoint(parameters)),
    )


def _is_stub_error(error: ast.expr | None) -> bool:
    return isinstance(error, ast.Call) and root(error.func) == "NotImplementedError"


def _shared_in_function(node: ast.AST) -> Iterator[set[str]]:
    """Which names in a function may mean parts of one object, after a statement of it."""
    value, names = None, set[str]()
    if isinstance(node, ast.Assign):
        value, names = node.value, set().union(*map(names_in, node.targets))
    elif isinstance(node, ast.AnnAssign):
        value, names = node.value, names_in(node.target)
    elif isinstance(node, (ast.Return, ast.Yield, ast.YieldFrom)):
        value, names = node.value, {_RESULT}
    elif isinstance(node, ast.Lambda):
        value, names = node.body, {_RESULT}
    elif isinstance(node, (ast.For, ast.AsyncFor, ast.comprehension)):
        yield names_in(node.iter) | names_in(node.target)
    if value is not None and (objects := objects_of(value).names):
        yield objects | names


def _walk_outside_functions(top: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a tree that run where they stand; a definition itself comes, not its body."""
    pending = [top]
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, ast.comprehension):
            pending += [node.iter, *node.ifs]  # its own variables are bound in it alone
        elif not isinstance(node, _SCOPES):
            pending += ast.iter_child_nodes(node)


def _loads(node: ast.stmt | ast.expr) -> tuple[set[str], frozenset[str]]:
    """The global names that code refers to when it runs, and those that its functions refer to."""
    now: set[str] = set()
    later: set[str] = set()
    pending = [(code, False) for code in _compiled(node)]
    seen = set(pending)
    while pending:
        code, in_function = pending.pop()
        loads, stores = set(), set()
        for instruction in dis.get_instructions(code):
            if instruction.opname in _LOADS:
                loads.add(instruction.argval)
            elif instruction.opname == "STORE_NAME":
                stores.add(instruction.argval)
        is_class = not code.co_flags & 1 and code.co_name != "<module>"
        if is_class:  # what a class binds is its own
            loads -= stores
        (later if in_function else now).update(loads)
        for inner in code.co_consts:
            if isinstance(inner, CodeType):
                is_function = bool(inner.co_flags & 1) and inner.co_name not in _COMPREHENSIONS
                ways = {in_function or is_function}
                if inner.co_name == "<lambda>":  # it may be called at once, as a key of sorting
                    ways.add(in_function)
                # A lambda in a lambda is reached in many ways; each of the two counts once.
                fresh = {(inner, way) for way in ways} - seen
                seen |= fresh
                pending += fresh
    hidden = {name for name in now | later if name.startswith("__")}
    return now - hidden, frozenset(later - hidden)


def _compiled(node: ast.stmt | ast.expr) -> list[CodeType]:
    """The code of a statement or expression; nothing if Python refuses it."""
    if isinstance(node, ast.expr) and isinstance(getattr(node, "ctx", None), ast.Store):
        return []  # the target of a loop
    statement = ast.Expr(node) if isinstance(node, ast.expr) else node
    module = ast.Module([ast.fix_missing_locations(statement)], [])
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
            return [compile(module, "cell", "exec", flags, dont_inherit=True)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
