"""A check whose first answer is an untouched stub is not run; nothing else is taken for one."""

from dataclasses import replace

import msgspec
import pytest

from autograder.core.judge import Expected
from autograder.core.locations import Locations
from autograder.core.student import TraceEntry
from autograder.grading.one_submission import grade
from autograder.grading.unwritten_answers import answers_in_cells, first_unwritten
from autograder.records import Outcome
from autograder.sandbox import backend
from autograder.submissions.missing_answers import functions_that_are_stubs
from autograder.submissions.submission import read_submission
from tests.tiny import ANSWER_CELL, CHECKS, STUB_CELL, handed_in, notebook, tiny_harness

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
    assert answers_in_cells(harness, submission) == found


def test_a_name_that_another_cell_has_may_be_written(harness, tmp_path):
    submission = read_submission(handed_in(tmp_path / "anna", best=STUB_CELL), harness)
    for other, found in (("best = print", WRITTEN), ("bests = 1", UNWRITTEN)):
        cells = submission.notebooks["Tiny"] | {"other": other}
        assert answers_in_cells(harness, replace(submission, notebooks={"Tiny": cells})) == found


def test_only_a_stub_that_raises_at_once_is_one():
    source = '''
def bare():
    # TODO: it.
    raise NotImplementedError("TODO: q.bare")

class Net:
    def loss(self):
        """Documented."""
        raise NotImplementedError("TODO: q.loss")

def begins(x):
    x = helper(x)
    raise NotImplementedError("TODO: q.begins")

def own():
    raise NotImplementedError("not yet")
'''
    assert functions_that_are_stubs(source) == {"bare": "q.bare", "Net.loss": "q.loss"}
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


def test_cells_of_prose_ask_for_no_function(harness, tmp_path):
    submission = read_submission(handed_in(tmp_path / "anna"), harness)
    (tmp_path / "notebooks").mkdir()
    prose = {
        "cell_type": "markdown", "id": "why", "source": STUB_CELL,
        "metadata": {"plumbline": {"role": "answer"}},
    }  # fmt: skip
    (tmp_path / "notebooks" / "Tiny.ipynb").write_bytes(notebook(prose))
    assert answers_in_cells(replace(harness, folder=tmp_path), submission) == {}
