"""The course that a folder belongs to, its assignments, and what is graded in it."""

from pathlib import Path

import pytest

from autograder.cli.course_folder import find_grading
from autograder.errors import UserError
from plumb.course import find_course
from tests.own_course import write_course


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course of two assignments, the current folder."""
    monkeypatch.chdir(tmp_path)
    return write_course(tmp_path, {"hw2/a.py": "# %%\n", "hw2/checks.py": "", "notes/x.md": ""})


def test_it_is_found_from_every_folder_in_it(course):
    (course / "hw1" / "data").mkdir()
    for within, here in ((".", None), ("hw1", "hw1"), ("hw1/data", "hw1"), ("notes", None)):
        found = find_course(course / within)
        assert (found.folder, found.file.title) == (course, "Numerics")
        assert [place.name for place in found.assignments] == ["hw1", "hw2"]
        assert (found.here.name if found.here else None) == here
        assert [p.name for p in found.choose(None)] == ([here] if here else ["hw1", "hw2"])


def test_without_a_course_file_the_folder_above_an_assignment_is_the_course(course):
    (course / "course.toml").unlink()
    assert find_course(course / "hw1").here.name == "hw1"
    assert find_course(course).folder == course


def test_an_unknown_key_is_told_with_the_known_ones(course):
    (course / "course.toml").write_text('due = "today"\n')
    with pytest.raises(UserError, match=r"course\.toml:1: .*`due`; known are: title, python"):
        find_course(course)


def test_an_assignment_has_one_variant_of_its_name_or_those_of_its_files(course):
    place = find_course(course).choose("hw1/")[0]
    assert place.variant(None) == "hw1"
    (course / "hw1" / "variants").mkdir()
    for name in ("a", "b"):
        (course / "hw1" / "variants" / f"{name}.toml").write_text("")
    place = find_course(course).choose("hw1")[0]
    assert place.variants == ("a", "b")
    with pytest.raises(UserError, match="hw1 has several variants: a, b; choose one"):
        place.variant(None)


def released(course, *names):
    for name in names:
        path = course / "release" / name / "harness.zip"
        path.parent.mkdir(parents=True)
        path.touch()


def test_what_is_graded_is_found_in_the_course(course):
    (course / "course.toml").write_text('roster = "class.csv"\n')
    released(course, "hw1", "hw2")
    found = find_grading([Path("hw1"), Path("a.zip")], course / "notes")
    assert found.harness == course / "release" / "hw1" / "harness.zip"
    assert (found.out, found.submissions) == (course / "grades" / "hw1", [Path("a.zip")])
    assert found.roster == course / "class.csv"
    assert find_grading([Path("a.zip")], course / "hw2").out == course / "grades" / "hw2"
    with pytest.raises(UserError, match=r"which assignment is to be graded\? .*hw1, hw2"):
        find_grading([Path("a.zip")], course)
    with pytest.raises(UserError, match=r"what is to be graded\? Write `plumb grade hw1 SUB"):
        find_grading([Path("hw1")], course)


def test_what_is_not_released_is_graded_by_no_other_assignment(course):
    released(course, "hw2")
    told = "hw1 is not released yet; run `plumb release hw1` first"
    with pytest.raises(UserError, match=told):
        find_grading([Path("hw1"), Path("a.zip")], course)
    with pytest.raises(UserError, match=told):
        find_grading([Path("a.zip")], course / "hw1")


def test_the_only_release_need_not_be_named(course):
    released(course, "hw2")
    assert find_grading([Path("a.zip")], course).out == course / "grades" / "hw2"
