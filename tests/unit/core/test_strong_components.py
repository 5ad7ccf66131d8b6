"""The nodes of a graph that lead to each other."""

from hypothesis import given
from hypothesis import strategies as st

from autograder.core.strong_components import gathered, strong_components

NODES = 8


def reached(leads_to, node):
    found, pending = set(), [node]
    while pending:
        here = pending.pop()
        if here not in found:
            found.add(here)
            pending += leads_to[here]
    return found


@given(st.lists(st.lists(st.integers(0, NODES - 1)), min_size=NODES, max_size=NODES))
def test_a_node_gathers_all_that_it_leads_to(leads_to):
    components = strong_components(leads_to)
    assert sorted(node for component in components for node in component) == list(range(NODES))
    bits = gathered(components, leads_to, [1 << node for node in range(NODES)])
    for node in range(NODES):
        assert bits[node] == sum(1 << other for other in reached(leads_to, node))


def test_a_chain_may_be_longer_than_the_stack():
    chain = [[node + 1] for node in range(20_000)] + [[]]
    assert strong_components(chain)[0] == [20_000]
