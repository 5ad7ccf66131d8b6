"""Which nodes of a graph lead to each other, and what all that a node leads to holds together."""

from __future__ import annotations

from collections.abc import Sequence


def strong_components(leads_to: Sequence[Sequence[int]]) -> list[list[int]]:
    """The nodes in groups that lead to each other, in time linear in the edges (Tarjan).

    Args:
        leads_to: by a node's number, the nodes that it leads to.

    A group comes after all groups that it leads to.
    """
    components: list[list[int]] = []
    order = [0] * len(leads_to)  # when a node was met, from 1
    lowest = [0] * len(leads_to)
    open_nodes: list[int] = []
    is_open = [False] * len(leads_to)
    met = 0
    for start in range(len(leads_to)):
        # A loop and no recursion: a chain may be longer than the stack.
        path = [] if order[start] else [(start, iter(leads_to[start]))]
        while path:
            node, rest = path[-1]
            if not order[node]:
                met += 1
                order[node] = lowest[node] = met
                open_nodes.append(node)
                is_open[node] = True
            for following in rest:
                if not order[following]:
                    path.append((following, iter(leads_to[following])))
                    break
                if is_open[following]:
                    lowest[node] = min(lowest[node], order[following])
            else:
                path.pop()
                if path:
                    above = path[-1][0]
                    lowest[above] = min(lowest[above], lowest[node])
                if lowest[node] == order[node]:
                    component = _cut(open_nodes, node)
                    for member in component:
                        is_open[member] = False
                    components.append(component)
    return components


def _cut(stack: list[int], node: int) -> list[int]:
    """Take a node, and all that lies above it, from a stack."""
    taken = [stack.pop()]
    while taken[-1] != node:
        taken.append(stack.pop())
    return taken


def gathered(
    components: Sequence[Sequence[int]], leads_to: Sequence[Sequence[int]], own: Sequence[int]
) -> list[int]:
    """By a node, the bits of all nodes that it leads to and its own.

    Args:
        components: as `strong_components` gives them.
        own: by a node, its own bits.
    """
    found = [0] * len(leads_to)
    for component in components:
        bits = 0
        for node in component:
            bits |= own[node]
            for following in leads_to[node]:
                bits |= found[following]
        for node in component:
            found[node] = bits
    return found
