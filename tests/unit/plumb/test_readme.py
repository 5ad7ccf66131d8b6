"""What the README says of courses, commands and points is what the sources say."""

import re

import pytest

from plumb.cli.app import app
from plumb.config import read_variant, variants
from tests.integration.conftest import ROOT
from tests.real_assignment import real_assignment

README = (ROOT / "README.md").read_text("utf-8")
ASSIGNMENT = ROOT / "assignment"
DEFAULT = "convnet"
ROWS = {
    found[3] or DEFAULT: (found[1], found[2])
    for found in re.finditer(
        r"^\| (.+?) \| (.+?) \| `plumb release(?: --variant (\w+))?` \|$", README, re.M
    )
}
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def read(variant):
    return real_assignment(variant)


def test_the_table_has_every_variant_and_no_other():
    assert sorted(ROWS) == variants(ASSIGNMENT)


@pytest.mark.parametrize("variant", variants(ASSIGNMENT))
def test_a_row_says_what_the_variants_file_says(variant):
    course, asked = ROWS[variant]
    form = read_variant(ASSIGNMENT, variant)
    if variant != DEFAULT:
        assert form.course.startswith(course)
    assert ("leaderboard" in asked) == (form.leaderboard is not None)
    assert ("Chinese" in asked) == (form.language == "zh")
    assert ("Colab" in asked) == ("colab" in form.features)
    assert ("notebook cells" in asked) == bool(form.cells)
    assert tuple(re.findall(r"`(\.\w+)`", asked)) == form.handin.suffixes


def test_the_notebooks_and_points_of_the_whole_are_counted_right():
    found = read(DEFAULT)
    points = sum(check.points for check in found.checks)
    assert ROWS[DEFAULT][1] == f"{NUMBERS[len(found.notebooks)]} notebooks, {points:g} points"


def test_its_commands_are_those_that_there_are():
    there = {command.callback.__name__ for command in app.registered_commands}
    named = set(re.findall(r"(?:bin/|`)plumb (\w+)", README))
    assert named == there


def test_each_course_hands_in_an_archive_of_its_own_name():
    names = [read(variant).student_folder for variant in variants(ASSIGNMENT)]
    assert len(set(names)) == len(names)
    assert [name for name in names if DEFAULT in name] == [DEFAULT]
    assert read("dasecv").student_folder == "daseCV"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_text_of_the_leaderboard_knows_how_many_phases_a_variant_has(language):
    suffix = ".py" if language == "en" else f".{language}.md"
    text = (ASSIGNMENT / "notebooks" / f"FullyConnectedNets{suffix}").read_text("utf-8")
    assert set(re.findall(r"phase_(\w+)", text)) == {"1", "K"}
