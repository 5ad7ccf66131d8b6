"""One value where several are expected: found in the traces, with the names of the values."""

import numpy as np
import pytest

from autograder.core.returned_values import names_returned, one_for_several
from autograder.core.student import TraceEntry
from autograder.core.values import describe

SOURCE = '''
def forward(x):
    """Returns what it says."""
    if x is None:
        return None
    return out, cache

def documented(x):
    """
    Computes it.

    Inputs:
    - x: data

    Returns a tuple of:
    - dx: gradient
    - dw: gradient
    """
    return dx

def in_line(x):
    """Returns ``(out, cache)``: the result, and (more)."""

def single(x):
    """Returns the result (an array)."""
    return x

class Net:
    def loss(self, X):
        """Returns:
        - loss: number
        - grads: dictionary
        """
        return loss, {"W1": 1}
'''
PAIR = "(array of float, shape (2, 3), object)"


def entries(*pairs):
    return [TraceEntry(*pair) for pair in pairs]


def said(got, wanted=PAIR, names=("out", "cache")):
    trace, expected = entries(("layers.f", got)), entries(("layers.f", wanted))
    return one_for_several(trace, expected, lambda _: names)


def test_the_names_are_those_in_the_return_or_in_the_docstring():
    assert names_returned({"sub/layers.py": SOURCE, "broken.py": "def f(:"}) == {
        "sub.layers.forward": ("out", "cache"),
        "sub.layers.documented": ("dx", "dw"),
        "sub.layers.in_line": ("out", "cache"),
        "sub.layers.Net.loss": ("loss", "grads"),
    }


@pytest.mark.parametrize(
    ("got", "words"),
    [
        ("array of float, shape (2, 3)", "one array"), ("number, not finite", "one number"),
        ("none", "None"), ("object", "one object"), ("text", "one string"),
    ],
)  # fmt: skip
def test_one_value_is_said_where_a_pair_is_expected(got, words):
    assert said(got) == f"layers.f returned {words}, a pair (out, cache) is expected"


def test_more_names_and_no_names():
    assert said("none", names=("a", "b", "c")).endswith("None, a tuple (a, b, c) is expected")
    assert said("none", names=()) == "layers.f returned None, a pair (array, object) is expected"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ((np.zeros(2), np.zeros(2)), "a pair (array, array)"),
        ((np.zeros((2, 3)), {"a, b": (1, 2)}, 1.0), "a tuple (array, dictionary, number)"),
        (((1, "x"), [np.array([np.inf, 1.0]), 2]), "a pair (tuple, list)"),
        ((True, None, {1}, set(), range(3)), "a tuple (flag, None, set, set, range)"),
        ((1, 2, 3, 4, 5, "x"), "a tuple (number, number, number, number, number, string)"),
        (tuple(range(99)), f"a tuple ({'number, ' * 8}…)"),
        ((), "a tuple ()"),
    ],
)  # fmt: skip
def test_without_names_it_is_said_what_the_values_are(value, words):
    said_of = said("array of float, shape (2, 2)", describe(value), names=())
    assert said_of == f"layers.f returned one array, {words} is expected"


def test_a_list_of_the_reference_is_called_a_list():
    wanted = "[number, number]"
    assert said("none", wanted, ()) == f"layers.f returned None, a list {wanted} is expected"
    assert said("none", wanted) == "layers.f returned None, a pair (out, cache) is expected"


@pytest.mark.parametrize(
    ("got", "wanted"), [(PAIR, PAIR), ("(none, none)", PAIR), ("none", "number"), (PAIR, "number")]
)
def test_nothing_is_said_of_other_differences(got, wanted):
    assert said(got, wanted) == ""


def test_a_method_has_its_name_and_calls_in_another_order_are_not_compared():
    fetched = ("….loss", "object")
    trace, expected = entries(fetched, ("…", "number")), entries(fetched, ("…", PAIR))
    assert one_for_several(trace, expected, lambda _: ()).startswith(
        "loss returned one number, a pair ("
    )
    other = entries(("f", "none"), ("h", "none"))
    assert one_for_several(other, entries(("f", "none"), ("g", PAIR)), lambda _: ()) == ""
