"""Modules of a submission's own choice that are not installed, read from its text."""

import pytest

from autograder.submissions.imported_modules import missing_modules
from autograder.submissions.submission import Submission
from tests.tiny import tiny_harness


@pytest.fixture(scope="module")
def missing(tmp_path_factory):
    harness = tiny_harness(tmp_path_factory.mktemp("tiny"))

    def missing(source="", *, cell="", path="ops.py", package=""):
        modules, notebooks = {path: source.encode()}, {"Tiny": {"best": cell}}
        submission = Submission("a", "a.zip", "", modules, notebooks, package_name=package)
        return missing_modules(submission, harness)

    return missing


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("import no_such_a.inner as x, no_such_b", ["no_such_a", "no_such_b"]),
        ("def f():\n    from no_such_a import x\n", ["no_such_a"]),
        ("import json, numpy as np\nfrom tiny import ops\nfrom . import ops\nimport ops", []),
        ("try:\n    import no_such_a\nexcept ImportError:\n    no_such_a = None", []),
        ("import no_such_a(", []),
        ("\0", []),
        (f"import {'x' * 61}", []),
        ("\n".join(f"import no_such_{n:02}" for n in range(99)),
         [f"no_such_{n:02}" for n in range(20)]),
    ],
)  # fmt: skip
def test_modules_name_what_they_import(missing, source, names):
    assert missing(source) == names


def test_cells_name_what_they_import(missing):
    cell = "%matplotlib inline\nimport no_such_a\n!pip install no_such_a\nprint 'two'\n"
    assert missing(cell=cell) == ["no_such_a"]


def test_a_module_beside_the_answers_is_the_students_own(missing):
    assert missing("import helper", path="helper.py") == []


def test_the_package_by_the_name_that_the_student_gave_it_is_their_own(missing):
    assert missing("from no_such_a.layers import f", package="no_such_a") == []
