"""An assignment whose checks give functions: released, handed in, checked at home."""

import subprocess
import sys

import pytest

from autograder.core.functions import FunctionUse
from autograder.errors import CheckError
from tests.integration.conftest import Pocket
from tests.integration.student import unpacked

MODULE = '''\
"""Roots."""


def double(f, low, high):
    """A root of f between low and high, to 1e-9."""
    # BEGIN SOLUTION double
    # TODO: halve the interval.
    f_at_the_lower_end = f(low)
    while high - low > 1e-9:
        centre_of_interval = (low + high) / 2
        if f_at_the_lower_end * f(centre_of_interval) <= 0:
            high = centre_of_interval
        else:
            low = centre_of_interval
    return (low + high) / 2
    # END SOLUTION double
'''
CHECKS = '''\
import numpy as np

from plumbline import Tolerance, at_most, check


def root_and_calls(student, function, low, high):
    counted = student.function(function)
    return {"root": student.arithmetic.double(counted, low, high), "calls": counted.calls}


@check("double", points=1, seed=1, visible=True, tolerance=Tolerance(((1e-7, 1.0),)),
       goals={"calls": at_most(40)})
def plain_case(student, rng):
    """The root of a cubic, with at most 40 calls."""
    return root_and_calls(student, lambda x: x**3 - 2, 0.0, 2.0)


@check("double", points=2, seed=2, tolerance=Tolerance(((1e-7, 1.0),)))
def lurking_root(student, rng):
    """The root of a function that raises elsewhere."""
    def inner(x):
        if not 0 <= x <= 4:
            raise ValueError("outside of the interval")
        return x * x - 7

    return {"root": student.arithmetic.double(inner, 0.0, 4.0)}


@check("double", points=1, seed=3, tolerance=Tolerance(((1e-7, 1.0),)))
def lurking_sine(student, rng):
    """A function of NumPy's."""
    return {"root": student.arithmetic.double(np.sin, 2.0, 4.0)}
'''
RIGHT = """\
def double(f, low, high):
    a, b = low, high
    fa = f(a)
    for _ in range(34):
        m = a + (b - a) / 2
        fm = f(m)
        if (fa < 0) == (fm < 0):
            a = m
        else:
            b = m
    return a
"""
OUTCOMES = ("double.plain_case", "double.lurking_root", "double.lurking_sine")


def of_roots(folder):
    made = Pocket(folder)
    made.write("solutions/pocket/arithmetic.py", MODULE)
    made.write("assignment/checks/doubles.py", CHECKS)
    made.write("assignment/notebooks/Pocket.py", (
        '# %% [markdown] id="title"\n# # Roots\n\n# %% id="setup" role="setup"\n'
        "from pocket.arithmetic import double\n"
    ))  # fmt: skip
    return made


@pytest.fixture(scope="module")
def roots(tmp_path_factory):
    return of_roots(tmp_path_factory.mktemp("roots"))


@pytest.mark.parametrize(
    ("text", "outcomes"),
    [
        (RIGHT, ("passed", "passed", "passed")),
        (RIGHT.replace("return a", "return low"), ("failed", "failed", "failed")),
        (RIGHT.replace("range(34)", "range(60)"), ("failed", "passed", "passed")),
        (RIGHT.replace("fa = f(a)", "fa = f(a - 1)"), ("passed", "error", "passed")),
        (RIGHT.replace("f(a)", "f(str(a))"), ("error", "error", "error")),
        pytest.param(
            RIGHT.replace("    return a", "    while low == 2.0:\n        try:\n            f(b)\n"
                          "        except Exception: pass\n    return a"),
            ("passed", "passed", "timeout"), marks=pytest.mark.long),
    ],
    ids=["right", "wrong-root", "too-many-calls", "outside", "of-another-kind", "endless"],
)  # fmt: skip
def test_a_submission_gets_what_its_calls_deserve(roots, text, outcomes):
    results = {check.id: check for q in roots.grade(text).questions for check in q.checks}
    assert tuple(results[each].outcome.value for each in OUTCOMES) == outcomes


def test_what_the_reference_sent_is_recorded(roots):
    roots.grade(RIGHT)
    number = {"number": 64, "values": 1}
    uses = [roots.harness.expected[each].use for each in OUTCOMES]
    assert uses == [FunctionUse(32, number), FunctionUse(33, number), FunctionUse()]


def test_a_callback_works_alike_at_home(roots):
    roots.grade(RIGHT)
    home = unpacked(roots.out, "pocket", roots.folder / "home")
    command = [sys.executable, "-m", "selfcheck"]
    for text, code in (
        (RIGHT, 0),
        (RIGHT.replace("range(34)", "range(60)"), 1),
        (RIGHT.replace("f(a)", "f(str(a))"), 1),
    ):
        (home / "pocket" / "arithmetic.py").write_text(text)
        done = subprocess.run(command, cwd=home, capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stdout + done.stderr
    assert "the callback does not take this kind of argument: text" in done.stdout
    assert "call_back" not in done.stdout


def test_a_callback_that_asks_for_the_students_code_stops_the_release(tmp_path):
    made = of_roots(tmp_path)
    path = "assignment/checks/doubles.py"
    text = (made.folder / path).read_text()
    nested = text.replace("return x * x - 7", "return student.arithmetic.double(np.cos, x, 4.0)")
    made.write(path, nested)
    line = text.splitlines().index("    def inner(x):") + 1
    with pytest.raises(CheckError, match=rf"doubles\.py:{line}: the function that the check gives"):
        made.release()


def test_a_callback_that_returns_what_cannot_be_sent_stops_the_release(tmp_path):
    made = of_roots(tmp_path)
    path = "assignment/checks/doubles.py"
    text = (made.folder / path).read_text()
    made.write(path, text.replace("return x * x - 7", "return student"))
    with pytest.raises(CheckError, match="takes and returns plain values, not a Student"):
        made.release()
