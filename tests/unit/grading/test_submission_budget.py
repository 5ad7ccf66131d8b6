"""What the checks of a submission may take together, and who meets that bound."""

import tomllib
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.core.checks import Check, load_folder
from autograder.errors import StudentKilled
from autograder.grading.check_run import CheckRun
from autograder.grading.grading_session import GradingSession
from autograder.grading.one_submission import grade
from autograder.grading.slowness import bounded, slowness
from autograder.grading.submission_budget import SubmissionBudget
from autograder.grading.time_budget import Allowance, TimeBudget
from autograder.limits import Limits
from autograder.records import Outcome
from autograder.sandbox import backend
from autograder.submissions.submission import read_submission
from tests.boxes import once, session_on
from tests.tiny import ANSWERS, handed_in, tiny_harness

ASSIGNMENT = Path(__file__).parents[3] / "assignment"
O = Outcome  # noqa: E741


def check(number, **more):
    return Check("q", f"c{number}", "A check.", lambda student, rng: {}, 1, 0, **more)


def graded(checks, limits, seconds, budget, outcome=O.PASSED):
    """The allowances of checks that take `seconds` each, or less if they may take less."""
    times, allowances = TimeBudget(budget), []
    for one in checks:
        allowance = times.allowance(one, limits)
        allowances.append(allowance)
        if allowance.seconds:
            took = min(seconds, allowance.seconds)
            ended = O.TIMEOUT if seconds > allowance.seconds else outcome
            times.record(one, limits, ended, took, allowance)
    return allowances, times


@pytest.mark.parametrize("outcome", [O.PASSED, O.FAILED, O.ERROR, O.KILLED, O.MISSING])
def test_a_submission_that_keeps_each_limit_cannot_use_them_all(outcome):
    limits, checks = Limits(seconds=10), [check(n) for n in range(100)]
    budget = SubmissionBudget([(one, limits) for one in checks])
    allowances, times = graded(checks, limits, 9.0, budget, outcome)
    assert sum(min(9.0, allowed.seconds) for allowed in allowances) == 500  # half of all limits
    assert allowances[54] == Allowance(10)
    reason = "all checks of this kind may take 500 s together"
    assert allowances[55] == Allowance(5, f"it had 5 s, because {reason}", last=True)
    assert allowances[56:] == [Allowance(0, f"it was not run, because {reason}")] * 44
    assert "used up the 500 s" in times.note()


def test_a_check_that_the_budget_ends_counts_as_no_other_timeout():
    limits, checks = Limits(seconds=10, timeouts=1, submission_seconds=15), [check(1), check(2)]
    budget = SubmissionBudget([(one, limits) for one in checks])
    allowances, times = graded(checks, limits, 9.0, budget)
    assert [allowed.seconds for allowed in allowances] == [10, 6]
    assert budget.left(checks[0], limits) == 0
    assert "checks ran out of time" not in times.note()


def test_checks_that_run_out_of_their_own_time_are_not_added():
    """One endless loop does not take the time of the work that does not meet it."""
    limits, checks = Limits(seconds=10, timeouts=3), [check(n) for n in range(20)]
    budget = SubmissionBudget([(one, limits) for one in checks])
    times = TimeBudget(budget)
    for one in checks[:6]:
        times.record(one, limits, O.TIMEOUT, 10.0, times.allowance(one, limits))
    assert budget.left(checks[0], limits) == 100


def test_each_kind_of_check_has_a_budget_of_its_own():
    plain = Limits(seconds=10, submission_seconds=12)
    training = Limits(seconds=600, memory_mb=8192)
    checks = [(check(1), plain), (check(2), plain), (check(3, seconds=100), plain),
              (check(4), training), (check(5), training)]  # fmt: skip
    budget = SubmissionBudget(checks, slowness=2.0)
    assert [budget.left(*one) for one in checks] == [24, 24, 120, 1200, 1200]
    budget.spend(check(2), plain, 20)
    assert [budget.left(*one) for one in checks] == [4, 4, 120, 1200, 1200]
    assert budget.left(check(9), Limits(seconds=1)) == float("inf")


@given(
    st.lists(st.tuples(st.floats(0.1, 1000), st.floats(0, 1), st.booleans()), min_size=1),
    st.floats(2, 4),
)
def test_honest_work_on_a_machine_four_times_slower_never_meets_it(checks, measured):
    """Each check is within its limit there, and the machine is taken to be twice as slow or more.

    Args:
        checks: seconds of each limit, the share of it that the work takes, whether it is stated.
    """
    limits, slower = Limits(seconds=10), 4.0
    listed = [
        (check(number, seconds=seconds if own else None), share)
        for number, (seconds, share, own) in enumerate(checks)
    ]
    times = TimeBudget(SubmissionBudget([(one, limits) for one, _ in listed], measured))
    for one, share in listed:
        limit = one.seconds or limits.seconds
        allowance = times.allowance(one, limits)
        assert allowance == Allowance(limit)
        usual = share * limit / slower
        times.record(one, limits, O.PASSED, slower * usual, allowance)


def test_the_bundled_assignment_has_room_for_honest_work_on_a_slow_machine():
    """The reference's checks take 0.1 s each on two cores; four times as long is no reason."""
    stated = tomllib.loads((ASSIGNMENT / "assignment.toml").read_text("utf-8"))
    limits = msgspec.convert(stated["limits"], Limits)
    checks = [c for c in load_folder(ASSIGNMENT / "checks") if not (c.training or c.seconds)]
    budget = SubmissionBudget([(one, limits) for one in checks])
    allowances, times = graded(checks, limits, 4 * 0.1, budget)
    assert set(allowances) == {Allowance(limits.seconds)}
    assert times.note() == ""
    # What a sleep of 2.2 s at the top of a module may cost, and no more.
    budget = SubmissionBudget([(one, limits) for one in checks])
    asleep, times = graded(checks, limits, 2.2, budget)
    took = sum(min(2.2, allowed.seconds) for allowed in asleep)
    assert took == pytest.approx(budget.seconds(checks[0], limits))
    assert "used up" in times.note()


def test_a_fast_machine_shortens_nothing_and_a_stopped_one_is_bounded():
    assert [bounded(ratio) for ratio in (0.1, 1.0, 3.5, 1e9)] == [1.0, 1.0, 3.5, 20.0]
    assert 1.0 <= slowness() <= 20.0


def test_up_to_a_minute_is_allowed_where_nothing_is_stated():
    limits = Limits(seconds=10)
    for count, allowed in ((1, 10), (6, 60), (10, 60), (12, 60), (20, 100)):
        checks = [check(number) for number in range(count)]
        budget = SubmissionBudget([(one, limits) for one in checks])
        assert budget.seconds(checks[0], limits) == allowed


def test_only_the_first_box_is_no_time_of_the_submission():
    breaks = "import os\ndef leave():\n    os._exit(0)\ndef stay():\n    return 1\n"
    with session_on(breaks, box="none") as session:
        assert once(session, lambda student: student.m.stay()) == 1
        first = session.not_theirs
        assert first > 0
        with pytest.raises(StudentKilled):
            once(session, lambda student: student.m.leave())
        assert once(session, lambda student: student.m.stay()) == 1  # in a second box
        assert session.not_theirs == first


def test_a_stopped_grader_costs_no_budget(tmp_path, monkeypatch):
    class Stopping:
        """A session during whose first check the grader is stopped for 100 s."""

        times = iter((0.0, 100.0))

        @property
        def not_theirs(self):
            return next(self.times)

    harness = tiny_harness(tmp_path)
    one, limits = harness.checks[0], harness.limits_of(harness.checks[0])
    budget = SubmissionBudget([(one, limits)])
    session = GradingSession(harness, None, Stopping(), {}, {}, time_budget=TimeBudget(budget))
    monkeypatch.setattr(GradingSession, "run_check", lambda *_: CheckRun(O.PASSED, seconds=101.0))
    session.grade_check(one)
    assert budget.left(one, limits) == budget.seconds(one, limits) - 1.0


def test_checks_beyond_it_end_as_timeout_with_that_reason(tmp_path):
    limits = Limits(seconds=5, submission_seconds=1e-9)
    harness = tiny_harness(tmp_path, limits=limits)
    path = handed_in(tmp_path / "anna", ANSWERS)
    report = grade(harness, read_submission(path, harness), backend("none"))
    first, *others = sorted(report.checks, key=lambda c: not c.visible)
    assert {one.outcome for one in report.checks} == {O.TIMEOUT}
    assert "because all checks of this kind may take" in first.message
    assert all("it was not run, because all checks" in one.message for one in others)
    assert any("that they may take together" in note for note in report.submission.notes)
    assert "that they may take together" in report.reason
    assert report.submission.left_aside  # staff are led to it
