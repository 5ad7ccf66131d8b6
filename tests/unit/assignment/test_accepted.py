"""Right answers as students write them lose nothing where the text does not ask for more."""

import functools
import importlib

import pytest

from plumb.config import variants
from plumb.handout import handout
from tests.mistakes import VARIANTS
from tests.mistakes.run_checks import CHECKS, ROOT, losers
from tests.real_assignment import real_assignment

for folder in ("mistakes", "accepted"):
    for path in sorted((ROOT / "tests" / folder).glob("[a-z]*.py")):
        importlib.import_module(f"tests.{folder}.{path.stem}")

ASSIGNMENT, COURSES = ROOT / "assignment", variants(ROOT / "assignment")
BY_NAME = {right.name: right for right in VARIANTS.members}
every_answer = pytest.mark.parametrize("name", BY_NAME)


@functools.cache
def lost(name):
    """The checks that a right answer loses points at."""
    return losers(BY_NAME[name])


@functools.cache
def released(course):
    """The assignment as a variant releases it."""
    return real_assignment(course)


def features(course):
    """What the text of a variant asks besides."""
    return set(released(course).variant.features)


def asked(course):
    """The ids of the checks of a variant."""
    return {check.id for check in released(course).checks}


@every_answer
@pytest.mark.parametrize("course", COURSES)
def test_a_right_answer_earns_everything(course, name):
    right = BY_NAME[name]
    more = {right.feature} & features(course)
    unfair = [c.id for c in lost(name) if c.id in asked(course) and c.when not in more]
    assert unfair == [], right.description


@pytest.mark.parametrize("name", [one.name for one in VARIANTS.members if one.feature])
def test_what_only_some_texts_ask_is_caught_there_once(name):
    assert len({check.id for check in lost(name)}) == 1


def test_there_are_enough_of_them():
    assert len(VARIANTS.members) == len(BY_NAME) >= 60
    from_students = [
        one
        for one in VARIANTS.members
        if any(answer.__module__.startswith("tests.accepted.") for answer in one.targets.values())
    ]
    assert len(from_students) >= 40


def test_only_the_whole_assignment_asks_for_more_than_the_courses_do():
    asking = {course for course in COURSES if {"float32", "leftovers"} & features(course)}
    assert asking == {"convnet"}
    assert {check.when for check in CHECKS} == {"", "float32", "leftovers"}


@pytest.mark.parametrize("check", [c for c in CHECKS if c.when], ids=lambda check: check.id)
def test_the_text_asks_beside_the_exercise_for_what_only_some_variants_ask(check):
    for course in COURSES:
        beside = [
            cell.id
            for own in released(course).cells.values()
            for cell in own
            if {check.question, check.when} <= set(cell.when)
        ]
        assert bool(beside) == (check.id in asked(course)), course


@pytest.mark.parametrize("course", COURSES)
def test_the_text_says_which_accuracies_earn_all_points(course):
    cells = [cell for own in released(course).cells.values() for cell in own]
    for check in released(course).checks:
        texts = [c.text for c in cells if c.kind == "markdown" and check.question in c.when]
        for data in ("cifar10", "digits"):
            for name, goal in check.on(data).goals.items():
                if name in ("validation accuracy", "test accuracy") and not check.visible:
                    full = next(limit for limit, share in goal.tiers if share == 1)
                    assert any(f"{100 * full:g} %" in text for text in texts), (check.name, name)


@pytest.mark.parametrize("course", COURSES)
def test_the_handout_speaks_of_types_where_a_check_looks_at_them(course):
    (readme,) = (text for name, text in handout(released(course)).items() if "README" in name)
    said = any(word in readme.decode() for word in ("types and data", "类型和数据"))
    assert said == any(check.when == "float32" for check in released(course).checks)
