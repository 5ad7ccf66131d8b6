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
        ("Answer: 1 and 3 and 5", "1,3,5"), ("[1], [3], [5]", "1,3,5"), ("(1) (3)", "1,3"),
        ("1. 3.", "1,3"), ("1), 3)", "1,3"), ("1, 3, and 5", "1,3,5"), ("1 & 3", "1,3"),
        ("[1, 3]", "1,3"), ("Answer: (2)", "2"), ("(1)(3)", "1,3"), ("**1**, **3**", "1,3"),
        ("1\n3\n5", "1,3,5"), ("Answer:\n\n1\n\n3\nbecause", "1,3"), ("- 1\n- 3", "1,3"),
        ("（１），（３）", "1,3"), ("答案：１，３。", "1,3"), ("①③", "1,3"), ("1和3", "1,3"),
        ("1. 3\n1. is right because", "1,3"), ("Answer: 3\n" + "because " * 100, "3"),
    ],
)  # fmt: skip
def test_picks_are_read_as_people_write_them(text, picks):
    assert read_picks(text) == picks


@pytest.mark.parametrize(
    "text",
    [
        "", "none", "1 because 3", "Answer:", "Answer: a, b", "-1", "1-3", "1.3", "1 or 3", "1/3",
        "not 1", "1, 3?", "A, C, E", "1²", "1000", "1, 3\n5", "1. 1\n2. 3", "[1, 3), 5", "[]",
        "because\n1, 3", "1, " * 100,
    ],
)  # fmt: skip
def test_anything_else_says_how_to_write_them(text):
    with pytest.raises(StudentError, match="separated by commas, for example: Answer: 1, 3"):
        read_picks(text)


ITEMS = ("{}", "({})", "[{}]", "{}.", "{})", "**{}**", "`{}`")
BETWEEN = (", ", ",", "; ", " ", " and ", ", and ", " & ", "、", "，", " 和 ", "\n", "\n\n", "\n- ")
WIDE = str.maketrans("0123456789.:()[]", "０１２３４５６７８９．：（）［］")


@given(
    st.sets(st.integers(0, 999), min_size=1, max_size=6),
    st.sampled_from(["", "Answer: ", "**Answer:** ", "答案：", "Answer:\n", "\n\n"]),
    st.sampled_from(ITEMS),
    st.sampled_from(BETWEEN),
    st.sampled_from(["", ".", "\n\nbecause 1 is 2", "\n因为"]),
    st.booleans(),
)
def test_whatever_picks_are_written_the_same_are_read(picks, label, item, between, rest, wide):
    text = label + between.join(item.format(pick) for pick in picks) + rest
    assert read_picks(text.translate(WIDE) if wide else text) == ",".join(map(str, sorted(picks)))


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text):
    with contextlib.suppress(StudentError):
        assert read_picks(text)


@pytest.mark.parametrize(
    ("picks", "all_or_nothing", "by_share"),
    [("1,3", 1, 1), ("1", 0, 0.5), ("1,2,3", 0, 0.5), ("2", 0, 0), ("1,2", 0, 0), ("2,4", 0, 0)],
)
def test_a_wrong_pick_costs_as_much_as_a_right_one_earns(picks, all_or_nothing, by_share):
    assert ONE.share(picks, "1,3") == all_or_nothing
    assert SELECT_ALL.share(picks, "1,3") == by_share
    assert compare(picks, "1,3", SELECT_ALL).share == by_share


def test_an_answer_that_is_not_there_is_unwritten():
    student = local_student("json", 0, answers={"known": "2", "blank": "  "})
    assert student.picks("known") == "2"
    for question in ("blank", "other"):
        with pytest.raises(StudentError) as info:
            student.picks(question)
        assert info.value.unwritten == question
