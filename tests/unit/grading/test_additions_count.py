"""What a submission adds to a given file counts, and what does not is told where it is missed."""

import pytest

from autograder.grading.one_submission import grade
from autograder.records import Outcome
from autograder.sandbox import backend
from autograder.submissions.submission import read_submission
from tests.tiny import ANSWERS, GIVEN, handed_in, tiny_harness

HELPERS = {
    "given.py": GIVEN["given.py"]
    + "\n\nfrom tiny.ops import *\n\n\ndef double_and(x, y):\n    return double(x) + y\n",
    "sub/more.py": "from tiny.given import *\n\n\ndef triple(x):\n    return double_and(x, x)\n",
    "__init__.py": "from tiny.given import double_and\n",
}


@pytest.fixture(scope="module")
def harness(tmp_path_factory):
    return tiny_harness(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def graded(harness, tmp_path):
    """The report of right work with these modules in it."""

    def graded(modules, package="tiny"):
        path = handed_in(tmp_path / "alice", {**ANSWERS, **modules}, package=package)
        return grade(harness, read_submission(path, harness), backend("none"))

    return graded


def result(report, check):
    return next(one for one in report.checks if one.id == check)


def test_helpers_in_given_files_count(graded):
    report = graded(HELPERS)
    assert report.score == report.points
    notes = [
        "__init__.py is given; what was added to it counts (from tiny.given import double_and), "
        "and nothing else that was changed in it",
        "given.py is given; what was added to it counts (from tiny.ops import *, double_and), and "
        "nothing else that was changed in it",
    ]
    assert report.submission.notes == notes


def test_helpers_in_given_files_of_a_renamed_package_count(graded):
    renamed = {name: text.replace("tiny", "cs682") for name, text in HELPERS.items()}
    report = graded({**renamed, "sub/__init__.py": ""}, "cs682")
    assert report.score == report.points


def test_a_given_file_with_new_comments_or_the_student_s_name_in_imports_is_as_given(tmp_path):
    harness = tiny_harness(
        tmp_path, given={"given.py": "from tiny.ops import *\n" + GIVEN["given.py"]}
    )
    own = "# read\nfrom cs682.ops import *\n" + GIVEN["given.py"]
    path = handed_in(tmp_path / "alice", {**ANSWERS, "given.py": own}, package="cs682")
    notes = read_submission(path, harness).notes
    assert notes == ("cs682/ was read as the package tiny",)


@pytest.mark.parametrize("lost", ["NAMED = 3", "if True:\n    NAMED = 3", "NAMED = print('2'"])
def test_a_name_that_was_not_taken_is_named_where_it_is_missed(graded, lost):
    report = graded(
        {
            "given.py": f"{GIVEN['given.py']}\n{lost}\n",
            "sub/more.py": "from tiny import given\n\n\ndef triple(x):\n    return given.NAMED * x",
            "ops.py": "from tiny.given import *\n\n\ndef double(x):\n    return 2 * x\n\n\n"
            "def pair(x):\n    return (x, -x) if NAMED else x\n",
        }
    )
    assert result(report, "double.twice").outcome is Outcome.PASSED
    reason = (
        "NAMED was not taken from given.py, which is given: only functions, classes and imports "
        "that are added to it count"
    )
    for check in ("triple.thrice", "pair.both"):
        assert result(report, check).outcome is Outcome.ERROR
        assert result(report, check).message.endswith(f"; {reason}")
    assert "ignored given.py: it is given, and was changed" in report.submission.notes


def test_an_addition_that_fails_costs_nothing_but_itself(graded):
    given = GIVEN["given.py"] + "\n\nimport no_such_module\n\n\nclass Odd(no_such_module.Odd): pass"
    used = "from tiny.given import tenfold\n\n\ndef triple(x):\n    return tenfold(x) - 7 * x\n"
    report = graded({"given.py": given, "sub/more.py": used})
    assert report.score == report.points
    assert "given.py: left out Odd" in result(report, "triple.thrice").output
