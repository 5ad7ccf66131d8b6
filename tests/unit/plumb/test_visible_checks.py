"""What students get of the checks: the visible ones, and nothing that only hidden ones use."""

import types

import pytest

from autograder.core.judge import Expected
from autograder.errors import AssignmentError
from plumb.assignment_reader import read_assignment
from plumb.reference import reference_files
from plumb.release_files import student_files
from plumb.visible_checks import cut_visible_checks
from tests.integration.conftest import CHECKS

SOURCE = '''"""Checks of doubling."""

import math

import numpy as np

from plumbline import FLOAT32, check

# The hidden one tries odd sizes.
SECRET_SIZE = 17
EXAMPLE = np.arange(3.0)


def helper(x):
    """Shared."""
    return x + EXAMPLE


def secret_helper():
    return math.pi * SECRET_SIZE


@check("double", points=1, seed=0, visible=True)
def example(student, rng):
    """Twice the example."""
    # A comment of its own.
    return {"out": student.double(helper(0))}


@check("double", points=1, seed=0, tolerance=FLOAT32)
def lurking(student, rng):
    """A hidden one."""
    return {"out": student.double(secret_helper())}
'''


def test_the_visible_check_and_its_helpers_are_kept():
    assert cut_visible_checks(SOURCE, ["example"]) == (
        '"""Checks of doubling."""\n'
        "\n"
        "import numpy as np\n"
        "from plumbline import check\n"
        "\n"
        "EXAMPLE = np.arange(3.0)\n"
        "\n\n"
        "def helper(x):\n"
        '    """Shared."""\n'
        "    return x + EXAMPLE\n"
        "\n\n"
        '@check("double", points=1, seed=0, visible=True)\n'
        "def example(student, rng):\n"
        '    """Twice the example."""\n'
        "    # A comment of its own.\n"
        '    return {"out": student.double(helper(0))}\n'
    )


def test_a_file_without_visible_checks_is_left_out():
    assert cut_visible_checks(SOURCE, ["elsewhere"]) is None


def test_an_import_that_students_do_not_have_is_refused_with_its_line(pocket):
    imports = "import numpy as np\nfrom autograder.core.goals import at_least, at_most\n"
    checks = CHECKS.replace("import numpy as np\n", imports)
    checks = checks.replace('return {"out"', 'at_least(1)\n    return {"out"', 1)
    pocket.write("assignment/checks/doubles.py", checks)
    found = read_assignment(pocket.folder / "assignment", pocket.folder / "solutions", "pocket")
    expected = {check.id: Expected({"out": 1.0}) for check in found.checks}
    with pytest.raises(AssignmentError, match=r"doubles\.py:2: .*'from autograder\.core\.goals"):
        student_files(found, list(reference_files(found)), expected)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "rng):\n",
            "rng):\n    print(KNOWN)\n",
            "without the hidden ones, and then KNOWN is not defined; write plain imports",
        ),
        ("rng):\n", "rng, n=KNOWN):\n", "NameError: name 'KNOWN' is not defined"),
    ],
)
def test_a_visible_check_that_cannot_be_cut_out_whole_is_refused(pocket, old, new, message):
    checks = CHECKS.replace("import numpy as np\n", "import numpy as np\nglobals()['KNOWN'] = 3\n")
    assert checks.index("visible=True") < checks.index(old)
    pocket.write("assignment/checks/doubles.py", checks.replace(old, new, 1))
    found = read_assignment(pocket.folder / "assignment", pocket.folder / "solutions", "pocket")
    expected = {check.id: Expected({"out": 1.0}) for check in found.checks}
    line = checks[: checks.index(old)].count("\n") + 1
    with pytest.raises(AssignmentError, match=rf"doubles\.py:({line}|{line + 1}): .*{message}"):
        student_files(found, list(reference_files(found)), expected)


STARRED = """
import math

from numpy import *
from plumbline import *


@check("double", visible=True)
def example(student, rng):
    return {"out": student.double(arange(3))}


@check("double")
def hidden(student, rng):
    return {"out": student.double(math.pi)}
"""


def test_an_import_of_all_names_is_kept():
    text = cut_visible_checks(STARRED, ["example"])
    assert "from numpy import *\nfrom plumbline import *\n" in text
    names = {}
    exec(text, names)
    assert list(names["example"].body(types.SimpleNamespace(double=list), None)["out"]) == [0, 1, 2]
    assert "math" not in text
    assert "hidden" not in text


FILLED = """
import numpy as np

from plumbline import check

TABLE = {}
for n in range(3):
    TABLE[n] = n * n
SECRETS = []
for n in range(3):
    SECRETS.append(abs(np.square(n)) + TABLE.get(n))
SIZES = [1]
SIZES += [2]
ROWS = [0, 0]
ROWS[0] = 5
try:
    import tomllib
except ImportError:
    tomllib = None


@check("double", visible=True)
def example(student, rng):
    n = len(TABLE) + len(SIZES) + len(ROWS)
    return {"out": student.double(np.array(n)), "there": bool(tomllib)}


@check("double")
def hidden(student, rng):
    return {"out": student.double(SECRETS[-1])}
"""


def test_what_fills_a_constant_of_a_visible_check_comes_along():
    text = cut_visible_checks(FILLED, ["example"])
    names = {}
    exec(text.replace("from plumbline import check", "check = lambda *a, **k: lambda f: f"), names)
    assert names["TABLE"] == {0: 0, 1: 1, 2: 4}
    assert (names["SIZES"], names["ROWS"]) == ([1, 2], [5, 0])
    assert names["tomllib"]
    assert "SECRETS" not in text
    assert "hidden" not in text
