"""What the course's files import is looked for before anything is graded."""

import pytest

from autograder.errors import UserError
from autograder.grading.class_run import grade_class
from autograder.sandbox import backend
from autograder.sandbox.course_modules import require_course_modules
from tests.tiny import GIVEN, handed_in, tiny_harness


@pytest.fixture
def harness(tmp_path):
    """A harness with these given files."""
    return lambda given=(): tiny_harness(tmp_path, given={**GIVEN, **dict(given)})


def test_what_is_installed_lets_grading_begin(harness):
    given = {
        "tools.py": "import numpy, json\nfrom tiny import nothing_like_it\n",
        "script.py": "raise SystemExit(3)\n",
        "guarded.py": "try:\n    import no_such_a\nexcept ImportError:\n    pass\n",
        "compiled.py": "import _fast\n",
        "_fast.pyx": "",
        "setup.py": "import no_such_b\n",
    }
    require_course_modules(harness(given), backend("none"))


def test_a_module_that_a_given_file_needs_is_named_and_nothing_is_graded(harness):
    """The seen case: every student's code raised, as if it were theirs."""
    given = {"sub/plots.py": "import no_such_a.inner\n", "tools.py": "from no_such_b import x\n"}
    with pytest.raises(UserError) as info:
        require_course_modules(harness(given), backend("none"))
    assert "import what is not installed where the grader runs: no_such_a, no_such_b." in str(
        info.value
    )
    assert "Nothing was graded" in str(info.value)


def test_a_module_that_a_notebook_s_own_cell_needs_is_named(harness):
    made = harness()
    path = made.notebooks["Tiny"]
    path.write_bytes(path.read_bytes().replace(b"import math", b"import no_such_c"))
    with pytest.raises(UserError, match="no_such_c"):
        require_course_modules(made, backend("none"))


def test_a_script_that_ends_the_process_lets_grading_begin(harness):
    given = {"script.py": "import os\nos._exit(0)\n"}
    require_course_modules(harness(given), backend("none"))


class Silent:
    """A progress that nothing is told."""

    def step(self, text):
        pass

    def found(self, submissions):
        pass

    def finished(self, report, *, reused=False):
        pass


def test_no_submission_of_a_class_is_graded_then(harness, tmp_path):
    made = harness({"tools.py": "import no_such_a\n"})
    work = handed_in(tmp_path / "alice")
    with pytest.raises(UserError, match="no_such_a"):
        grade_class([work], made, "none", tmp_path / "out", Silent())
    assert not (tmp_path / "out").exists()
