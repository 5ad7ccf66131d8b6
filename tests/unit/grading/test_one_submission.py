"""One submission, one report: outcomes, points, and whose fault it is."""

import platform

import msgspec
import numpy as np
import pytest

from autograder.core.values import describe
from autograder.errors import BoxError, SandboxUnavailable, SubmissionError
from autograder.grading.grading_session import GradingSession
from autograder.grading.one_submission import grade
from autograder.grading.reporting import ungraded
from autograder.limits import Limits
from autograder.records import Outcome, Status, decode, encode
from autograder.sandbox import backend, run_folder
from autograder.sandbox.compile_extension import Compiled
from autograder.sandbox.run_folder import lay_out
from autograder.submissions.submission import read_submission
from tests.tiny import ANSWERS, CHECKS, GIVEN, STUBS, handed_in, tiny_harness
from tests.unheard import UNHEARD

O = Outcome  # noqa: E741  every other line of these tests names one


@pytest.fixture(scope="module")
def harness(tmp_path_factory):
    return tiny_harness(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def box():
    return backend("none")


@pytest.fixture
def graded(harness, box, tmp_path):
    """The report of a submission with these modules in the place of the right answers."""

    def graded(modules=(), harness=harness, **more):
        path = handed_in(tmp_path / "alice", {**ANSWERS, **dict(modules)}, **more)
        return grade(harness, read_submission(path, harness), box)

    return graded


def ops(double="return x + x", pair="return x, -x", top=""):
    return {"ops.py": f"{top}\ndef double(x):\n    {double}\n\ndef pair(x):\n    {pair}\n"}


def outcomes(report):
    return {check.id: check.outcome for check in report.checks}


def of(report, check):
    return next(c for c in report.checks if c.id == check)


def test_a_right_submission_gets_everything(graded, harness):
    report = graded()
    assert set(outcomes(report).values()) == {O.PASSED}
    assert report.score == report.points == report.graded_points == 8.0
    assert report.percent == 100
    assert report.status is Status.GRADED
    assert report.reason == ""
    assert report.submission.files == ["ops.py", "sub/more.py", "Tiny.ipynb"]
    assert [q.id for q in report.questions] == ["triple", "double", "pair", "best"]
    assert [c.id for c in report.checks] == [c.id for c in harness.checks]
    assert (report.sandbox.backend, report.sandbox.isolated) == ("none", False)
    assert of(report, "double.twice").visible
    assert of(report, "triple.thrice").hint == "Thrice."
    assert decode(encode(report)) == report


def test_graded_without_a_reason_is_said_only_where_nothing_was_left_aside(graded):
    report = graded({"my-ops.py": "x = 1", "my-more.py": "x = 1"})
    note = "ignored my-more.py: no module can have that name"
    assert report.status is Status.GRADED
    assert report.reason == f"{note} (and 1 more)"
    assert report.submission.left_aside == [note, note.replace("more.py", "ops.py")]
    assert report.submission.left_aside == report.submission.notes
    assert decode(encode(report)) == report


def test_an_untouched_submission_gets_nothing_and_is_told_what_is_missing(graded):
    report = graded(STUBS, best=None)
    assert outcomes(report) == {
        "triple.thrice": O.MISSING, "double.twice": O.MISSING, "double.nearly": O.MISSING,
        "pair.both": O.MISSING, "best.chosen": O.MISSING,
    }  # fmt: skip
    assert (report.score, report.graded_points, report.status) == (0, 8, Status.GRADED)
    assert of(report, "triple.thrice").message == "triple.sum is not written yet"
    assert of(report, "best.chosen").message == "best is not written yet"


def test_a_pass_that_was_left_beside_an_answer_does_not_hide_the_error(graded):
    """The seen case: it even stood beside a check of the same question that passed."""
    left = "# TODO: double it.\n    pass\n    # END OF YOUR CODE\n    return x + x[0, 0] / zero"
    report = graded(ops(double=left, pair=f"{left.partition('return')[0]}return x, -x"))
    assert of(report, "double.twice").outcome is O.ERROR
    assert "NameError: name 'zero'" in of(report, "double.twice").message
    assert of(report, "pair.both").outcome is O.PASSED


@pytest.mark.parametrize(
    "module", ["", "def double(x):\n    out = None\n    # TODO: double it.\n    return out\n"]
)
def test_an_empty_module_and_starter_code_without_a_pass_are_not_written(graded, module):
    report = graded({"ops.py": module})
    assert of(report, "double.twice").outcome is O.MISSING
    assert of(report, "double.twice").message == "double is not written yet"


MARKED = (
    "# BEGIN YOUR CODE double\n    # TODO: twice\n    {}\n"
    "    raise NotImplementedError('TODO: double')\n    {}\n    # END YOUR CODE double"
)


def test_the_line_of_a_stub_that_was_left_beside_an_answer_is_named(graded):
    above = graded(ops(double=MARKED.format("return_value = x + x", "")))
    below = graded(ops(double=MARKED.format("", "return x + x")))
    for report in (above, below):
        assert of(report, "double.twice").outcome is O.ERROR
        assert of(report, "double.twice").message == (
            "NotImplementedError: your code stands beside "
            'raise NotImplementedError("TODO: double"); delete that line'
        )
    untouched = graded(ops(double=MARKED.format("", "")))
    assert of(untouched, "double.twice").outcome is O.MISSING


BARE = MARKED.replace("# BEGIN YOUR CODE double\n    ", "").replace("# END YOUR CODE double", "")


@pytest.mark.parametrize("marked", [BARE, BARE + "# END YOUR CODE double"])
def test_so_is_one_without_its_markers_if_more_stands_there_than_was_handed_out(graded, marked):
    for above, below in (
        ("twice = x + x", ""),
        ("", "return x + x"),
        ("for y in x: z = y * y", ""),
    ):
        report = graded(ops(double=marked.format(above, below)))
        assert of(report, "double.twice").outcome is O.ERROR
        assert of(report, "double.twice").message == (
            "NotImplementedError: your code stands beside "
            'raise NotImplementedError("TODO: double"); delete that line'
        )
    assert of(graded(ops(double=marked.format("pass", ""))), "double.twice").outcome is O.MISSING


def test_so_is_one_in_a_notebook_s_cell(graded):
    cell = "def best():\n    {}\n    raise NotImplementedError('TODO: best')"
    assert of(graded(best=cell.format("a = 7")), "best.chosen").outcome is O.ERROR
    assert of(graded(best=cell.format("# a = 7")), "best.chosen").outcome is O.MISSING


def test_a_stub_of_another_question_skips_the_check(graded):
    report = graded({"sub/more.py": "from tiny import ops\ndef triple(x):\n    ops.pair(x)\n",
                     **ops(pair="raise NotImplementedError('TODO: pair')")})  # fmt: skip
    assert of(report, "triple.thrice").outcome is O.SKIPPED
    assert of(report, "triple.thrice").message == "it calls pair, which is not written yet"
    assert of(report, "triple.thrice").blocked_by == ["pair"]
    assert of(report, "pair.both").outcome is O.MISSING


def test_a_part_of_a_question_that_is_a_stub_is_missing(graded):
    report = graded({"sub/more.py": STUBS["sub/more.py"]})
    assert of(report, "triple.thrice").outcome is O.MISSING
    assert of(report, "triple.thrice").message == "triple.sum is not written yet"
    assert of(report, "triple.thrice").blocked_by == []


def test_a_wrong_value_fails_with_what_differs_and_what_needs_it_is_skipped(graded):
    report = graded(ops(double="return x"))
    assert of(report, "double.twice").outcome is O.FAILED
    assert "6 of 6 elements differ" in of(report, "double.twice").message
    assert of(report, "double.twice").observations[0].name == "out"
    assert of(report, "triple.thrice").outcome is O.SKIPPED
    assert report.score == 2


@pytest.mark.parametrize(
    "raised",
    [
        "ModuleNotFoundError('No module named numpy', name='numpy')", "ImportError('numpy')",
        "OSError(28, 'No space left on device')", "MemoryError", "SystemExit", "KeyboardInterrupt",
    ],
)  # fmt: skip
def test_no_exception_of_theirs_leaves_a_check_ungraded(graded, raised):
    report = graded(ops(double=f"raise {raised}"))
    assert of(report, "double.twice").outcome is O.ERROR
    assert report.status is Status.GRADED
    assert report.submission.missing_modules == []


def test_a_module_of_their_own_choice_is_named_and_costs_what_needs_it(graded):
    report = graded(ops(top="import no_such_module"))
    assert report.submission.missing_modules == ["no_such_module"]
    assert of(report, "double.twice").outcome is O.ERROR
    assert of(report, "best.chosen").outcome is O.PASSED
    assert report.status is Status.GRADED


def test_a_report_says_which_python_and_numpy_graded(graded):
    report = graded(ops(top="def wrong(:"))
    assert (report.sandbox.python, report.sandbox.numpy) == (
        platform.python_version(), np.__version__
    )  # fmt: skip
    message = of(report, "double.twice").message
    assert message.startswith("SyntaxError: ")
    assert message.endswith(f"it was read by Python {platform.python_version()}")


@pytest.mark.parametrize("examples", [2, 3])
def test_one_array_instead_of_a_pair_is_said_however_it_is_unpacked(box, tmp_path, examples):
    """The seen case: two examples are unpacked along their axis, and the shapes seem wrong."""
    checks = CHECKS.replace("pair(rng.randn(2))", f"pair(rng.randn({examples}))")
    stub = STUBS["ops.py"] + "    return out, cache\n"
    harness = tiny_harness(tmp_path, checks, {"ops.py": stub})
    path = handed_in(tmp_path / "alice", {**ANSWERS, **ops(pair="return x")})
    report = grade(harness, read_submission(path, harness), box)
    assert of(report, "pair.both").outcome is O.FAILED
    assert of(report, "pair.both").message == (
        "ops.pair returned one array, a pair (out, cache) is expected"
    )


def test_an_exception_that_may_follow_from_one_array_keeps_its_message(box, tmp_path):
    used = "first, second = student.ops.pair(rng.randn(2)); student.ops.double(second)"
    checks = CHECKS.replace("first, second = student.ops.pair(rng.randn(2))", used)
    harness = tiny_harness(tmp_path, checks)
    modules = ops(pair="return x", double="return x.shape[0]")
    path = handed_in(tmp_path / "alice", {**ANSWERS, **modules})
    message = of(grade(harness, read_submission(path, harness), box), "pair.both").message
    cause, error = message.splitlines()
    assert cause.startswith("ops.pair returned one array, a pair (array")
    assert error.startswith("AttributeError: ") or error.startswith("IndexError: ")


def test_a_tier_earns_its_share(graded):
    report = graded(ops(double="return 2.01 * x"))
    assert of(report, "double.twice").outcome is O.FAILED
    nearly = of(report, "double.nearly")
    assert (nearly.outcome, nearly.score) == (O.PARTIAL, 1.5)
    assert of(report, "triple.thrice").outcome is O.FAILED  # what it needs earned something
    assert report.questions[1].score == 1.5


def test_an_exception_of_theirs_is_an_error_with_their_traceback_and_output(graded):
    report = graded(ops(double="print('here'); return 1 / 0"))
    twice = of(report, "double.twice")
    assert twice.outcome is O.ERROR
    assert twice.message == "ZeroDivisionError: division by zero"
    assert "ops.py" in twice.traceback
    assert "autograder" not in twice.traceback
    assert twice.output == "here\n"
    assert of(report, "pair.both").outcome is O.PASSED


HURRY = Limits(seconds=1.0, timeouts=1, hurried_seconds=0.25)


def test_a_module_that_never_ends_does_not_cost_every_check_its_time(graded, tmp_path):
    harness = tiny_harness(tmp_path, limits=HURRY)
    report = graded({"ops.py": "while True: pass\n"}, harness=harness)
    message = {c.id: c.message for c in report.checks if c.outcome is O.TIMEOUT}
    # In the order they are run: the one at full length, the hurried one, the one not run.
    assert message["double.twice"] == "it did not return within 1 s"
    assert message["double.nearly"] == (
        "it did not return within 0.25 s; it had 0.25 s and not 1 s, because 1 of this "
        "submission's checks had run out of time before"
    )
    assert message["pair.both"].startswith("it was not run, because 2 of this submission's checks")
    assert of(report, "best.chosen").outcome is O.TIMEOUT
    assert any(note.startswith("2 checks ran") for note in report.submission.notes)
    assert report.status is Status.GRADED


def test_who_keeps_the_time_that_is_left_still_earns_the_points(graded, tmp_path):
    limits = msgspec.structs.replace(HURRY, timeouts=2, hurried_seconds=1.0)
    report = graded(ops(double="while True: pass"), harness=tiny_harness(tmp_path, limits=limits))
    assert of(report, "double.nearly").outcome is O.TIMEOUT
    assert of(report, "pair.both").outcome is O.PASSED
    assert of(report, "best.chosen").outcome is O.PASSED


def test_slow_code_within_its_limits_is_never_hurried(graded, tmp_path):
    limits = msgspec.structs.replace(HURRY, seconds=20.0, hurried_seconds=0.01)
    slow = ops(top="import time\ntime.sleep(0.3)")
    report = graded(slow, harness=tiny_harness(tmp_path, limits=limits))
    assert set(outcomes(report).values()) == {O.PASSED}
    assert report.submission.notes == graded().submission.notes


def test_a_syntax_error_costs_its_module_only(graded):
    report = graded({"ops.py": "def double(x:\n"})
    assert of(report, "pair.both").outcome is O.ERROR
    assert of(report, "best.chosen").outcome is O.PASSED


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("import os; os._exit(0)", O.ERROR),
        ("raise SystemExit(0)", O.ERROR),
        ("raise NotImplementedError('later')", O.MISSING),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", O.KILLED),
        ("print('x' * (50 << 20))", O.KILLED),
    ],
)
def test_however_the_code_ends_it_costs_that_check_alone(graded, body, outcome):
    report = graded(ops(pair=body))
    assert of(report, "pair.both").outcome is outcome
    assert of(report, "pair.both").message
    assert report.score == 7
    assert report.status is Status.GRADED


def test_a_loop_that_never_ends_is_a_timeout(box, tmp_path):
    harness = tiny_harness(tmp_path, CHECKS.replace("seed=4", "seed=4, seconds=0.5"))
    submitted = read_submission(
        handed_in(tmp_path / "a", ANSWERS | ops(pair="while 1: pass")), harness
    )
    report = grade(harness, submitted, box)
    assert of(report, "pair.both").outcome is O.TIMEOUT
    assert "0.5 s" in of(report, "pair.both").message
    assert report.score == 7


def test_a_check_that_breaks_on_an_answer_of_another_structure_is_failed(graded):
    report = graded(ops(pair="return x"))
    both = of(report, "pair.both")
    assert both.outcome is O.ERROR or both.outcome is O.FAILED
    assert both.score == 0
    report = graded(ops(pair="return 5"))
    assert of(report, "pair.both").outcome is O.FAILED
    assert of(report, "pair.both").message.startswith("ops.pair returned one number, a pair (array")


ENDLESS = CHECKS.replace(
    'return {"first": first, "second": second}',
    'while first.size != 2: second = first\n    return {"first": first, "second": second}',
)


@pytest.mark.filterwarnings(UNHEARD)
def test_a_check_that_never_ends_for_an_answer_of_a_wrong_shape_is_failed(
    graded, tmp_path, monkeypatch
):
    """Its time is the grader's: no request is open that could time out."""
    monkeypatch.setattr("autograder.grading.grading_session.MAX_CPU_SECONDS", 0.3)
    harness = tiny_harness(tmp_path, ENDLESS)
    report = graded(ops(pair="return x[:1], x[:1]"), harness=harness)
    both = of(report, "pair.both")
    assert (both.outcome, both.score) == (O.FAILED, 0)
    assert both.message.startswith("got (array of float, shape (1,), array of float, shape (1,))")
    assert (report.score, report.points) == (7, 8)


@pytest.mark.filterwarnings(UNHEARD)
def test_an_answer_that_takes_too_long_to_look_at_is_failed(graded, tmp_path, monkeypatch):
    """Before it is known what it was: still it came from them, and not from the check."""

    def look(answer, depth=0):
        while np.shape(answer) == (2, 1):
            pass
        return describe(answer, depth)

    monkeypatch.setattr("autograder.grading.grading_session.MAX_CPU_SECONDS", 0.3)
    monkeypatch.setattr("autograder.core.student.describe", look)
    report = graded(ops(pair="return x[:1], x[:1]"))
    both = of(report, "pair.both")
    assert (both.outcome, report.status) == (O.FAILED, Status.GRADED)
    assert both.message.startswith("got more than can be looked at from ops.pair, expected (array")


@pytest.mark.filterwarnings(UNHEARD)
def test_a_check_that_never_ends_before_any_answer_is_not_graded(graded, tmp_path, monkeypatch):
    monkeypatch.setattr("autograder.grading.grading_session.MAX_CPU_SECONDS", 0.3)
    endless = CHECKS.replace("first, second = ", "while True: rng.randn(2)\n    first, second = ")
    report = graded(harness=tiny_harness(tmp_path, endless))
    both = of(report, "pair.both")
    assert both.outcome is O.NOT_GRADED
    assert "the check broke (all.py:" in both.message
    assert "computed for more than 0.3 s" in both.message
    assert report.score == 7


def test_a_check_that_breaks_before_any_answer_is_not_graded(graded, tmp_path):
    broken = CHECKS.replace("student.ops.pair(rng.randn(2))", "student.ops.pair(nothing)")
    report = graded(harness=tiny_harness(tmp_path, broken))
    both = of(report, "pair.both")
    assert (both.outcome, both.score) == (O.NOT_GRADED, 0)
    assert "the check broke (all.py:" in both.message
    assert "NameError: name 'nothing' is not defined" in both.message
    assert report.status is Status.PARTLY_GRADED
    assert report.reason.startswith("pair.both: the check broke")
    assert (report.score, report.graded_points, report.points) == (7, 7, 8)
    assert (report.percent, report.percent_of_graded) == (87.5, 100)


def test_what_needs_a_question_that_was_not_graded_is_run(graded, tmp_path):
    broken = CHECKS.replace("student.ops.double", "(1 / 0).double")
    report = graded(harness=tiny_harness(tmp_path, broken))
    assert of(report, "triple.thrice").outcome is O.PASSED


class Failing:
    """A backend whose boxes do not start, the first so many times."""

    name, isolated = "failing", True

    def __init__(self, real, failures, error=BoxError):
        self._real, self._left, self._error = real, failures, error

    def describe(self, limits):
        return {}

    def launch(self, *arguments):
        self._left -= 1
        if self._left >= 0:
            raise self._error("no box today")
        return self._real.launch(*arguments)


def test_a_box_that_fails_once_is_tried_again(harness, box, tmp_path):
    submitted = read_submission(handed_in(tmp_path / "alice"), harness)
    report = grade(harness, submitted, Failing(box, 1))
    assert report.score == 8
    assert report.status is Status.GRADED


def test_a_box_that_keeps_failing_is_our_failure(harness, box, tmp_path):
    submitted = read_submission(handed_in(tmp_path / "alice"), harness)
    report = grade(harness, submitted, Failing(box, 2))
    assert of(report, "double.twice").outcome is O.NOT_GRADED
    assert "no box today" in of(report, "double.twice").message
    assert report.status is Status.PARTLY_GRADED
    for error in (BoxError, OSError):
        report = grade(harness, submitted, Failing(box, 1000, error))
        assert report.status is Status.NOT_GRADED
        assert report.percent is None
        assert "no box today" in report.reason


def test_no_isolation_stops_the_whole_run(harness, box, tmp_path):
    submitted = read_submission(handed_in(tmp_path / "alice"), harness)
    with pytest.raises(SandboxUnavailable):
        grade(harness, submitted, Failing(box, 1000, SandboxUnavailable))


def test_a_failure_before_the_first_check_is_a_report_too(harness, box, tmp_path, monkeypatch):
    submitted = read_submission(handed_in(tmp_path / "alice"), harness)

    def full(*_, **__):
        raise OSError("No space left on device")

    monkeypatch.setattr(run_folder.shutil, "copytree", full)
    report = grade(harness, submitted, box)
    assert report.status is Status.NOT_GRADED
    assert "No space left on device" in report.reason
    assert [len(question.checks) for question in report.questions] == [1, 2, 1, 1]


def test_an_unreadable_submission_is_a_report_for_a_person(harness, tmp_path):
    path = tmp_path / "alice.zip"
    path.write_bytes(b"garbage")
    with pytest.raises(SubmissionError) as caught:
        read_submission(path, harness)
    report = ungraded(harness, path, "alice", caught.value, ["a note"])
    assert report.status is Status.UNREADABLE
    assert "alice.zip: the archive is damaged" in report.reason
    assert (report.score, report.graded_points, report.points) == (0, 0, 8)
    assert len(report.submission.sha256) == 64
    assert report.submission.notes == ["a note"]
    assert ungraded(harness, path, "", OSError("gone")).status is Status.NOT_GRADED


def test_two_runs_give_the_same_json_but_for_times(graded):
    def timeless(report):
        plain = msgspec.to_builtins(report)
        plain["started"] = plain["seconds"] = 0
        for question in plain["questions"]:
            for check in question["checks"]:
                check["seconds"] = 0
        return msgspec.json.encode(plain)

    modules = ops(double="return 2.01 * x", pair="print(hash('a')); return x, x")
    assert timeless(graded(modules)) == timeless(graded(modules))


def test_printed_text_and_messages_are_cut_and_can_be_written(graded):
    report = graded(ops(double="print('x' * 30000); raise ValueError('\\udcff' + 'y' * 9000)"))
    twice = of(report, "double.twice")
    assert twice.output.startswith("xxx")
    assert "more characters]" in twice.output
    assert len(twice.output) < 11_000
    assert len(twice.message) < 5_000
    assert decode(encode(report)) == report


def test_a_broken_notebook_cell_is_an_error_of_that_question(graded):
    report = graded(best="# BEGIN YOUR CODE best\ndef best(:")
    assert of(report, "best.chosen").outcome is O.ERROR
    assert report.score == 7


class TestLayOut:
    def test_answers_lie_over_the_given_package(self, harness, tmp_path):
        modules = {**ANSWERS, "helper.py": "a = 1\n", "given.py": "changed = 1\n"}
        submitted = read_submission(handed_in(tmp_path / "alice", modules), harness)
        built = tmp_path / "_fast.so"
        built.write_bytes(b"machine code")
        with lay_out(harness, submitted, Compiled({"_fast.so": built})) as run:
            package = run / "package" / "tiny"
            texts = {p.relative_to(package).as_posix(): p for p in package.rglob("*.*")}
            assert set(texts) == {*GIVEN, *STUBS, "helper.py", "_fast.so"}
            assert texts["given.py"].read_text() == GIVEN["given.py"]
            assert texts["ops.py"].read_text() == ANSWERS["ops.py"]
            notebook = msgspec.json.decode((run / "notebooks" / "Tiny.json").read_bytes())
            assert notebook["name"] == "Tiny"
            labels = [cell["label"] for cell in notebook["cells"]]
            assert labels == ["set-up cell setup", "cell best"]
            assert "return 7" in notebook["cells"][1]["source"]
            assert run.stat().st_mode & 0o777 == 0o700
            assert {p.stat().st_mode & 0o777 for p in run.rglob("*")} == {0o755, 0o644}
            assert "alice" not in str(run)
        assert not run.exists()

    def test_what_was_not_handed_in_is_the_release_s_own(self, harness, tmp_path):
        (tmp_path / "ops.py").write_text(ANSWERS["ops.py"])
        submitted = read_submission(tmp_path / "ops.py", harness)
        with lay_out(harness, submitted, Compiled()) as run:
            stub = run / "package" / "tiny" / "sub" / "more.py"
            assert stub.read_text() == STUBS["sub/more.py"]
            assert "TODO: best" in (run / "notebooks" / "Tiny.json").read_text()


def test_a_session_that_breaks_in_an_unknown_way_is_our_failure(harness, tmp_path):
    class Broken:
        output = ""

        def student(self, **_):
            raise RuntimeError("whatever")

        def close(self):
            pass

    (check,) = (check for check in harness.checks if check.id == "pair.both")
    submission = read_submission(handed_in(tmp_path / "alice"), harness)
    done = GradingSession(harness, submission, Broken(), {}, {}).run_check(check)
    assert done.outcome is O.NOT_GRADED
    assert "RuntimeError: whatever" in done.message
