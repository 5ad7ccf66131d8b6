"""What an author reads of the values that a check records."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from autograder.core.functions import FunctionUse
from autograder.core.judge import Expected
from autograder.core.tables import Column, Table
from plumb.trial_texts import (
    called_with,
    compared_in,
    drift,
    in_short,
    short,
    tells_nothing,
    untelling,
)
from plumbline import at_most, check


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.23456789, "1.23457"),
        (np.arange(6.0), "[0, 1, 2, 3, ...]"),
        (np.ones((2, 1)), "[1, 1] (2, 1)"),
        (np.array([]), "[]"),
        ("ab", "'ab'"),
        ("a" * 200, "'" + "a" * 39 + "... (text)"),
        (True, "True"),
        (None, "None"),
        (np.array(["a", "b"]), "[a, b]"),
        (np.array([True, False]), "[True, False]"),
        (np.array(["2026-01-31"], "M8[D]"), "[2026-01-31]"),
        (1 + 2j, "1+2j"),
        (10**400, "1" + "0" * 39 + "... (number)"),
        ([1.25, "a"], "[1.25, 'a']"),
        ((2,), "(2,)"),
        ([np.arange(9.0)] * 5, "[" + "[0, 1, 2, 3, ...], " * 4 + "...]"),
        (Table("Index", (Column("n", "int64", np.arange(2)),)), "Index of 2 rows: 'n' (integer)"),
    ],
)
def test_a_value_in_short(value, text):
    assert short(value) == text


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ([], "an empty list"),
        ({}, "an empty dict"),
        (range(0), "an empty range"),
        ([0], "a list with nothing but zero"),
        ([0.0, 0], "a list with nothing but zero"),
        ((False, False), "a tuple with nothing but False"),
        ([[0, 0], [0, None]], "a list with nothing but zero and None"),
        ({"a": [0], "b": ""}, "a dictionary with nothing but zero and an empty string"),
        ([np.zeros(3), []], "a list with nothing but all zeros and an empty list"),
        ([True, True, True], "a list of 3 equal elements"),
        (["ab", "ab"], "a list of 2 equal elements"),
        ([2], ""),
        ([0, 1], ""),
        ({"a": 1, "b": 1}, ""),
        ([np.arange(3), np.arange(3)], ""),
        (Decimal("0.00"), "zero"),
        (Fraction(0), "zero"),
        (timedelta(0), "zero"),
        (np.datetime64(0, "D"), ""),
        (False, ""),
        (" ", "an empty string"),
        (0.0, "zero"),
        (np.zeros(3), "all zeros"),
        (np.ones((2, 2)), "an array of 4 equal numbers"),
        (np.zeros((0, 2)), "an empty array"),
        (None, "None"),
        (np.array([2.0]), ""),
        (np.arange(3), ""),
        (True, ""),
        ("nothing", "'nothing', so that the call raised nothing, as one that makes a generator"),
        ("a", ""),
        (1, ""),
    ],
)
def test_a_value_that_would_hardly_tell_a_wrong_answer(value, reason):
    assert tells_nothing(value) == reason


def test_one_telling_observation_is_enough_and_a_goal_is_one():
    assert untelling({"a": 0, "b": ""}, ()) == "a is zero; b is an empty string"
    assert untelling({"a": 0, "b": 2}, ()) == ""
    assert untelling({"a": 0}, {"a"}) == ""
    assert untelling({"a": [0, 0]}, ()) == "a is a list with nothing but zero"


def test_false_may_be_an_answer_but_not_for_every_input():
    assert untelling({"a": False}, ()) == ""
    assert untelling({"a": False, "b": False}, ()) == "a, b are all False"
    assert untelling({"a": False, "b": True}, ()) == ""
    assert untelling({"a": False, "b": False}, {"b"}) == ""


@pytest.mark.parametrize(
    ("returned", "found"),
    [
        ("{'n': np.allclose(student.f(2), 7)}", True),
        ("{'n': bool(np.isclose(student.f(2), 7).all())}", True),
        ("{'n': np.all(abs(student.f(2) - 7) < 1e-6)}", True),
        ("{'n': student.f(2) == 7}", True),
        ("{'n': close}", True),
        ("{'n': not np.allclose(student.f(2), 7)}", False),
        ("{'n': student.f(2) is None}", False),
        ("{'n': student.f(2)}", False),
    ],
)
def test_false_out_of_a_comparison_on_the_reference_passes_wrong_answers(returned, found):
    source = (
        f"@check('f')\ndef f(student, rng):\n    close = math.isclose(2, 3)\n    return {returned}"
    )
    names = compared_in(source)
    assert names == ({"n"} if found else set())
    assert ("not what the check compares" in untelling({"n": False}, (), names)) == found
    assert untelling({"n": True}, (), names) == ""


def test_a_check_in_an_if_is_read_whatever_texts_it_holds():
    source = (
        "    @check('f')\n    def f(student, rng):\n        text = '''\na,b\n'''\n"
        "        return {'same': student.f(text) == 7}\n"
    )
    assert compared_in(source) == {"same"}


@check("f", goals={"seconds": at_most(1)}, score=lambda seen: 1.0)
def drifting(student, rng):
    """What a second run gives."""


@pytest.mark.parametrize(
    ("again", "expected", "words"),
    [
        (1764417600.1, 1764417600.0, "y: got 1764417600, expected 1764417600: "),
        (0.1 + 0.2, 0.3, ""),
        (np.array([1.0, 1e-17]), np.array([1.0, 0.0]), ""),
        (np.array([1.0, 2.0 + 1e-9]), np.array([1.0, 2.0]), "first at [1]: "),
        (np.float32([1.0, 2.0 + 1e-6]), np.float32([1.0, 2.0]), ""),
        ("at 10:15", "at 10:16", "y: "),
        ({"b", "a"}, {"a", "b"}, ""),
    ],
)
def test_a_second_run_may_differ_by_rounding_alone(again, expected, words):
    found = drift(drifting, {"y": again, "seconds": 0.1}, Expected({"y": expected, "seconds": 0.2}))
    assert found.startswith(words) if "y: " in words else words in found
    assert bool(found) == bool(words)
    assert drift(drifting, {}, Expected({"y": expected})) == ""


def test_all_that_a_check_records_in_one_line():
    assert in_short({"a": 0, "b": "x"}) == "a = 0, b = 'x'"


def test_how_functions_may_be_called_is_shown():
    use = FunctionUse(62, {"array": 9, "number": 64, "values": 2})
    assert called_with(use) == (
        "; its functions may be called with: array, number, 6200 times at most"
    )
    assert called_with(FunctionUse(3, {"values": 0})).startswith(
        "; its functions may be called with: no arguments, 1000 times"
    )
    assert called_with(FunctionUse()) == ""
