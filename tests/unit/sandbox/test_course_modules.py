"""What the course's files import is looked for before anything is graded."""

import pytest

from autograder.errors import UserError
from autograder.grading.class_run import grade_class
from autograder.sandbox import backend, course_modules, import_probe
from autograder.sandbox.course_modules import require_course_modules
from tests.tiny import GIVEN, handed_in, tiny_harness


@pytest.fixture
def harness(tmp_path):
    """A harness with these given files."""
    return lambda given=(): tiny_harness(tmp_path, given={**GIVEN, **dict(given)})


def found(harness):
    """What is missing or broken, with what it raised."""
    return course_modules.import_problems(harness, backend("none"))


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


@pytest.mark.parametrize("script", ["import os\nos._exit(0)\n", "while True:\n    pass\n"])
def test_beside_a_script_that_does_not_return_the_others_are_searched(harness, script, monkeypatch):
    """Of the script itself the import statements alone are tried."""
    monkeypatch.setattr(course_modules, "_TIMEOUT_S", 3.0)
    imports = "import json, no_such_a\nfrom . import ops, other\n"
    given = {"a.py": script, "script.py": imports + script, "tools.py": "import no_such_b\n"}
    assert found(harness(given)) == {"no_such_a": "", "no_such_b": ""}


def test_a_script_that_ends_the_process_lets_grading_begin(harness):
    require_course_modules(harness({"script.py": "import os\nos._exit(0)\n"}), backend("none"))


def test_all_modules_that_one_file_needs_are_told_at_once(harness):
    text = """\
import json, no_such_a, no_such_b.inner as inner
from no_such_c.deep import decorator, Base
from tiny import other
import no_such_d

@no_such_a.fast(parallel=True)
def f(x: inner.Tensor): pass

@decorator
class C(Base, no_such_d.Mixin[int]): pass

import no_such_e
raise OSError("no data")
"""
    given = {"tools.py": text, "other.py": "import no_such_f\n"}
    assert list(found(harness(given))) == [f"no_such_{letter}" for letter in "fabcde"]


def test_a_stand_in_hides_no_module_that_another_file_can_do_without(harness):
    """Where the second file is tried, the module is not there again."""
    given = {
        "a.py": "import no_such_a\n",
        "b.py": "try:\n    import no_such_a\nexcept ImportError:\n    import no_such_b\n",
    }
    assert list(found(harness(given))) == ["no_such_a", "no_such_b"]


def test_a_module_that_is_installed_and_fails_is_told_with_what_it_raised(harness):
    """The standard library has some that fail on every system but Windows."""
    given = {
        "a.py": "import asyncio.windows_events\nimport no_such_a\n",
        "b.py": "from json import no_such_name\n",
        "c.py": "import multiprocessing.popen_spawn_win32\n",
    }
    problems = found(harness(given))
    assert list(problems) == ["asyncio.windows_events", "no_such_a", "json", "msvcrt"]
    assert problems["asyncio.windows_events"] == "ImportError: win32 only"
    assert "cannot import name 'no_such_name'" in problems["json"]
    assert (problems["no_such_a"], problems["msvcrt"]) == ("", "")
    with pytest.raises(UserError) as info:
        require_course_modules(harness(given), backend("none"))
    assert (
        "import what is not installed where the grader runs: no_such_a, msvcrt, and what is "
        "installed where the grader runs and fails there: asyncio.windows_events (ImportError: "
    ) in str(info.value)


def test_a_library_whose_shared_library_is_missing_is_told(tmp_path, monkeypatch):
    text = "import ctypes\nctypes.CDLL('libno_such_sound.so')\n"
    (tmp_path / "sound_of_nobody.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    ((name, why, folder),) = import_probe.find_problems("sound_of_nobody")
    assert (name, folder) == ("sound_of_nobody", "")
    assert why.startswith("OSError: libno_such_sound.so: ")


@pytest.mark.parametrize(
    "text",
    [
        "raise NotImplementedError('TODO: double')\n",
        "raise ImportError('write this first')\n",
        "raise ModuleNotFoundError('write this first')\n",
        "open('no_such_file')\n",
        "import numpy\nnumpy.load('no_such_file')\n",
        "from tiny.given import no_such_name\n",
        "from .... import above\n",
    ],
)
def test_what_a_course_s_own_code_raises_is_harmless(harness, text):
    assert found(harness({"tools.py": text})) == {}


@pytest.mark.parametrize(
    ("importer", "missing"),
    [("tools.py", ["no_such_a", "no_such_b"]), ("sub/tools.py", ["no_such_c"])],
)
def test_a_given_file_of_another_folder_does_not_stand_for_an_installed_module(
    harness, importer, missing
):
    given = {"sub/no_such_a.py": "", "sub/no_such_b.pyx": "", "no_such_c.py": ""}
    tools = "import no_such_a, no_such_b, no_such_c\n"
    assert list(found(harness({**given, importer: tools}))) == missing


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
