"""A check breaks: before any answer that is ours; afterwards a submission could have chosen it.

Nobody may choose what they are graded on: 34 of 56 points became 34 of 40 through checks that broke
on answers of the right structure.
"""

import pytest

from autograder.box.wire import MAX_HEADER
from autograder.core.checks import Check
from autograder.grading.check_run import CheckRun
from autograder.grading.grading_session import MAX_NEW_TRIES, GradingSession
from autograder.grading.one_submission import grade
from autograder.records import Outcome, Status
from autograder.sandbox import backend
from autograder.submissions.submission import read_submission
from tests.tiny import ANSWERS, CHECKS, handed_in, tiny_harness
from tests.unheard import UNHEARD

O = Outcome  # noqa: E741  every other line of these tests names one
PAIR = "first, second = student.ops.pair(rng.randn(2))"


@pytest.fixture
def graded(tmp_path):
    """The report of a submission, graded by the check pair.both with more lines in it."""

    def graded(*lines, before=(), answers="return x, -x", top=""):
        body = "\n    ".join([*before, PAIR, *lines])
        harness = tiny_harness(tmp_path, f"import numpy as np\n{CHECKS.replace(PAIR, body)}")
        ops = f"{top}\ndef double(x):\n    return x + x\n\ndef pair(x):\n    {answers}\n"
        path = handed_in(tmp_path / "alice", ANSWERS | {"ops.py": ops})
        return grade(harness, read_submission(path, harness), backend("none"))

    return graded


def both(report):
    return next(check for check in report.checks if check.id == "pair.both")


def failed_and_flagged(report, *words):
    found = both(report)
    assert (found.outcome, found.score) == (O.FAILED, 0)
    assert found.flagged.startswith("the check broke (all.py:")
    for word in words:
        assert word in found.flagged
        assert word in found.message
    assert "all.py" not in found.message  # a visible check's student reads it
    assert report.status is Status.GRADED
    assert (report.score, report.graded_points, report.points) == (7, 8, 8)
    assert report.percent == report.percent_of_graded == 87.5


def test_a_check_that_breaks_on_an_answer_of_the_right_structure_is_failed(graded):
    """The seen case: labels of the right shape, 1,000 too large for the check's table."""
    table = "table = np.arange(3)[np.abs(first).astype(int) % 1001]"
    report = graded(table, answers="return x * 0 + 1000, -x")
    failed_and_flagged(report, "IndexError: index 1000 is out of bounds")
    assert both(graded(table, answers="return x, -x")).outcome is O.PASSED


def test_an_answer_that_cannot_be_sent_back_is_a_failed_check(graded):
    """What fills an answer does not fit into a request that has anything else in it."""
    back = ("text = student.ops.double(first)", "student.ops.double([text, text])")
    fills = f"double = lambda x: 'y' * {MAX_HEADER - 100} if len(x) == 2 else x + x"
    report = graded(*back, answers=f"global double; {fills}; return x, -x")
    failed_and_flagged(report, "WireError:", f"{MAX_HEADER} at most")


def test_what_a_check_itself_cannot_send_is_ours(graded):
    report = graded(before=["student.ops.pair(object())"])
    assert both(report).outcome is O.NOT_GRADED
    assert "WireError: a value of type object" in both(report).message
    assert both(report).flagged == ""


def test_putting_something_into_the_box_is_no_answer(graded):
    report = graded(before=["student.put(rng.randn(2))", "nothing / 2"])
    assert both(report).outcome is O.NOT_GRADED
    assert (report.percent, report.percent_of_graded) == (87.5, 100)


@pytest.mark.filterwarnings(UNHEARD)
def test_a_check_that_never_ends_over_an_answer_is_failed(graded, monkeypatch):
    monkeypatch.setattr("autograder.grading.grading_session.MAX_CPU_SECONDS", 0.3)
    report = graded("while first[0] == 1000: pass", answers="return x * 0 + 1000, -x")
    failed_and_flagged(report, "CpuTimeExceeded: it computed for more than 0.3 s")


def test_a_check_that_runs_out_of_memory_over_an_answer_is_failed(graded):
    report = graded("np.zeros(int(first[0]) << 40)", answers="return x * 0 + 1000, -x")
    failed_and_flagged(report, "MemoryError")
    assert both(graded(before=["np.zeros(1 << 50)"])).outcome is O.NOT_GRADED


def test_an_answer_that_does_not_fit_into_the_grader_s_memory_is_failed(graded, monkeypatch):
    from autograder.sandbox import incoming

    decode = incoming.decode

    def small(header, body):
        if len(body) > 1000:
            raise MemoryError
        return decode(header, body)

    monkeypatch.setattr(incoming, "decode", small)
    report = graded(answers="import numpy as np; return np.zeros(1000), -x")
    assert both(report).outcome is O.FAILED
    assert "memory did not suffice" in both(report).flagged
    assert (report.score, report.graded_points) == (7, 8)


@pytest.mark.parametrize(
    "line",
    ["import errno; raise OSError(errno.EIO, 'Input/output error')", "open('/nowhere/at/all')"],
)
def test_a_failure_of_the_disk_after_an_answer_is_ours(graded, line):
    """It costs nothing of what was graded, and raises nothing either."""
    report = graded(line)
    assert both(report).outcome is O.NOT_GRADED
    assert both(report).message.startswith("the check broke (all.py:")
    assert report.reason == f"pair.both: {both(report).message}"
    assert (report.score, report.graded_points, report.points) == (7, 7, 8)
    assert (report.percent, report.percent_of_graded) == (87.5, 100)
    assert report.status is Status.PARTLY_GRADED


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("import bz2; bz2.decompress(first.tobytes())", "OSError: Invalid data stream"),
        ("import datetime; datetime.datetime.fromtimestamp(2.0 ** first[0])", "OverflowError"),
        ("import gzip; gzip.decompress(first.tobytes())", "BadGzipFile"),
        ("open(str(first))", "FileNotFoundError"),
        # The file "e": names of questions end so.
        ("open(chr(int(first[0]) // 1000 + 100))", "FileNotFoundError"),
        ("import time; time.localtime(2.0 ** 60)", "OSError: [Errno 75]"),
    ],
)
def test_an_error_that_only_has_the_class_of_a_disk_s_is_no_failure_of_ours(graded, line, words):
    """An answer can bring it about, and was chosen by the submission."""
    failed_and_flagged(graded(line, answers="return x * 0 + 1000, -x"), words)


def test_an_exception_that_cannot_be_printed_is_no_failure_of_ours(graded):
    """Python prints no integer of more than 4,300 digits."""
    report = graded("{}[10 ** int(first[0]) * 10 ** 4000]", answers="return x * 0 + 1000, -x")
    failed_and_flagged(report, "KeyError")


def test_a_check_that_never_returned_before_is_failed_without_being_run(tmp_path):
    harness = tiny_harness(tmp_path)
    submission = read_submission(handed_in(tmp_path / "alice"), harness)
    begun = []
    report = grade(harness, submission, backend("none"), begins=begun.append, endless=["pair.both"])
    failed_and_flagged(report, "it computed for more than 75 s")
    assert {check.id for check in begun} == {check.id for check in harness.checks}


def test_a_broken_check_names_the_difference_in_structure_first(graded):
    report = graded(answers="return 5")
    assert both(report).message.startswith("ops.pair returned one number, a pair (array")
    assert both(report).flagged.startswith("the check broke (all.py:")


class Stopped:
    """A grading session whose tries end as listed."""

    def __init__(self, monkeypatch, *runs):
        self.runs = list(runs)
        monkeypatch.setattr(GradingSession, "_run_once", lambda *_: self.runs.pop(0))

    def run(self):
        check = Check("a", "b", "A check.", lambda student, rng: {}, 1, 0, seconds=1.0)
        return GradingSession(None, None, None, {}, {}).run_check(check)


LATE = CheckRun(O.TIMEOUT, message="too late", overslept=4.0)


def test_a_check_during_which_the_grader_was_stopped_is_tried_anew(monkeypatch):
    session = Stopped(monkeypatch, LATE, LATE, CheckRun(O.PASSED, 1.0))
    assert session.run().outcome is O.PASSED
    assert session.runs == []


def test_a_passed_check_and_one_without_a_stop_are_not_tried_anew(monkeypatch):
    for run in (CheckRun(O.PASSED, 1.0, overslept=4.0), CheckRun(O.TIMEOUT, message="too late")):
        session = Stopped(monkeypatch, run, LATE)
        assert session.run().outcome is run.outcome
        assert session.runs == [LATE]


def test_a_check_is_tried_anew_twice_at_most(monkeypatch):
    session = Stopped(monkeypatch, *[LATE] * 9)
    done = session.run()
    assert len(session.runs) == 9 - 1 - MAX_NEW_TRIES == 6
    assert (done.outcome, done.flagged) == (
        O.TIMEOUT, "the grader was stopped in each of 3 tries of this check",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("score", "outcome", "points", "flagged"),
    [
        ("lambda o: float(o['first'][0] > 0) / 2", O.PARTIAL, 0.5, ""),
        ("lambda o: 1 / 0", O.FAILED, 0, "score= raised ZeroDivisionError: division by zero"),
        ("lambda o: open('/no/such')", O.FAILED, 0, "score= raised FileNotFoundError"),
    ],
)
def test_what_a_score_raises_is_flagged_and_never_ungraded(
    tmp_path, score, outcome, points, flagged
):
    checks = CHECKS.replace('"pair", points=1,', f'"pair", points=1, score={score},')
    harness = tiny_harness(tmp_path, checks)
    report = grade(
        harness, read_submission(handed_in(tmp_path / "alice"), harness), backend("none")
    )
    found = both(report)
    assert (found.outcome, found.score) == (outcome, points)
    assert found.flagged.startswith(flagged)
    assert bool(found.flagged) == bool(flagged)
