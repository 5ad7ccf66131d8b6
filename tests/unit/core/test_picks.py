"""Picks among options: read from an answer, and what they earn."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.core.compare import compare
from autograder.core.errors import StudentError
from autograder.core.local import local_student
from autograder.core.picks import ONE, SELECT_ALL, read_picks


@pytest.mark.parametrize(
    ("text", "picks"),
    [
        ("Answer: 1, 3", "1,3"), ("3 1", "1,3"), ("\n  2\nbecause", "2"), ("**Answer:** 2.", "2"),
        ("答案：1、3\n因为", "1,3"), ("answer: 1,1,3", "1,3"), ("10; 2", "2,10"),
    ],
)  # fmt: skip
def test_picks_are_read_from_the_first_line(text, picks):
    assert read_picks(text) == picks


@pytest.mark.parametrize("text", ["", "none", "1 because 3", "Answer:", "Answer: a, b", "-1"])
def test_anything_else_says_how_to_write_them(text):
    with pytest.raises(StudentError, match="for example: Answer: 1, 3"):
        read_picks(text)


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text):
    with contextlib.suppress(StudentError):
        assert read_picks(text)


@pytest.mark.parametrize(
    ("came", "all_or_nothing", "by_share"),
    [("1,3", 1, 1), ("1", 0, 0.5), ("1,2,3", 0, 0.5), ("2", 0, 0), ("1,2", 0, 0), ("2,4", 0, 0)],
)
def test_a_wrong_pick_costs_as_much_as_a_right_one_earns(came, all_or_nothing, by_share):
    assert ONE.share(came, "1,3") == all_or_nothing
    assert SELECT_ALL.share(came, "1,3") == by_share
    assert compare(came, "1,3", SELECT_ALL).share == by_share


def test_an_answer_that_is_not_there_is_unwritten():
    student = local_student("json", 0, answers={"known": "2", "blank": "  "})
    assert student.picks("known") == "2"
    for question in ("blank", "other"):
        with pytest.raises(StudentError) as info:
            student.picks(question)
        assert info.value.unwritten == question
