"""Comparing observations: exact shape and kind, finite, then the error."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.core.compare import compare
from autograder.core.tolerances import EXACT, FLOAT32, FLOAT64, Tolerance, rel_error

arrays = hnp.arrays(
    np.float64,
    hnp.array_shapes(max_dims=4, max_side=4),
    elements=st.floats(-1e6, 1e6, allow_subnormal=False),
)


@given(arrays)
def test_an_array_equals_itself_exactly(x):
    result = compare(x.copy(), x, EXACT)
    assert (result.share, result.error, result.message) == (1.0, 0.0, "")


@given(arrays, st.data())
def test_one_changed_element_is_counted_found_and_shown(x, data):
    index = tuple(data.draw(st.integers(0, side - 1)) for side in x.shape)
    y = x.copy()
    y[index] = x[index] + 1 + abs(x[index])
    result = compare(y, x, FLOAT64)
    assert result.share == 0
    assert f"1 of {x.size} elements differ" in result.message
    assert f"first at [{', '.join(map(str, index))}]" in result.message


def test_the_message_gives_count_first_worst_error_and_tolerance():
    x = np.arange(1.0, 7.0).reshape(2, 3)
    y = x.copy()
    y[0, 1] += 0.01
    y[1, 2] = -60
    assert compare(y, x, FLOAT64).message.splitlines() == [
        "2 of 6 elements differ: relative error 1, tolerance 1e-06",
        "first at [0, 1]: got 2.01, expected 2",
        "worst at [1, 2]: got -60, expected 6",
    ]


@pytest.mark.parametrize(
    ("observed", "words"),
    [
        (np.ones((1, 3)), "got shape (1, 3), expected (3,)"),
        (np.ones(()), "got a number, expected an array of float, shape (3,)"),
        (np.ones(0), "got shape (0,), expected (3,)"),
        (np.ones(3, int), "got elements of kind integer (int64), expected float"),
        (np.ones(3, complex), "got elements of kind complex (complex128), expected float"),
        (
            np.array([1, np.nan, np.inf]),
            "2 of 3 elements are not finite, the first at [1]: got nan, expected 1",
        ),
        (np.array([1, np.nan, 1]), "1 of 3 elements is not finite, at [1]: got nan, expected 1"),
        ((np.ones(3),), "got 1 value (array of float, shape (3,)), expected an array"),
        ([1.0] * 3, "got a list [number, number, number], expected an array of float, shape (3,)"),
        ((np.ones(3), None), "got 2 values (array of float, shape (3,), none), expected an array"),
        (None, "got None, expected an array of float, shape (3,)"),
        ("1 1 1", "got a string, expected an array of float, shape (3,)"),
    ],
)
def test_what_naive_comparisons_let_pass_is_wrong(observed, words):
    result = compare(observed, np.ones(3), FLOAT64)
    assert result.share == 0
    assert words in result.message


def test_float32_is_the_same_kind_as_float64():
    assert compare(np.ones(3, np.float32), np.ones(3), FLOAT64).share == 1


@pytest.mark.parametrize("number", [2.5, np.float64(2.5), np.array(2.5), np.float32(2.5)])
def test_a_number_may_be_a_float_a_scalar_or_a_0d_array(number):
    assert compare(number, 2.5, FLOAT64).share == 1


@pytest.mark.parametrize("number", [2.6, float("nan"), float("inf"), "2.5", None, True, [2.5]])
def test_another_number_or_none_at_all_is_wrong(number):
    result = compare(number, 2.5, FLOAT64)
    assert result.share == 0
    assert "expected" in result.message


def test_tiers_give_a_share_of_the_points():
    tiers = Tolerance(((1e-6, 1.0), (1e-2, 0.5)))
    assert compare(np.array([1.001]), np.array([1.0]), tiers).share == 0.5
    assert compare(np.array([1.0]), np.array([1.0]), tiers).share == 1.0
    assert compare(np.array([2.0]), np.array([1.0]), tiers).share == 0.0


def test_tiers_must_rise_in_error_and_fall_in_share():
    with pytest.raises(ValueError, match="tiers must rise"):
        Tolerance(((1e-2, 1.0), (1e-6, 0.5)))


def test_single_precision_is_measured_against_the_largest_element():
    x = np.array([1e-6, 1000.0])
    assert compare(x + np.array([1e-5, 0]), x, FLOAT32).share == 1
    assert compare(x + np.array([0, 10]), x, FLOAT32).share == 0


def test_rel_error_is_the_fields():
    x, y = np.array([1.0, -2.0]), np.array([1.5, -2.0])
    assert rel_error(x, y) == 0.5 / 2.5
    assert rel_error(0.0, 1e-12) == pytest.approx(1e-4)
    assert rel_error(np.ones(0), np.ones(0)) == 0


def test_integers_that_would_overflow_are_compared_rightly():
    x = np.array([200], np.uint8)
    assert compare(np.array([100], np.uint8), x, FLOAT64).error == pytest.approx(1 / 3)


def test_among_equal_errors_the_farthest_is_the_worst_and_zero_has_no_sign():
    x = np.zeros(5)
    x[1] = -0.0
    y = x.copy()
    y[1], y[3] = 1e-5, 7.0
    assert compare(y, x, FLOAT64).message.splitlines()[1:] == [
        "first at [1]: got 1e-05, expected 0",
        "worst at [3]: got 7, expected 0",
    ]
