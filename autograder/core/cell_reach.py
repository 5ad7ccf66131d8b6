"""What the names of a notebook lead to: what functions refer to, change and share, through others.

A contrived notebook has thousands of names, each of which leads to all others. A set of names is
therefore an integer here, with one bit for each name, and names that lead to each other are
gathered once, together.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence, Set
from typing import NamedTuple

from .cell_names import ANY_NAME, IMPORTED, SEEDING, CellNames, by_name, with_shared
from .cell_objects import ALWAYS_DEFINED, KEEPING_FUNCTIONS, Call, MethodCall
from .strong_components import gathered, strong_components

#: Functions of Python that call what is given to them.
_CALLING_BUILTINS = frozenset({"filter", "iter", "map", "max", "min", "next", "sorted"})
#: What a cell may call besides that only changes settings.
_SHOWING = frozenset({"display", "print"})


class Piece(NamedTuple):
    """The names of a part of a notebook, and where it comes from."""

    names: CellNames
    is_own: bool
    is_answer: bool


class Reach:
    """What names lead to in the pieces of a notebook. Sets of names are integers: see above.

    Args:
        own_modules: see `core.own_modules`. What is imported from any other module is of a library:
            its functions change nothing that is given to them.

    Attributes:
        all_bound: the names that any piece binds, and those that are always there.
        of_libraries: the names that are imported from modules of others alone.
        needed_in_the_end: what the answers define, what they refer to when they are called, and
            what they use before any piece binds it.
    """

    def __init__(self, pieces: Sequence[Piece], own_modules: Set[str] = frozenset()) -> None:
        self._index: dict[str, int] = {}
        self._names: list[str] = []
        self._given_origins: dict[str, set[str]] = {}
        self._own_modules = own_modules
        self._read_origins(pieces)
        self.of_libraries = self.bits(self._of_libraries)
        self.needed_in_the_end = self.bits(self._read_references(pieces))
        self._read_shared(pieces)

    def bits(self, names: Iterable[str]) -> int:
        """A set of names as an integer."""
        found = 0
        for name in names:
            found |= 1 << self._number(name)
        return found

    def names(self, bits: int) -> list[str]:
        """The names of a set that is an integer."""
        return [self._names[number] for number in _numbers(bits)]

    def closed(self, bits: int) -> int:
        """The names, and all that their definitions refer to when they are called."""
        found = bits
        for number in _numbers(bits):
            if number < len(self._closed):
                found |= self._closed[number]
        return found

    def rebound(self, piece: Piece) -> int:
        """The names that a piece binds to something else than the given cells do."""
        return self.bits(
            name
            for name in piece.names.binds
            if not (origin := piece.names.origins.get(name))
            or self._given_origins.get(name) != {origin}
        )

    def changed(self, piece: Piece) -> int:
        """The names whose object a piece changes, by itself or by what it calls.

        If it may bind any name, these are all that no piece seems to bind, too.
        """
        names = piece.names
        changed = self.bits(names.changes | self._changed_by_methods(names.methods))
        for call in names.calls:
            number = self._index.get(call.function, len(self._closed))
            if number < len(self._closed):
                changed |= self._changed_by[number] & ~self.of_libraries
            if self._changes_given(call):
                changed |= self.bits(call.given - self._of_libraries)
            for name in self._called_in(call):
                changed |= self._changed_by[self._index[name]] & ~self.of_libraries
            changed |= self.bits(self._bound_methods & call.given)
            if self._may_be_method(call):
                changed |= self.bits({call.root} | (call.given - self._of_libraries))
        for call in names.through:
            changed |= self.bits(self._kept_by(call) - self._of_libraries)
        if makers := changed & self._makers:
            changed |= self.bits(with_shared(self.names(makers), self._made_by))
        augmented = self.bits(names.augmented)
        shared = self._with_shared(changed | augmented, names.shared_in_loops)
        if piece.names.star_imports or changed & self.bits([ANY_NAME]):
            changed |= ~self.all_bound
        # Only where a sum changes an object does it change another name's value.
        return changed | (shared & ~augmented)

    def only_sets(self, piece: Piece, live: int) -> bool:
        """Whether a piece does nothing but change settings of libraries that may be used.

        No name tells that ``sys.setrecursionlimit(20000)`` is needed. The library is of Python
        itself, or one of which a name is needed; importing any other might fail or take long.

        Args:
            live: the names that are needed at that point.
        """
        names = piece.names
        setting = {
            call
            for call in (*names.calls, *names.stored_through)
            if call in names.stored_through or _is_setter(call)
            if self._is_in_use(call.root, live)
        }
        return bool(setting) and all(
            call in setting or call.function in SEEDING or call.function in _SHOWING
            for call in names.calls
        )

    def _is_in_use(self, name: str, live: int) -> bool:
        """Whether a name comes from a library of Python itself, or from one that is needed."""
        if name not in self._of_libraries:
            return False
        needed = self.names(live & self.of_libraries)
        used = {path.partition(".")[0] for one in needed for path in self._library_paths[one]}
        used |= sys.stdlib_module_names
        return not used.isdisjoint(path.partition(".")[0] for path in self._library_paths[name])

    def _number(self, name: str) -> int:
        number = self._index.setdefault(name, len(self._names))
        if number == len(self._names):
            self._names.append(name)
        return number

    def _changed_by_methods(self, methods: Iterable[MethodCall]) -> set[str]:
        """The names whose objects these calls may change.

        What looks like a method of a module is a function of it, which does not change the module.
        What is imported from a library is most often a module.
        """
        return {
            root
            for root, part in methods
            if root not in self._of_libraries
            and (part not in self._last_parts if part else root not in self._modules)
        }

    def _changes_given(self, call: Call) -> bool:
        """Whether a call changes what is given to it."""
        return self._is_of_own_module(call) or any(
            self._changes_parameters[self._index[name]]
            for name in (*self._called_in(call), call.function)
            if name in self._functions
        )

    def _called_in(self, call: Call) -> Set[str]:
        """The functions of the notebook that are given to a call, and may be called there."""
        if call.function == call.root and call.root in ALWAYS_DEFINED - _CALLING_BUILTINS:
            return frozenset()
        return self._functions & call.given

    def _may_be_method(self, call: Call) -> bool:
        """Whether what is called may be a bound method, or an object with `__call__`."""
        imported = self._of_libraries | self._of_own_modules
        return (
            call.function == call.root
            and call.root in self._bound
            and call.root not in ALWAYS_DEFINED | imported | self._functions
        )

    def _kept_by(self, call: Call) -> Set[str]:
        """The names of whose objects the result of a call may be a part."""
        if call.function in self._functions:
            kept = call.given if call.function in self._keeping else frozenset()
            return kept | self._returned.get(call.function, frozenset())
        is_view = call.function in KEEPING_FUNCTIONS and call.root in self._of_libraries
        if is_view or self._is_of_own_module(call):
            return call.given
        return call.given if self._may_be_method(call) else frozenset()

    def _is_of_own_module(self, call: Call) -> bool:
        """Whether a function of the student's own modules is called, or of what they hold."""
        if call.root in self._of_own_modules:
            return True
        if call.root in self._packages and call.part in self._last_parts:
            return True
        if call.root == call.function:
            return call.root not in self._bound and any(
                self._is_own(f"{module}.{call.function}") for module in self._star_imports
            )
        # What the student added to a module that is not theirs.
        end = f".{call.function}"
        return any(
            {path + end, f"{path}.{call.part}{end}"} & self._own_modules
            for path in self._library_paths.get(call.root, ())
        )

    def _read_origins(self, pieces: Sequence[Piece]) -> None:
        """Note what the given cells bind names to, and which names are imports."""
        origins: dict[str, set[str]] = {}
        for piece in pieces:
            for name, origin in piece.names.origins.items():
                origins.setdefault(name, set()).add(origin)
                if not piece.is_own:
                    self._given_origins.setdefault(name, set()).add(origin)
        #: Names that come from own modules, and those of them that may be such a module.
        self._of_own_modules: set[str] = set()
        self._modules: set[str] = set()
        #: Names of packages that own modules are in, and the last parts of the names of those.
        self._packages: set[str] = set()
        self._last_parts = {module.rpartition(".")[2] for module in self._own_modules}
        #: Names that are imported from other modules alone.
        self._of_libraries: set[str] = set()
        self._library_paths: dict[str, list[str]] = {}
        own_parts = [module.split(".") for module in self._own_modules]
        self._most_parts = max(map(len, own_parts), default=0)
        packages = {".".join(parts[:n]) for parts in own_parts for n in range(1, len(parts))}
        for name, texts in origins.items():
            paths = [text.removeprefix(IMPORTED) for text in texts if text.startswith(IMPORTED)]
            own = [path for path in paths if self._is_own(path)]
            if own:
                self._of_own_modules.add(name)
                if len(own) == len(texts) and self._own_modules >= set(own):
                    self._modules.add(name)
            elif len(paths) == len(texts):
                self._of_libraries.add(name)
                self._library_paths[name] = paths
                if not packages.isdisjoint(paths):
                    self._packages.add(name)
        self._bound = ALWAYS_DEFINED.union(*(piece.names.binds for piece in pieces))
        self._star_imports = {module for piece in pieces for module in piece.names.star_imports}

    def _is_own(self, path: str) -> bool:
        """Whether a dotted name is that of an own module, or of something in one."""
        parts = path.split(".", self._most_parts)[: self._most_parts]
        return any(".".join(parts[:n]) in self._own_modules for n in range(1, len(parts) + 1))

    def _read_references(self, pieces: Sequence[Piece]) -> set[str]:
        """Find what each name leads to, and what a call of it changes.

        Returns the names that the answers need in the end.
        """
        needed: set[str] = set()
        all_bound = set(ALWAYS_DEFINED)
        #: What definitions refer to, each set of names once: many names may refer to the same ones.
        groups: dict[int, frozenset[str]] = {}
        refers_to: list[tuple[str, int]] = []
        self._read_effects(pieces)
        for piece in pieces:
            names = piece.names
            unbound = frozenset(names.uses - all_bound)
            if piece.is_answer:
                needed |= names.defines.union(unbound, *names.later.values())
            if unbound:
                groups[id(unbound)] = unbound
                refers_to += [(name, id(unbound)) for name in names.binds | names.changes]
            for name, later in names.later.items():
                if later:
                    groups[id(later)] = later
                    refers_to.append((name, id(later)))
            all_bound |= names.binds
        effects = [item for piece in pieces for item in piece.names.effects.items()]
        for name in all_bound.union(*groups.values(), (name for name, _ in refers_to)):
            self._number(name)
        for name, _ in effects:
            self._number(name)
        self.all_bound = self.bits(all_bound)
        count = len(self._names)
        place = {group: count + number for number, group in enumerate(groups)}
        leads_to: list[list[int]] = [[] for _ in range(count + len(groups))]
        for name, group in refers_to:
            leads_to[self._index[name]].append(place[group])
        for group, names_of_group in groups.items():
            leads_to[place[group]] = [self._index[name] for name in names_of_group]
        changed, parameters = [0] * len(leads_to), [0] * len(leads_to)
        for name, effect in effects:
            parameters[self._index[name]] |= effect.parameters or any(
                map(self._is_of_own_module, effect.passed_on)
            )
        components = strong_components(leads_to)
        own = [1 << number if number < count else 0 for number in range(len(leads_to))]
        self._closed = gathered(components, leads_to, own)[:count]
        self._changes_parameters = gathered(components, leads_to, parameters)[:count]
        for name, effect in effects:
            objects = effect.names | self._changed_by_methods(effect.methods)
            given = (call.given for call in effect.calls if self._changes_given(call))
            changed[self._index[name]] |= self.bits(objects.union(*given))
        self._changed_by = gathered(components, leads_to, changed)[:count]
        return needed

    def _read_effects(self, pieces: Sequence[Piece]) -> None:
        """Note which functions of the notebook return or keep what."""
        self._functions: set[str] = set()
        self._keeping: set[str] = set()
        self._returned: dict[str, frozenset[str]] = {}
        self._bound_methods: set[str] = set()
        for piece in pieces:
            self._bound_methods |= piece.names.bound_methods
            for name, effect in piece.names.effects.items():
                self._functions.add(name)
                if effect.keeps:
                    self._keeping.add(name)
                if effect.returns:
                    self._returned[name] = self._returned.get(name, frozenset()) | effect.returns

    def _read_shared(self, pieces: Sequence[Piece]) -> None:
        """Find the names whose objects may be parts of each other; imports lead to no others."""
        shared = [group for piece in pieces for group in piece.names.shared]
        shared += [{name, *returned} for name, returned in self._returned.items()]
        #: What a class or function made: what changes a class changes its objects.
        self._made_by: dict[str, list[set[str]]] = {}
        for piece in pieces:
            shared += [
                {call.function, *call.given}
                for call in piece.names.calls
                if call.given and call.function in self._bound_methods
            ]
            for bound, call in piece.names.derived:
                if kept := self._kept_by(call):
                    shared.append({*bound, *kept})
                if call.function == call.root and call.root not in self._of_libraries:
                    self._made_by.setdefault(call.root, []).append(set(bound))
        self._makers = self.bits(self._made_by)
        groups = by_name(group - self._of_libraries for group in shared)
        #: By a name, the first name of those that it shares objects with, and by that one all.
        self._first: dict[str, str] = {}
        self._together: dict[str, int] = {}
        for name in groups:
            if name not in self._first:
                members = with_shared([name], groups)
                self._first.update(dict.fromkeys(members, name))
                self._together[name] = self.bits(members)
        self._all_shared = self.bits(groups)

    def _with_shared(self, bits: int, in_loops: Iterable[set[str]]) -> int:
        """The names, and those that share an object with them.

        Args:
            in_loops: groups that share objects in this piece alone.
        """
        groups = by_name({self._first.get(n, n) for n in g - self._of_libraries} for g in in_loops)
        rest = bits & (self._all_shared | self.bits(groups)) & ~self.of_libraries
        firsts = {self._first.get(name, name) for name in self.names(rest)}
        for first in with_shared(firsts, groups):
            bits |= self._together.get(first) or self.bits([first])
        return bits


def _is_setter(call: Call) -> bool:
    """Whether a call of a library changes a setting of it, by its name."""
    is_of_module = call.part != "[]"  # and not of an object that a call gave
    return is_of_module and (
        call.function in {"filterwarnings", "simplefilter"}
        or (call.function.startswith("set") and call.function not in {"set_trace", "setp"})
    )


def _numbers(bits: int) -> Iterable[int]:
    """The numbers of the bits that are set, from the lowest."""
    text = bin(bits)[:1:-1]
    number = text.find("1")
    while number >= 0:
        yield number
        number = text.find("1", number + 1)
