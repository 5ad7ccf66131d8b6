"""Prompts: what they are, which names they give, and when they count as unwritten."""

from autograder.core.prompts import open_prompts, prompted_names, prompts_in

MARKER = ("BEGIN YOUR CODE", "END YOUR CODE")
GIVEN = """\
%matplotlib inline
x = 1
# BEGIN YOUR CODE rate
# TODO: the rate.
rate, other = ..., ...
# END YOUR CODE rate


def f(x):
    # BEGIN YOUR CODE f
    return ...
    # END YOUR CODE f


def g(x):
    # BEGIN YOUR CODE g
    raise NotImplementedError("TODO: g")
    # END YOUR CODE g
"""


def test_a_region_without_a_stub_has_a_prompt():
    assert prompts_in(GIVEN, MARKER) == {"rate": "rate, other = ..., ...", "f": "    return ..."}
    assert prompted_names(GIVEN, MARKER) == {"rate": "rate", "other": "rate", "f": "f"}


def test_it_is_open_while_its_code_is_unchanged():
    assert open_prompts(GIVEN, GIVEN.replace("the rate.", "which?\n\n"), MARKER).keys() == {
        "rate",
        "other",
        "f",
    }
    written = GIVEN.replace("..., ...", "1, 2")
    assert open_prompts(GIVEN, written, MARKER) == {"f": "f"}
    assert open_prompts(GIVEN, "", MARKER) == {}
    assert open_prompts("x = = 1\n" + GIVEN, GIVEN, MARKER) == {}
