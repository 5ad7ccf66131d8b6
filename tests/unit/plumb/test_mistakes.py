"""The mistakes of several stages are told together, in the order of files and lines."""

import pytest

from autograder.errors import AssignmentError, CheckError, MarkerError, UserError
from plumb.mistakes import Mistakes, in_file_order


def refuse(error):
    raise error


def test_a_stage_that_fails_gives_none_and_the_next_one_goes_on():
    mistakes = Mistakes()
    assert mistakes.tried(refuse, MarkerError("a.py", 3, "never closed")) is None
    assert mistakes.tried(int, "7") == 7
    with pytest.raises(MarkerError, match=r"^a\.py:3: never closed$"):
        mistakes.raise_if_any()


def test_what_is_no_mistake_of_an_author_passes_through():
    with pytest.raises(ValueError, match="invalid literal"):
        Mistakes().tried(int, "x")


@pytest.mark.parametrize(
    ("second", "kind"), [(CheckError("b"), CheckError), (UserError("b"), AssignmentError)]
)
def test_several_are_one_error_of_their_kind(second, kind):
    mistakes = Mistakes()
    mistakes.tried(refuse, CheckError("c.py:9: late\nc.py:2: early, with\n    a second line"))
    mistakes.tried(refuse, second)
    with pytest.raises(kind) as caught:
        mistakes.raise_if_any()
    assert type(caught.value) is kind
    assert str(caught.value) == "c.py:2: early, with\n    a second line\nc.py:9: late\nb"


def test_sentences_stand_by_files_and_lines_and_each_once(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = ["a.py:20: x", "b.py:1: x", f"{tmp_path}/a.py:3: x", "no place: x", "b.py:1: x"]
    assert in_file_order(found) == [
        f"{tmp_path}/a.py:3: x", "a.py:20: x", "b.py:1: x", "no place: x",
    ]  # fmt: skip
