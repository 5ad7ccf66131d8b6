"""Texts that are compared: what differs, and numbers in them within a tolerance."""

import pytest

from autograder.core.compare import compare
from plumbline import FLOAT64, NumbersInText, Tolerance


@pytest.mark.parametrize(
    ("text", "expected", "message"),
    [
        ("Ann", "Bob", "got 'Ann', expected 'Bob'"),
        ("ann", "Ann", "only capitals differ; got 'ann', expected 'Ann'"),
        ("a  b", "a b", "only white space differs; got 'a  b', expected 'a b'"),
        ("1\n2\n4\n", "1\n2\n3\n", "line 3: got '4', expected '3'"),
        ("1\n", "1\n2\n", "line 2: got '', expected '2'"),
        ("1", "1\n2", "line 2 is missing, expected '2'"),
        ("1\n2", "1", "line 2 is one too many, got '2'"),
        ("1", "1\n", "only white space differs; line 2 is missing, expected ''"),
    ],
)
def test_the_first_line_that_differs_is_said(text, expected, message):
    found = compare(text, expected, FLOAT64)
    assert (found.share, found.message) == (0, message)


def test_of_long_lines_the_part_that_differs_is_shown():
    text = "a" * 1000 + "x" + "b" * 1000
    found = compare(text, text.replace("x", "y"), FLOAT64)
    assert "x" in found.message
    assert len(found.message) < 400


TABLE = "n  value\n1  0.3333333333\n2  -1.5e-3\n"


@pytest.mark.parametrize(
    ("text", "share"),
    [
        (TABLE, 1),
        ("n value\n1 0.33333333\n2 -0.0015", 1),
        (TABLE.replace("0.3333333333", "0.334"), 0.5),
        (TABLE.replace("0.3333333333", "0.4"), 0),
        (TABLE.replace("n ", "m "), 0),
        (TABLE.replace("-1.5", "1.5"), 0),
        (TABLE + "3  1", 0),
        (TABLE.replace("0.3333333333", "nan"), 0),
        (TABLE.replace("0.3333333333", "9" * 5000), 0),
        (TABLE.replace("0.3333333333", "1e999"), 0),
        ("", 0),
    ],
)
def test_numbers_in_a_text_may_differ_a_little(text, share):
    measure = NumbersInText(Tolerance(((1e-6, 1.0), (1e-2, 0.5))))
    found = compare(text, TABLE, measure)
    assert found.share == share
    assert bool(found.message) == (share < 1)


def test_numbers_beside_a_text_are_compared_by_the_same_tolerance():
    assert compare(1.0000001, 1.0, NumbersInText()).share == 1
    assert compare(1.1, 1.0, NumbersInText()).share == 0


def test_a_text_without_numbers_is_compared_by_its_words():
    assert compare("a  b\n", "a b", NumbersInText()).share == 1
    assert compare("a c", "a b", NumbersInText()).share == 0


@pytest.mark.parametrize(
    "text", ["1" * 500_000 + "x", "1." * 250_000, "-" * 500_000, "1e" * 250_000]
)
def test_a_hostile_text_ends_soon(text):
    """It has no time limit here: a pattern that goes back would take hours."""
    assert compare(text, TABLE, NumbersInText()).share == 0
