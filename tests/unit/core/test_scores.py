"""Partial credit by a function of the author's."""

import numpy as np
import pytest

from autograder.core.compare import compare_with_goal
from autograder.core.judge import Expected, judge
from autograder.core.remote import Handle, Ref
from plumbline import at_most, check

ROOTS = np.array([-1.0, 1.0, 2.0, 3.0])


def found(observations):
    """A quarter of the points for each root that is there."""
    return np.mean([np.any(np.abs(observations["roots"] - root) < 1e-6) for root in ROOTS])


def made(score):
    @check("roots", points=4, seed=1, score=score)
    def roots(student, rng):
        """All roots of a polynomial."""

    return roots


def judged(observed, score=found):
    return judge(made(score), {"roots": observed}, Expected({"roots": ROOTS}))


@pytest.mark.parametrize(
    ("roots", "share"),
    [
        (ROOTS, 1),
        (ROOTS[::-1], 1),
        (np.array([1.0, 2.0]), 0.5),
        (np.array([1.0, 2.0, 3.0, 9.0]), 0.75),
        (np.array([7.0]), 0),
        (np.array([]), 0),
    ],
)
def test_a_score_gives_the_share(roots, share):
    verdict = judged(roots)
    assert (verdict.share, verdict.flagged) == (share, "")
    assert verdict.comparisons["roots"].share == share
    assert bool(verdict.message) == (share < 1)


@pytest.mark.parametrize(
    "hostile",
    ["a text", None, 3.0, np.eye(2), np.array([1.0, np.nan]), np.array([np.inf]), object()],
)
def test_a_score_is_not_asked_about_another_kind_of_value(hostile):
    verdict = judged(hostile, score=lambda observations: 1)
    assert (verdict.share, verdict.flagged) == (0, "")
    assert verdict.message
    assert judge(made(lambda _: 1), {}, Expected({"roots": ROOTS})).share == 0


class Asked(Handle):
    """An object of the student's that must not be asked for anything."""

    def __init__(self):
        super().__init__(None, Ref(0, "Sample"))

    def __getattr__(self, name):
        raise AssertionError(name)

    def __eq__(self, other):
        raise AssertionError("==")

    __hash__ = None


@pytest.mark.parametrize("hostile", [[1.0, Asked()], [1.0, [Asked()]], [1.0, float("nan")]])
def test_a_score_is_not_asked_about_what_holds_an_object_or_no_number(hostile):
    expected = Expected({"roots": [1.0, 2.0]})
    verdict = judge(made(lambda seen: 1), {"roots": hostile}, expected)
    assert (verdict.share, verdict.flagged) == (0, "")


def test_an_object_in_the_place_of_a_number_is_not_asked_for_anything():
    compared = compare_with_goal(Asked(), at_most(1))
    assert compared.message == "got an object of type Sample, expected a number"
    assert compared.share == 0


@pytest.mark.parametrize(
    ("score", "text"),
    [
        (lambda o: o["root"], "score= raised KeyError: 'root'"),
        (lambda o: 1 / 0, "score= raised ZeroDivisionError"),
        (lambda o: 1.5, "score= returned 1.5, which is not from 0 to 1"),
        (lambda o: -1, "score= returned -1, which"),
        (lambda o: float("nan"), "score= returned nan, which"),
        (lambda o: 10**5000, "score= raised OverflowError"),
        (lambda o: None, "score= returned an object of type NoneType, no number"),
        (lambda o: np.ones(1), "score= returned an object of type ndarray, no number"),
    ],
)
def test_a_score_that_gives_none_earns_nothing_and_is_flagged(score, text):
    verdict = judged(ROOTS, score)
    assert verdict.share == 0
    assert verdict.flagged.startswith(text)


def test_a_flag_is_a_score():
    assert judged(ROOTS, lambda o: np.bool_(True)).share == 1
    assert judged(ROOTS, lambda o: False).share == 0


def test_a_score_cannot_change_what_is_reported():
    observations = {"roots": ROOTS}
    judge(made(lambda o: o.pop("roots") is not None), observations, Expected({"roots": ROOTS}))
    assert list(observations) == ["roots"]
