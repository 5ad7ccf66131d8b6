"""Regions whose markers name no id."""

import pytest

from autograder.errors import MarkerError
from plumb.region_ids import name_of, with_region_ids
from plumb.regions import PROSE, find_regions


def ids(text, syntax=None):
    named = with_region_ids(text, "f.py", "fall-back", **({"syntax": syntax} if syntax else {}))
    assert named.count("\n") == text.count("\n")
    return [r.id for r in find_regions(named, "f.py", **({"syntax": syntax} if syntax else {}))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def bisection(f):\n    # BEGIN SOLUTION\n    x = 1\n    # END SOLUTION\n", "bisection"),
        ("# BEGIN SOLUTION\ndef bisection(f):\n    return 1\n# END SOLUTION", "bisection"),
        ("# BEGIN SOLUTION\nclass TwoNets:\n    a = 1\n# END SOLUTION", "two_nets"),
        (
            "class Net:\n    def __init__(self):\n"
            "        # BEGIN SOLUTION\n        self.x = 1\n        # END SOLUTION\n",
            "net.init",
        ),
        ("class N:\n    # BEGIN SOLUTION\n    def f(s):\n        pass\n    # END SOLUTION", "n.f"),
        ("x = 0\n# BEGIN SOLUTION\nrate = x\nother = 2\n# END SOLUTION", "rate"),
        ("# BEGIN SOLUTION\nfor i in x:\n    W1 = i\n# END SOLUTION", "w1"),
        ("%matplotlib inline\n# BEGIN SOLUTION\nprint(1)\n# END SOLUTION", "fall_back"),
        ("f?\n?f\n# BEGIN SOLUTION\nrate = 1\n# END SOLUTION", "rate"),
        ("def f():\n    # BEGIN SOLUTION g\n    x = 1\n    # END SOLUTION g", "g"),
    ],
)
def test_a_region_takes_the_name_of_what_it_stands_in(text, expected):
    assert ids(text) == [expected]


def test_a_second_region_of_the_same_function_has_a_number():
    part = "    # BEGIN SOLUTION\n    x = 1\n    # END SOLUTION\n"
    assert ids(f"def f():\n{part}    y = 2\n{part}{part}") == ["f", "f.2", "f.3"]
    inner = "".join(f"    {line}\n" for line in part.splitlines())
    assert ids(f"class A:\n    def f(s):\n{inner}{inner}") == ["a.f", "a.f_2"]


def test_prose_takes_the_name_of_its_cell():
    assert ids("<!-- BEGIN SOLUTION -->\nBecause.\n<!-- END SOLUTION -->", PROSE) == ["fall_back"]


def test_a_text_that_is_no_python_is_an_error_with_its_line():
    with pytest.raises(MarkerError, match=r"^f\.py:2: this is not Python"):
        ids("# BEGIN SOLUTION\nx = = 1\n# END SOLUTION")


@pytest.mark.parametrize(
    ("text", "name"), [("3rd", "q3rd"), ("__", "answer"), ("Why so?", "why_so")]
)
def test_any_text_becomes_a_name(text, name):
    assert name_of(text) == name
