"""What the names of a notebook lead to: what functions refer to, change and share, through others.

A contrived notebook has thousands of names, each of which leads to all others. A set of names is
therefore an integer here, with one bit for each name, and names that lead to each other are
gathered once, together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .cell_names import ALWAYS_DEFINED, IMPORTED, CellNames, by_name, with_shared
from .strong_components import gathered, strong_components


class Piece(NamedTuple):
    """The names of a part of a notebook, and where it comes from."""

    names: CellNames
    is_own: bool
    is_answer: bool


class Reach:
    """What names lead to in the pieces of a notebook. Sets of names are integers: see above.

    Attributes:
        all_bound: the names that any piece binds, and those that are always there.
        needed_in_the_end: what the answers define, what they refer to when they are called, and
            what they use before any piece binds it.
    """

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._index: dict[str, int] = {}
        self._names: list[str] = []
        self._given_origins: dict[str, set[str]] = {}
        self._imported = self._read_origins(pieces)
        self._imported_bits = self.bits(self._imported)
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
        """The names whose object a piece changes, by itself or by what it calls."""
        names = piece.names
        # What is imported is most often a module; calling its functions does not change it.
        changed = self.bits(names.changes | (names.methods_of - self._imported))
        for function, given in names.calls:
            number = self._index.get(function, len(self._closed))
            if number < len(self._closed):
                changed |= self._changed_by[number] & ~self._imported_bits
                if self._changes_parameters[number]:
                    changed |= self.bits(given)
        augmented = self.bits(names.augmented)
        shared = self._with_shared(changed | augmented, names.shared_in_loops)
        # Only where a sum changes an object does it change another name's value.
        return changed | (shared & ~augmented)

    def _number(self, name: str) -> int:
        number = self._index.setdefault(name, len(self._names))
        if number == len(self._names):
            self._names.append(name)
        return number

    def _read_origins(self, pieces: Sequence[Piece]) -> set[str]:
        """Note what the given cells bind names to; returns the names that are imports alone."""
        origins: dict[str, set[str]] = {}
        for piece in pieces:
            for name, origin in piece.names.origins.items():
                origins.setdefault(name, set()).add(origin)
                if not piece.is_own:
                    self._given_origins.setdefault(name, set()).add(origin)
        return {
            name
            for name, texts in origins.items()
            if all(text.startswith(IMPORTED) for text in texts)
        }

    def _read_references(self, pieces: Sequence[Piece]) -> set[str]:
        """Find what each name leads to, and what a call of it changes.

        Returns the names that the answers need in the end.
        """
        needed: set[str] = set()
        all_bound = set(ALWAYS_DEFINED)
        #: What definitions refer to, each set of names once: many names may refer to the same ones.
        groups: dict[int, frozenset[str]] = {}
        refers_to: list[tuple[str, int]] = []
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
            changed[self._index[name]] |= self.bits(effect.names)
            parameters[self._index[name]] |= effect.parameters
        components = strong_components(leads_to)
        own = [1 << number if number < count else 0 for number in range(len(leads_to))]
        self._closed = gathered(components, leads_to, own)[:count]
        self._changed_by = gathered(components, leads_to, changed)[:count]
        self._changes_parameters = gathered(components, leads_to, parameters)[:count]
        return needed

    def _read_shared(self, pieces: Sequence[Piece]) -> None:
        """Find the names whose objects may be parts of each other; imports lead to no others."""
        groups = by_name(group - self._imported for piece in pieces for group in piece.names.shared)
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
        groups = by_name({self._first.get(n, n) for n in g - self._imported} for g in in_loops)
        rest = bits & (self._all_shared | self.bits(groups)) & ~self._imported_bits
        firsts = {self._first.get(name, name) for name in self.names(rest)}
        for first in with_shared(firsts, groups):
            bits |= self._together.get(first) or self.bits([first])
        return bits


def _numbers(bits: int) -> Iterable[int]:
    """The numbers of the bits that are set, from the lowest."""
    text = bin(bits)[:1:-1]
    number = text.find("1")
    while number >= 0:
        yield number
        number = text.find("1", number + 1)
