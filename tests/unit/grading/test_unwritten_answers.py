"""A check whose first answer is an untouched stub is not run; nothing else is taken for one."""

from dataclasses import replace

import msgspec
import pytest

from autograder.core.judge import Expected
from autograder.core.locations import Locations
from autograder.core.missing_answers import functions_that_are_stubs
from autograder.core.student import TraceEntry
from autograder.grading.one_submission import grade
from autograder.grading.unwritten_answers import first_unwritten, unwritten_answers
from autograder.records import Outcome
from autograder.sandbox import backend
from autograder.submissions.submission import read_submission
from tests.tiny import (
    ANSWER_CELL,
    ANSWERS,
    CHECKS,
    GIVEN,
    STUB_CELL,
    STUBS,
    handed_in,
    notebook,
    tiny_harness,
)

UNWRITTEN, WRITTEN = {"best": "best"}, {"best": ""}


@pytest.fixture(scope="module")
def harness(tmp_path_factory):
    return tiny_harness(tmp_path_factory.mktemp("tiny"))


def trace(*subjects):
    return tuple(TraceEntry(subject, "number") for subject in subjects)


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        (None, UNWRITTEN),
        (STUB_CELL, UNWRITTEN),
        (f"{STUB_CELL}\n\n", UNWRITTEN),
        (ANSWER_CELL, WRITTEN),
        (f"{STUB_CELL}\nbest = lambda: 7", WRITTEN),
        (f"{STUB_CELL}  # I do not know", WRITTEN),
    ],
)
def test_a_cell_as_it_was_handed_out_is_unwritten(harness, tmp_path, cell, found):
    submission = read_submission(handed_in(tmp_path / "anna", best=cell), harness)
    assert unwritten_answers(harness, submission) == found


IN_MODULES = {"ops.double": "double", "ops.pair": "pair", "sub.more.triple": "triple.sum"}


@pytest.mark.parametrize(
    ("modules", "found"),
    [
        (STUBS, IN_MODULES),
        (STUBS | {"ops.py": STUBS["ops.py"].replace("\n", "\r\n") + "\n"}, IN_MODULES),
        (ANSWERS, {}),
        (STUBS | {"sub/more.py": ANSWERS["sub/more.py"]}, {}),  # it may change the others
        (STUBS | {"helper.py": "import tiny.ops\n"}, {}),
    ],
)
def test_modules_are_unwritten_in_a_package_as_it_was_handed_out_alone(
    harness, tmp_path, modules, found
):
    path = handed_in(tmp_path / "anna", modules, best=ANSWER_CELL)
    assert unwritten_answers(harness, read_submission(path, harness)) == found | WRITTEN


def test_a_class_is_asked_for_by_its_constructor(harness):
    answers = {"ops.Net.__init__": "net.start", "ops.Net.loss": "net.loss"}
    assert first_unwritten(trace("ops.Net", "….loss"), answers, harness) == "net.start"
    del answers["ops.Net.__init__"]
    assert first_unwritten(trace("ops.Net", "….loss"), answers, harness) == ""


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("import os\nfrom numpy import zeros\n", "best"),
        ("from tiny.ops import double\n", ""),
        ("from . import ops\n", ""),
        ("def f():\n    import tiny\n", ""),
    ],
)
def test_a_given_function_that_may_call_answers_comes_first(tmp_path, text, region):
    given = {"given.py": text + GIVEN["given.py"]}
    harness = tiny_harness(tmp_path, given=given)
    assert first_unwritten(trace("given.tenfold", "….best"), UNWRITTEN, harness) == region


def test_a_name_that_another_cell_has_may_be_written(harness, tmp_path):
    submission = read_submission(handed_in(tmp_path / "anna", best=STUB_CELL), harness)
    for other, found in (("best = print", WRITTEN), ("bests = 1", UNWRITTEN)):
        cells = submission.notebooks["Tiny"] | {"other": other}
        assert unwritten_answers(harness, replace(submission, notebooks={"Tiny": cells})) == found


def test_only_a_stub_that_raises_before_it_calls_anything_is_one():
    source = '''
def bare():
    # TODO: it.
    raise NotImplementedError("TODO: q.bare")
    return 1

class Net:
    def __init__(self, size, scale=1.0):
        """Documented."""
        self.size = size
        scale *= 2
        raise NotImplementedError("TODO: q.start")

    def loss(self):
        """Documented."""
        raise NotImplementedError("TODO: q.loss")

def begins(x):
    x = helper(x)
    raise NotImplementedError("TODO: q.begins")

def branches(x):
    if x:
        raise NotImplementedError("TODO: q.branches")

def own():
    raise NotImplementedError("not yet")
'''
    assert functions_that_are_stubs(source) == {
        "bare": "q.bare", "Net.__init__": "q.start", "Net.loss": "q.loss"
    }  # fmt: skip
    assert functions_that_are_stubs("no Python") == {}


@pytest.mark.parametrize(
    ("asked", "region"),
    [
        (("….best", "…"), "best"),
        (("given.tenfold", "…", "….best"), "best"),
        (("ops.double", "….best"), ""),  # an answer of a module may end the check before
        (("sub.more", "….best"), ""),
        (("….other", "….best"), ""),
        (("…",), ""),
        ((), ""),
    ],
)
def test_what_comes_before_the_first_answer_must_be_given(harness, asked, region):
    assert first_unwritten(trace(*asked), UNWRITTEN, harness) == region
    assert first_unwritten(trace(*asked), WRITTEN, harness) == ""


def test_an_answer_that_a_variant_moved_to_a_cell_is_found_there(harness):
    manifest = msgspec.structs.replace(harness.manifest, cells={"ops.best": "Tiny"})
    moved = replace(harness, manifest=manifest)
    assert moved.locations == Locations({}, {"ops.best": "Tiny"})
    assert first_unwritten(trace("ops.best"), UNWRITTEN, moved) == "best"
    assert first_unwritten(trace("ops.best"), UNWRITTEN, harness) == ""


def test_the_setting_up_for_an_unwritten_answer_is_not_run(harness, tmp_path):
    """Its check prints before it asks for the answer."""
    loud = {"given.py": "def tenfold(x):\n    print('set up')\n    return 10 * x\n"}
    checks = CHECKS.replace(
        'return {"best": student.notebook',
        'student.given.tenfold(1)\n    return {"best": student.notebook',
    )
    harness = tiny_harness(tmp_path, checks, given=loud)
    for asked, output in (
        (("given.tenfold", "….best", "…"), ""),
        (("given.tenfold", "…"), "set up\n"),  # nothing is known of what it asks for
    ):
        values = harness.expected["best.chosen"].observations
        expected = harness.expected | {"best.chosen": Expected(values, trace(*asked))}
        submission = read_submission(handed_in(tmp_path / "anna", best=None), harness)
        report = grade(replace(harness, expected=expected), submission, backend("none"))
        check = next(check for check in report.checks if check.id == "best.chosen")
        assert (check.outcome, check.message) == (Outcome.MISSING, "best is not written yet")
        assert (check.blocked_by, check.output) == ([], output)


def test_cells_of_prose_ask_for_no_function(tmp_path):
    harness = tiny_harness(tmp_path)
    submission = read_submission(handed_in(tmp_path / "anna"), harness)
    prose = {
        "cell_type": "markdown", "id": "why", "source": STUB_CELL,
        "metadata": {"plumbline": {"role": "answer"}},
    }  # fmt: skip
    harness.notebooks["Tiny"].write_bytes(notebook(prose))
    assert unwritten_answers(harness, submission) == {}
