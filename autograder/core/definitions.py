"""Selecting the statements of a notebook that define given names, with all that those need.

Students split cells, merge them and move them about, and tools save notebooks without the cells'
ids. What an answer cell has to define is then looked for by name in all cells.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from .cell_statements import ALWAYS_DEFINED, MAX_SEARCHED, Statement

#: A line that seems to define something, even if the cell is not Python 3.
_DEFINITION = re.compile(r"^(?:def|class)[ \t]+(\w+)|^(\w+)[ \t]*=(?!=)", re.MULTILINE)


def select_definitions(
    names: Collection[str], known: Collection[str], statements: Sequence[Statement]
) -> list[Statement]:
    """The statements that define `names`, and those that they need in turn, in their order.

    If a name is defined several times, the last definition counts that is not a stub. Names in
    `known` are defined elsewhere already. A name that no statement defines is left out.
    """
    chosen: dict[str, Statement] = {}
    for statement in _without_lost_constants(statements, set(known) | ALWAYS_DEFINED):
        for name in statement.names:
            if name not in chosen or not statement.is_stub or chosen[name].is_stub:
                chosen[name] = statement
    selected: dict[int, Statement] = {}
    pending = list(names)
    done = set(known) | ALWAYS_DEFINED
    while pending:
        name = pending.pop()
        if name in done or name not in chosen:
            continue
        done.add(name)
        statement = chosen[name]
        selected[statement.index] = statement
        pending += statement.uses
    return [selected[index] for index in sorted(selected)]


def apparent_definitions(cells: Sequence[str]) -> dict[str, int]:
    """The names that cells seem to define, even if they are not Python, for messages.

    Returns the number of the last such cell, from 1, by name.
    """
    if sum(map(len, cells)) > MAX_SEARCHED:
        return {}
    return {
        found[1] or found[2]: number
        for number, source in enumerate(cells, 1)
        for found in _DEFINITION.finditer(source)
    }


def joined(statements: Iterable[Statement]) -> str:
    """The statements as the source of one cell."""
    return "\n\n\n".join(statement.source for statement in statements)


def _without_lost_constants(statements: Iterable[Statement], known: set[str]) -> list[Statement]:
    """The statements without constants that use a name which none of them defines.

    Such a name is often data that another cell loads. A constant that uses a lost one is lost too.
    """
    kept = dict(enumerate(statements))
    definitions = Counter(name for statement in kept.values() for name in statement.names)
    users: dict[str, list[int]] = {}
    for index, statement in kept.items():
        for name in statement.uses if statement.constant else ():
            users.setdefault(name, []).append(index)
    lost = [name for name in users if not definitions[name] and name not in known]
    while lost:
        for index in users.get(lost.pop(), ()):
            if index in kept:
                names = kept.pop(index).names
                definitions.subtract(names)
                lost += (name for name in names if not definitions[name] and name not in known)
    return list(kept.values())
