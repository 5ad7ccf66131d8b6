"""What the checks of a submission may take together, and who meets that bound."""

import itertools
import math
from collections import Counter, defaultdict
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.check_order import in_run_order
from autograder.core.checks import Check
from autograder.errors import BoxError, StudentKilled
from autograder.grading import grading_session
from autograder.grading.check_run import CheckRun
from autograder.grading.grading_session import GradingSession, charged
from autograder.grading.notebook_trial import TRIAL_SECONDS, ChosenCells
from autograder.grading.one_submission import grade
from autograder.grading.slowness import bounded, slowness
from autograder.grading.time_budget import Allowance, TimeBudget, submission_seconds
from autograder.harness import Harness
from autograder.limits import Limits
from autograder.records import Outcome
from autograder.sandbox import backend
from autograder.submissions.submission import read_submission
from plumb.assignment_reader import read_assignment
from plumb.config import variants
from tests.boxes import once, session_on
from tests.tiny import ANSWERS, handed_in, tiny_harness

ROOT = Path(__file__).parents[3]
O = Outcome  # noqa: E741
PLAIN = Limits(seconds=10, timeouts=1000)

#: What the checks of the sample `complete` took, all right answers, by kind: how many there are,
#: the seconds of all together, and of the longest. They are the seconds in the report of
#: `plumb grade` with the set of digits and one worker. The machine had two cores and six other
#: processes to run, so it was slower than usual already.
MEASURED = {"plain": (186, 24.4, 1.4), "stated": (5, 17.7, 7.3), "training": (6, 17.9, 4.8)}
#: How many times longer that takes on the slowest machine that must not meet the bound.
SLOWER = 4.0


def check(number, **more):
    return Check("q", f"c{number}", "A check.", lambda student, rng: {}, 1, 0, **more)


@cache
def harness_of(variant):
    """A variant's harness as the budget sees it: its checks and limits, and no traces."""
    assignment = read_assignment(ROOT / "assignment", ROOT / "solutions", variant)
    traces = defaultdict(lambda: SimpleNamespace(trace=()))
    return Harness(Path(), "", assignment.manifest, assignment.checks, traces)


def kind_of(check):
    return "training" if check.training else "stated" if check.seconds else "plain"


def honest_seconds(harness):
    """By a check's id, the measured seconds of honest work on a slow machine.

    The first check of a kind takes as long as the longest one, the others what is usual.
    """
    ordered = in_run_order(harness.checks, [q.id for q in harness.questions])
    first = {kind_of(check): check.id for check in reversed(ordered)}
    seconds = {}
    for one in harness.checks:
        count, in_all, longest = MEASURED[kind_of(one)]
        seconds[one.id] = SLOWER * (longest if first[kind_of(one)] == one.id else in_all / count)
    return seconds


@pytest.fixture
def graded(monkeypatch):
    """Grades a submission whose code takes stated seconds of a clock that nothing else moves."""
    clock = SimpleNamespace(now=100.0)
    monkeypatch.setattr(grading_session, "time", SimpleNamespace(monotonic=lambda: clock.now))

    def graded(harness, takes, slowness=1.0, cells=0.0, ends=(O.PASSED,)):
        """The session after all checks, and the seconds that passed.

        Args:
            takes: the seconds that a check takes, given it and what it may take; if they are more,
                it runs out of time.
            cells: the seconds that cells of a notebook take before each check.
            ends: how checks end that do not run out of time, one after another and over again.
        """
        ends = itertools.cycle(ends)

        def run(_session, one, allowed):
            taken = takes(one, allowed)
            clock.now += min(taken, allowed)
            outcome = O.TIMEOUT if taken > allowed else next(ends)
            if outcome is O.NOT_GRADED:
                raise BoxError("its pipes failed")
            return CheckRun(outcome)

        monkeypatch.setattr(GradingSession, "_run_once", run)
        listed = [(one, harness.limits_of(one)) for one in harness.checks]
        total = submission_seconds(listed, harness.manifest.submission_seconds, slowness)
        session = GradingSession(
            harness, None, SimpleNamespace(not_theirs=0.0, close=lambda: None), {}, {},
            ChosenCells((), {"A": cells}), TimeBudget(total),
        )  # fmt: skip
        begun = clock.now
        for one in in_run_order(harness.checks, [q.id for q in harness.questions]):
            session.grade_check(one)
        return session, clock.now - begun

    return graded


@pytest.mark.parametrize("cells", [0.0, TRIAL_SECONDS])
@pytest.mark.parametrize(
    "ends",
    [
        (O.TIMEOUT,),
        (O.PASSED,),
        (O.KILLED,),
        (O.NOT_GRADED,),
        (O.PASSED, O.NOT_GRADED, O.KILLED),
    ],
)
def test_the_worst_case_of_the_bundled_assignment_is_its_total(graded, ends, cells):
    """Every check uses all that it may use, whatever ends it. A box that fails, fails twice."""
    harness = harness_of("convnet")
    more = math.inf if ends == (O.TIMEOUT,) else 0.0
    session, took = graded(harness, lambda _, allowed: allowed + more, cells=cells, ends=ends)
    total = harness.manifest.submission_seconds
    assert session.time_budget.total == total == 2400  # as the README says
    assert took <= total + harness.limits.seconds + 2 * cells
    assert all(one.outcome in (*ends, O.TIMEOUT) for one in session.results.values())


@pytest.mark.parametrize("variant", variants(ROOT / "assignment"))
@pytest.mark.parametrize("slowness", [1.0, SLOWER])
@pytest.mark.parametrize("cells", [0.0, TRIAL_SECONDS])
def test_honest_work_on_a_machine_four_times_slower_never_meets_it(
    graded, variant, slowness, cells
):
    """Also if the machine was taken for a fast one, and if notebooks have the slowest cells."""
    harness = harness_of(variant)
    takes = honest_seconds(harness)
    session, took = graded(harness, lambda one, _: takes[one.id] + cells, slowness, cells)
    assert {one.outcome for one in session.results.values()} == {O.PASSED}
    assert session.time_budget.note() == ""
    if not cells:
        assert took <= session.time_budget.total / 4


def test_the_measured_work_is_that_of_all_checks():
    """Who adds checks looks whether what is measured above still holds."""
    counts = Counter(kind_of(one) for one in harness_of("convnet").checks)
    for kind, (count, in_all, longest) in MEASURED.items():
        assert counts[kind] == pytest.approx(count, rel=0.2)
        assert in_all / count <= longest <= in_all


def test_an_endless_answer_takes_no_time_from_what_does_not_meet_it(graded):
    """Whatever the question: all other checks have what they need, four times slower too."""
    harness = harness_of("convnet")
    takes = honest_seconds(harness)
    needs = defaultdict(set)
    for one in harness.checks:
        needs[one.question].update(one.needs)
    for endless in sorted(needs):
        met = {endless}
        while more := {question for question in needs if needs[question] & met} - met:
            met |= more

        def seconds(one, _, met=met):
            return math.inf if one.question in met else takes[one.id]

        session, _ = graded(harness, seconds)
        outcomes = {one.outcome for one in session.results.values() if one.question not in met}
        assert outcomes <= {O.PASSED}, endless


def test_endless_training_leaves_time_for_all_that_does_not_train(graded):
    harness = harness_of("convnet")
    takes = honest_seconds(harness)

    def seconds(one, _):
        return takes[one.id] / SLOWER if kind_of(one) == "plain" else math.inf

    session, _ = graded(harness, seconds)
    outcomes = {session.results[c.id].outcome for c in harness.checks if kind_of(c) == "plain"}
    assert outcomes == {O.PASSED}


def test_a_check_gets_its_limit_or_half_of_what_is_left():
    one, limits = check(1), PLAIN
    budget = TimeBudget(30.0)
    budget.spend(10.0)
    assert budget.allowance(one, limits) == Allowance(10.0)
    budget.spend(4.0)
    why = "all checks of a submission may take 30 s together, and each at most half of what is left"
    less = budget.allowance(one, limits)
    assert less == Allowance(8.0, why, 10.0)
    assert less.sentence() == f"it had 8 s and not 10 s, because {why}"
    assert budget.note() == ""
    budget.spend(15.5)
    assert budget.allowance(one, limits) == Allowance(0.0, why, 10.0)
    assert budget.allowance(one, limits).sentence() == f"it was not run, because {why}"
    assert "used up the 30 s" in budget.note()


@given(
    st.lists(st.tuples(st.floats(0.1, 1000), st.floats(0, 1), st.booleans()), min_size=1),
    st.floats(1, SLOWER),
)
def test_by_default_work_that_takes_a_quarter_of_each_limit_never_meets_it(checks, slowness):
    """And so many times more on a machine that is so many times slower.

    Args:
        checks: seconds of each limit, the share of it that the work takes, whether it is stated.
    """
    listed = [
        (check(number, seconds=seconds if own else None), Limits(seconds=seconds), share)
        for number, (seconds, share, own) in enumerate(checks)
    ]
    total = submission_seconds([(one, limits) for one, limits, _ in listed], None, slowness)
    budget = TimeBudget(total)
    for one, limits, share in listed:
        takes = share * slowness * limits.seconds / 4
        assert takes <= budget.allowance(one, limits).seconds + 0.1
        budget.spend(takes)
    assert budget.note() == ""


def test_what_is_allowed_where_nothing_is_stated():
    """Half of all limits, twice the longest, or a minute, whatever is most; more where slower."""
    for count, allowed in ((1, 60), (10, 60), (12, 60), (20, 100)):
        assert submission_seconds([(check(n), PLAIN) for n in range(count)]) == allowed
    assert submission_seconds([(check(1, seconds=100), PLAIN), (check(2), PLAIN)]) == 200
    assert submission_seconds([(check(1), PLAIN)], 2.0, slowness=3.0) == 6


def test_a_fast_machine_shortens_nothing_and_a_stopped_one_is_bounded():
    assert [bounded(ratio) for ratio in (0.1, 1.0, 3.5, 1e9)] == [1.0, 1.0, 3.5, 4.0]
    assert 1.0 <= slowness() <= 4.0


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


def test_a_stopped_grader_costs_no_budget(monkeypatch):
    """While the body runs 101 s pass, and in 100 of them the grader was stopped."""
    now, not_theirs = iter((0.0, 101.0)), iter((0.0, 100.0))
    monkeypatch.setattr(grading_session, "time", SimpleNamespace(monotonic=lambda: next(now)))

    class Stopped:
        @property
        def not_theirs(self):
            return next(not_theirs)

    budget = TimeBudget(10.0)
    with charged(budget, Stopped()):
        pass
    assert budget.spent == 1.0


def test_the_trial_of_cells_counts(tmp_path, monkeypatch):
    harness = tiny_harness(tmp_path)
    submission = read_submission(handed_in(tmp_path / "anna", ANSWERS), harness)
    now = [0.0]

    def choose_cells(*_):
        now[0] += 20.0
        return ChosenCells()

    monkeypatch.setattr(grading_session, "choose_cells", choose_cells)
    monkeypatch.setattr(grading_session, "time", SimpleNamespace(monotonic=lambda: now[0]))
    with grading_session.grading_session(harness, submission, backend("none")) as session:
        assert session.time_budget.spent == 20.0


def test_checks_beyond_it_end_as_timeout_with_that_reason(tmp_path):
    harness = tiny_harness(tmp_path)
    manifest = msgspec.structs.replace(harness.manifest, submission_seconds=0.1)
    harness = replace(harness, manifest=manifest)
    path = handed_in(tmp_path / "anna", ANSWERS)
    report = grade(harness, read_submission(path, harness), backend("none"))
    assert {one.outcome for one in report.checks} == {O.TIMEOUT}
    assert all(
        one.message.startswith("it was not run, because all checks of a submission may take 0.")
        for one in report.checks
    )
    assert any("that they may take together" in note for note in report.submission.notes)
    assert "that they may take together" in report.reason
    assert report.submission.left_aside  # staff are led to it
