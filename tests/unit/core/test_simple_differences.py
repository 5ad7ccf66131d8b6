"""Differences of a simple shape are said, and nothing is said of others."""

import itertools

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.core.compare import compare
from autograder.core.simple_differences import simple_difference
from autograder.core.tolerances import EXACT, FLOAT32, FLOAT64

X = np.random.RandomState(0).randn(3, 4, 5, 6)


def arrays(min_side=1):
    shapes = hnp.array_shapes(max_dims=4, min_side=min_side, max_side=4)
    return hnp.arrays(np.float64, shapes, elements=st.floats(-1e3, 1e3, allow_subnormal=False))


def said(observed, expected, tolerance=FLOAT64):
    return simple_difference(np.asarray(observed), np.asarray(expected), tolerance)


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        (2, "2"), (-1, "-1"), (0.5, "1/2"), (-0.2, "-1/5"), (0.37, "0.37"),
        (3, "3 (3 is the length of the first axis)"),
        (1 / 3, "1/3 (3 is the length of the first axis)"),
    ],
)  # fmt: skip
def test_all_values_are_k_times_the_expected(factor, words):
    assert said(factor * X, X) == f"all values are {words} times the expected"
    assert said((factor * X).astype(np.float32), X, FLOAT32).endswith("times the expected")


@given(arrays(), st.integers(-100, 100))
def test_any_whole_factor_is_found_in_any_array(x, factor):
    assume(factor not in (0, 1) and np.max(np.abs(x)) > 1e-3)
    assert "times the expected" in said(factor * x, x)


def test_numbers_are_k_times_the_expected_only_for_a_simple_k():
    assert said(4.6, 2.3) == "it is 2 times the expected"
    assert said(-2.3, 2.3) == "it is -1 times the expected"
    assert said(4.5, 2.3) == said(6, 3) == said(0.0, 2.3) == ""


def test_all_zeros_are_said():
    assert said(0 * X, X) == "all values are 0"


@pytest.mark.parametrize("shape", [(4, 4), (3, 5)])
def test_a_transposed_array_is_said(shape):
    x = np.random.RandomState(1).randn(*shape)
    assert said(x.T, x) == "it is the expected array, transposed"


@given(st.permutations(range(4)))
def test_another_order_of_the_axes_is_said(order):
    assume(list(order) != [0, 1, 2, 3])
    words = f"it is the expected array with its axes in the order {tuple(order)}"
    assert said(X.transpose(order), X) == words


@pytest.mark.parametrize("shape", [(1, 4), (4, 1), (1, 4, 1)])
def test_right_values_in_another_shape_are_said(shape):
    x = np.arange(4.0)
    assert said(x.reshape(shape), x) == "the values are right, the shape is not"
    assert said(x.reshape(shape) + 1, x) == ""


@given(arrays(), st.sampled_from([-7.5, 0.25, 3.0]))
def test_a_constant_that_was_added_is_said(x, shift):
    assume(x.size > 2 and len(np.unique(x)) > 2)
    assert said(x + shift, x).startswith(("all values are", "it is the expected"))
    # An array of few values may be another simple thing too.
    assert said(X + shift, X) == f"all values are the expected plus {shift:g}"


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ((1,), "right but for one example or row, [1]"),
        ((slice(None), 2), "right but for one index of an axis, [:, 2]"),
        ((Ellipsis, 0), "right but for one index of an axis, [:, :, :, 0]"),
    ],
)
def test_one_example_or_channel_that_is_wrong_is_said(where, words):
    y = X.copy()
    y[where] += np.abs(y[where]) + 1
    assert said(y, X) == words


def test_the_border_is_said_with_its_sides():
    border = np.full_like(X, 9)
    border[..., 1:-1, 1:-1] = X[..., 1:-1, 1:-1]
    assert said(border, X) == "right but for the border (of the last two axes)"
    corner = X.copy()
    corner[..., -1, :] = 9
    corner[..., :, -1] = 9
    words = "right but for the border (of the last two axes): last row, last column"
    assert said(corner, X) == words


@given(arrays(min_side=3), st.integers(0, 2**32 - 1))
def test_nothing_is_said_of_an_array_with_no_simple_difference(x, seed):
    noise = np.random.RandomState(seed).uniform(1, 2, x.shape)
    assert said(x + noise * (1 + np.abs(x)), x) == ""


@pytest.mark.parametrize(
    ("observed", "expected"),
    list(itertools.permutations([[1e308, 1e-308, 1.0], [-1e308, 5e-324, 0.0], [0.0, 0.0, 0.0]], 2)),
)
def test_extreme_values_raise_no_warning(observed, expected):
    said(observed, expected)
    said(np.float64(observed[1]), np.float64(expected[1]))


@pytest.mark.parametrize("dtype", [np.complex128, np.bool_, np.uint8, np.int64])
def test_other_kinds_of_numbers_are_compared_too(dtype):
    x = np.array([[1, 0, 3], [0, 1, 1]]).astype(dtype)
    assert said(x.T, x, EXACT) == "it is the expected array, transposed"
    said(x[::-1], x, EXACT)


def test_the_message_begins_with_the_simple_difference():
    assert compare(2 * X, X, FLOAT64).message.splitlines()[:2] == [
        "all values are 2 times the expected",
        "360 of 360 elements differ: relative error 0.333, tolerance 1e-06",
    ]
    assert compare(X[0, 0].T, X[0, 0], FLOAT64).message == (
        "got shape (6, 5), expected (5, 6): it is the expected array, transposed"
    )
    number = compare(4.6, 2.3, FLOAT64).message
    assert number.startswith("got 4.6, expected 2.3: it is 2 times the expected; relative error")
    broken = X.T.copy()
    broken[0] = np.nan
    assert compare(broken, X, FLOAT64).message == "got shape (6, 5, 4, 3), expected (3, 4, 5, 6)"
