"""A package that a student renamed is graded as theirs: imports by its new name work."""

import pytest

from autograder.errors import BoxError
from autograder.grading.one_submission import grade
from autograder.records import Outcome, Status
from autograder.sandbox import backend, package_names
from autograder.sandbox.box import Box
from autograder.sandbox.run_folder import lay_out
from autograder.submissions.submission import read_submission
from tests.tiny import GIVEN, handed_in, tiny_harness

OPS = "def double(x):\n    return x + x\n\n\ndef pair(x):\n    return x, -x\n"
MORE = "from {0}.ops import *\nfrom {0}.given import tenfold\nimport {0}.ops as ops\n\n\n" + (
    "def triple(x):\n    return ops.double(x) + (tenfold(x) - 9 * x)\n"
)
CELL = "from {0} import ops\nimport {0}.tools.sums\ndef best():\n    return ops.double(3) + {0}"
CELL += ".tools.sums.ONE"


@pytest.fixture(scope="module")
def harness(tmp_path_factory):
    return tiny_harness(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def graded(harness, tmp_path):
    """The report of right work in a package of this name, whose modules import from `imported`."""

    def graded(name, imported=None, given=GIVEN, box="none"):
        modules = {"ops.py": OPS, "sub/more.py": MORE.format(imported or name), **given}
        modules |= {"tools/__init__.py": "", "tools/sums.py": "ONE = 1\n"}
        cell = CELL.format(imported or name)
        path = handed_in(tmp_path / "alice", modules, best=cell, package=name)
        return grade(harness, read_submission(path, harness), backend(box))

    return graded


def test_work_in_a_renamed_package_gets_everything(graded):
    report = graded("cs682", given={"given.py": "from cs682 import ops\n" + GIVEN["given.py"]})
    assert report.score == report.points
    notes = "; ".join(report.submission.notes)
    assert "cs682/ was read as the package tiny" in notes
    assert "imports from cs682 give the package tiny" in notes


def test_the_right_name_goes_on_working_beside_the_student_s(graded):
    assert graded("deeplearning", "tiny").score == 8.0


def test_the_name_that_imports_use_counts_where_the_folder_has_another_one(graded):
    assert graded("hw2-main", "cs682").score == 8.0


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("json", "Python, or a package that is installed, has a module of that name"),
        ("numpy", "Python, or a package that is installed, has a module of that name"),
        ("IPython", "Python, or a package that is installed, has a module of that name"),
        ("autograder", "Python, or a package that is installed, has a module of that name"),
        ("given", "tiny has a module of that name"),
        ("sub", "tiny has a module of that name"),
        ("my-tiny (1)", "no import can name it"),
        ("class", "no import can name it"),
    ],
)
def test_a_name_that_is_taken_or_no_name_is_told_and_no_alias(graded, name, reason):
    can_be_imported = reason != "no import can name it"
    report = graded(name, name if can_be_imported else "tiny")
    outcomes = {check.id: check.outcome for check in report.checks}
    assert outcomes["double.twice"] is Outcome.PASSED, report.reason
    assert outcomes["triple.thrice"] is (Outcome.ERROR if can_be_imported else Outcome.PASSED)
    note = f"imports from {name} do not give the package tiny: {reason}"
    assert note in report.submission.notes


def test_a_name_with_dots_is_told_and_named_where_an_import_by_it_fails(graded):
    report = graded("tiny", "src.tiny")
    told = "imports from src.tiny do not give the package tiny: write tiny instead"
    assert report.submission.left_aside == [told]
    assert report.reason == told
    (thrice,) = [check for check in report.checks if check.id == "triple.thrice"]
    assert thrice.message == f"ModuleNotFoundError: No module named 'src'; {told}"


def test_one_import_that_names_what_a_module_defines_tells_the_package_s_name(harness, tmp_path):
    more = "from cs682.ops import double\n\n\ndef triple(x):\n    return double(x) + x\n"
    path = handed_in(tmp_path / "alice", {"ops.py": OPS, "sub/more.py": more})
    submission = read_submission(path, harness)
    assert grade(harness, submission, backend("none")).score == 8.0


def test_a_real_box_knows_the_student_s_name_for_the_package(graded):
    assert graded("cs682", box="bubblewrap").score == 8.0


def test_nothing_of_the_student_s_is_in_the_box_that_tells_which_names_are_taken(
    harness, tmp_path, monkeypatch
):
    seen = []

    def recording(harness, submission, compiled):
        seen.append(submission)
        return lay_out(harness, submission, compiled)

    monkeypatch.setattr(package_names, "lay_out", recording)
    modules = {"ops.py": OPS, "sub/more.py": MORE.format("cs682"), "given.py": MORE.format("cs682")}
    path = handed_in(tmp_path / "alice", modules, package="cs682")
    submission = read_submission(path, harness)
    assert package_names.why_no_alias(backend("none"), harness, submission) == ""
    assert submission.cells
    for one in seen:
        contents = one.modules, one.notebooks, one.cells, one.given_files.additions
        assert not any(contents)
    assert len(seen) == 1


def test_without_an_answer_from_the_box_the_submission_is_graded_without_the_alias(
    graded, monkeypatch
):
    asked = []

    def failing(self, op, operands, helper=None):
        if op != "is_module":
            return request(self, op, operands, helper)
        asked.append(op)
        raise BoxError("the pipes of the box failed")

    request = Box.request
    monkeypatch.setattr(Box, "request", failing)
    report = graded("cs682", "tiny")
    assert (report.status, report.score, len(asked)) == (Status.GRADED, 8.0, 2)
    (note,) = [n for n in report.submission.notes if "do not give" in n]
    assert note == (
        "imports from cs682 do not give the package tiny: the box that was asked for such a "
        "module failed twice: the pipes of the box failed"
    )
    assert note in report.submission.left_aside
