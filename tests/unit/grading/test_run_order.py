"""The order in which a submission's checks reach its boxes: no visible one after a hidden one.

A student reads what a visible check printed and returned. Code that has seen a hidden input could
put it there, through whatever a machine counts.
"""

import numpy as np
import pytest

from autograder.check_order import in_run_order, needed_questions
from autograder.core.checks import Check
from autograder.core.judge import Expected
from autograder.errors import BoxError
from autograder.grading.one_submission import grade
from autograder.limits import Limits
from autograder.sandbox import backend
from autograder.sandbox.compile_extension import Compiled
from autograder.sandbox.run_folder import lay_out
from autograder.sandbox.session import StudentSession
from autograder.submissions.submission import read_submission
from tests.tiny import CHECKS, expected, handed_in, tiny_harness

TRAINED = '''

@check("triple", points=1, seed=6, training=True)
def trained(student, rng, data):
    """A check with limits of its own, and so with a box of its own."""
    return {"out": student.sub.more.triple(rng.randn(3))}


@check("best", points=1, seed=7, visible=True)
def chosen_again(student, rng):
    """A visible check of the last question."""
    return {"best": student.notebook("Tiny").best()}
'''


@pytest.fixture(scope="module")
def harness(tmp_path_factory):
    checks = CHECKS.replace('hint="Thrice."', "visible=True") + TRAINED
    recorded = expected() | {
        "triple.trained": Expected({"out": 3 * np.random.RandomState(6).randn(3)}),
        "best.chosen_again": Expected({"best": 7}),
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.tiny.expected", lambda: recorded)
        return tiny_harness(tmp_path_factory.mktemp("tiny"), checks)


@pytest.fixture
def lent(monkeypatch):
    """What the session is asked for, in order: the seed and the limits of each try of a check."""
    lent, real = [], StudentSession.student

    def student(self, *, seed, limits, **more):
        lent.append((seed, limits))
        return real(self, seed=seed, limits=limits, **more)

    monkeypatch.setattr(StudentSession, "student", student)
    return lent


class Failing:
    """A backend whose boxes do not start, the first so many times."""

    name, isolated = "failing", True

    def __init__(self, failures):
        self._left = failures

    def describe(self, limits):
        return {}

    def launch(self, *arguments):
        self._left -= 1
        if self._left >= 0:
            raise BoxError("no box today")
        return backend("none").launch(*arguments)


@pytest.mark.parametrize("failures", [0, 1, 2, 3])
def test_all_visible_checks_and_their_new_tries_end_before_the_first_hidden_one(
    harness, lent, tmp_path, failures
):
    submission = read_submission(handed_in(tmp_path / "alice"), harness)
    report = grade(harness, submission, Failing(failures))
    visible = {check.seed for check in harness.checks if check.visible}
    hidden = {check.seed for check in harness.checks if not check.visible}
    seeds = [seed for seed, _ in lent]
    first_hidden = min(seeds.index(seed) for seed in hidden)
    assert set(seeds[:first_hidden]) == visible
    assert set(seeds[first_hidden:]) == hidden
    assert len({limits for _, limits in lent}) == 2
    assert len(seeds) == len(harness.checks) + (failures + 1) // 2
    assert [check.id for check in report.checks] == [check.id for check in harness.checks]


def test_a_visible_check_after_a_hidden_one_is_refused_even_in_a_new_box(harness, tmp_path):
    submission = read_submission(handed_in(tmp_path / "alice"), harness)
    with (
        lay_out(harness, submission, Compiled()) as run,
        StudentSession(backend("none"), run, "tiny", Limits()) as session,
    ):
        for visible in (True, False, False):
            with session.student(seed=0, seconds=5, visible=visible) as student:
                assert student.ops.double(2) == 4
        session.close()
        for limits in (Limits(), Limits(seconds=77.0)):
            with (
                pytest.raises(RuntimeError, match="after a hidden one"),
                session.student(seed=0, seconds=5, limits=limits, visible=True),
            ):
                pass


def a_check(question, name, needs=(), **more):
    def body(student, rng):
        return {}

    return Check(question, name, "A check.", body, 1, 0, needs=tuple(needs), **more)


def order(checks, questions):
    return [check.id for check in in_run_order(checks, questions)]


def test_questions_keep_their_order_but_follow_what_they_need():
    checks = [
        a_check("a", "one", ["c"]), a_check("a", "two"), a_check("b", "one"),
        a_check("c", "one", ["d"]), a_check("d", "one"),
    ]  # fmt: skip
    assert order(checks, "abcd") == ["d.one", "c.one", "a.one", "a.two", "b.one"]


def test_visible_checks_come_first_whatever_is_needed():
    checks = [
        a_check("a", "seen", ["b"], visible=True), a_check("a", "hidden", ["b"]),
        a_check("b", "hidden"), a_check("b", "seen", visible=True),
        a_check("c", "seen", visible=True),
    ]  # fmt: skip
    assert order(checks, "abc") == ["b.seen", "a.seen", "c.seen", "b.hidden", "a.hidden"]


def test_checks_that_may_take_minutes_come_after_the_others():
    checks = [
        a_check("a", "trains", training=True), a_check("a", "long", seconds=600.0, visible=True),
        a_check("b", "hidden", ["a"]), a_check("b", "seen", visible=True),
    ]  # fmt: skip
    assert order(checks, "ab") == ["b.seen", "a.long", "b.hidden", "a.trains"]


def test_a_circle_of_needs_loses_no_check():
    checks = [a_check("a", "one", ["b"]), a_check("b", "one", ["a", "b", "zzz"])]
    assert sorted(order(checks, "ab")) == ["a.one", "b.one"]


def test_a_check_needs_what_it_says_and_what_that_needs_but_nothing_that_its_sister_says():
    def made(question, name, *needs):
        return Check(question, name, name, len, 1, 1, needs=needs)

    checks = [
        made("a", "one", "b"), made("a", "two"), made("b", "one", "c", "d"), made("c", "one", "a"),
        made("d", "one"),
    ]  # fmt: skip
    needed = [sorted(needed_questions(check, checks)) for check in checks]
    assert needed == [["b", "c", "d"], [], ["a", "c", "d"], ["a", "b", "d"], []]
