"""What a check needs explains why it failed, and never costs a point."""

import pytest

from autograder.cli.rerun import rerun
from autograder.grading.one_submission import grade
from autograder.limits import Limits
from autograder.records import Outcome
from autograder.render.student_page import feedback
from autograder.sandbox import backend
from autograder.submissions.submission import read_submission
from tests.tiny import ANSWERS, CHECKS, STUBS, handed_in, tiny_harness

O = Outcome  # noqa: E741  every other line of these tests names one
#: Right without `double`, as a net on given fast layers is right without the naive ones.
ALONE = {"sub/more.py": "def triple(x):\n    return 3 * x\n"}


@pytest.fixture(scope="module")
def harness(tmp_path_factory):
    return tiny_harness(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def graded(harness, tmp_path):
    """The checks' results by their names, of a submission with these modules."""

    def graded(modules, harness=harness):
        path = handed_in(tmp_path / "alice", {**ANSWERS, **modules})
        graded.report = grade(harness, read_submission(path, harness), backend("none"))
        return {check.name: check for check in graded.report.checks}

    return graded


def double(body, pair="return x, -x"):
    return {"ops.py": f"def double(x):\n    {body}\n\ndef pair(x):\n    {pair}\n"}


UNWRITTEN = double("raise NotImplementedError('TODO: double')")
WRONG = double("return x")


@pytest.mark.parametrize("needed", [UNWRITTEN, WRONG])
def test_a_check_that_passes_earns_its_points_whatever_it_needs(graded, needed):
    results = graded(needed | ALONE)
    assert (results["thrice"].outcome, results["thrice"].score) == (O.PASSED, 2)
    assert results["thrice"].blocked_by == []
    assert graded.report.score == 4


def test_a_check_that_is_partly_right_keeps_its_share(graded, tmp_path):
    tiers = "tolerance=Tolerance(((1e-6, 1.0), (1e-2, 0.5)))"
    harness = tiny_harness(tmp_path, CHECKS.replace('hint="Thrice."', tiers))
    results = graded(WRONG | {"sub/more.py": "def triple(x):\n    return 3.01 * x\n"}, harness)
    assert (results["thrice"].outcome, results["thrice"].score) == (O.PARTIAL, 1)


def test_one_that_fails_is_skipped_and_staff_read_what_differs(graded):
    thrice = graded(WRONG)["thrice"]
    assert (thrice.outcome, thrice.score, thrice.blocked_by) == (O.SKIPPED, 0, ["double"])
    assert thrice.message.startswith(
        "it needs double, which earned nothing; when it was run: out: all values are 0.666667"
        " times the expected"
    )
    assert thrice.observations[0].error > 0.1


def test_one_that_raises_is_skipped_and_staff_read_the_traceback(graded):
    modules = {"sub/more.py": "def triple(x):\n    print('here')\n    return 1 / 0\n"}
    thrice = graded(WRONG | modules)["thrice"]
    assert (thrice.outcome, thrice.blocked_by) == (O.SKIPPED, ["double"])
    assert "when it was run: ZeroDivisionError: division by zero" in thrice.message
    assert "more.py" in thrice.traceback
    assert thrice.output == "here\n"


def test_the_student_reads_the_sentence_and_no_value(graded, tmp_path):
    visible = CHECKS.replace('hint="Thrice."', "visible=True")
    graded(WRONG, tiny_harness(tmp_path, visible))
    (group,) = feedback(graded.report).waiting
    assert group.sentence == "1 check waits for double."
    (shown,) = group.checks
    assert (shown.detail, shown.traceback, shown.output) == ("", "", "")


@pytest.mark.parametrize("fault", ["def half(x) return x", "return 1", "print 'x'"])
def test_what_a_file_that_does_not_parse_costs_is_told_once(graded, fault):
    """The grader's own reading of the file says the same as the error in the box."""
    graded({"ops.py": f"{ANSWERS['ops.py']}\n{fault}\n"})
    page = feedback(graded.report)
    (file,) = page.unparsed
    assert "(ops.py, line 8)" in file.sentence
    assert file.line == fault
    assert "4 checks wait for ops.py." in [group.sentence for group in page.waiting]


def test_a_stub_of_its_own_question_is_missing_whatever_it_needs(graded):
    thrice = graded(UNWRITTEN | {"sub/more.py": STUBS["sub/more.py"]})["thrice"]
    assert (thrice.outcome, thrice.message) == (O.MISSING, "triple.sum is not written yet")


@pytest.mark.parametrize(
    ("body", "seconds", "outcome"),
    [("while True: pass", 1.0, O.TIMEOUT), ("print('x' * (50 << 20))", 60.0, O.KILLED)],
)
def test_a_limit_that_stopped_it_stays_in_the_report(graded, tmp_path, body, seconds, outcome):
    harness = tiny_harness(tmp_path, CHECKS, limits=Limits(seconds=seconds))
    thrice = graded(WRONG | {"sub/more.py": f"def triple(x):\n    {body}\n"}, harness)["thrice"]
    assert (thrice.outcome, thrice.blocked_by) == (outcome, [])


def test_the_whole_question_counts_also_the_checks_that_come_later(graded, tmp_path):
    """The visible check is run first; of `double` a hidden one earns something after it."""
    visible = CHECKS.replace('hint="Thrice."', "visible=True")
    results = graded(double("return 2.001 * x"), tiny_harness(tmp_path, visible))
    assert results["twice"].outcome is O.FAILED
    assert results["nearly"].outcome is O.PARTIAL
    assert results["thrice"].outcome is O.FAILED


def test_a_question_that_was_not_graded_explains_nothing(graded, tmp_path):
    broken = CHECKS.replace("student.ops.double(rng.randn(4))", "1 / 0")
    assert graded(WRONG, tiny_harness(tmp_path, broken))["thrice"].outcome is O.FAILED


def test_an_endless_loop_takes_no_time_from_what_does_not_meet_it(graded, tmp_path):
    """`triple` waits for the loop of `double`: it is counted apart, and `pair` keeps its time."""
    limits = Limits(seconds=1.5, timeouts=3, hurried_seconds=0.1)
    slow = "import time; time.sleep(0.3); return x, -x"
    results = graded(double("while True: pass", slow), tiny_harness(tmp_path, limits=limits))
    loops = [results[name].outcome for name in ("twice", "nearly", "thrice")]
    assert loops == [O.TIMEOUT] * 3
    assert results["thrice"].message == "it did not return within 1.5 s"
    assert results["both"].outcome is O.PASSED


@pytest.mark.long
def test_a_check_that_does_not_meet_the_endless_loop_has_all_its_time(graded, tmp_path):
    """As if `double` were merely wrong: what a check needs never costs."""
    limits = Limits(seconds=5.0, timeouts=3, hurried_seconds=0.1)
    slow = {"sub/more.py": "import time\n\ndef triple(x):\n    time.sleep(0.5)\n    return 3 * x\n"}
    harness = tiny_harness(tmp_path, limits=limits)
    results = graded(double("while True: pass") | slow, harness)
    assert [results[name].outcome for name in ("twice", "nearly")] == [O.TIMEOUT] * 2
    assert (results["thrice"].outcome, results["thrice"].score) == (O.PASSED, 2)


#: It calls one or another question unwritten, as its input wants it.
TELLS = {"sub/more.py": "def triple(x):\n    raise NotImplementedError('TODO: pair')\n"}


def test_what_a_hidden_check_calls_unwritten_is_named_only_if_it_is(graded):
    thrice = graded(TELLS)["thrice"]
    assert (thrice.outcome, thrice.score, thrice.blocked_by) == (O.SKIPPED, 0, [])
    assert "pair" in thrice.message  # for staff
    assert [g.sentence for g in feedback(graded.report).waiting] == ["1 check was skipped."]
    true = graded(TELLS | double("return x + x", "raise NotImplementedError('TODO: pair')"))
    assert true["thrice"].blocked_by == ["pair"]


def test_rerun_of_one_check_says_when_a_report_calls_it_skipped(tmp_path, capsys):
    """Here nothing is known of the other questions, so the outcome stays what it is."""
    tiny_harness(tmp_path)

    def shown(modules):
        path = handed_in(tmp_path / "alice", {**ANSWERS, **modules})
        harness = tmp_path / "harness.zip"
        rerun(path, "thrice", harness=harness, student="", sandbox="none", trusted=True)
        return " ".join(capsys.readouterr().out.split())

    said = shown(WRONG)
    assert "not right" in said
    assert "It needs double. A report calls this check skipped if a question that it needs" in said
    assert "It needs" not in shown({})
