"""Hints for code that was written for Python 2, on what Python 3 and NumPy really raise."""

import numpy as np
import pytest

from autograder.core.objects import to_student_error
from autograder.core.python_2 import python_2_hint

half = 4 / 2
FLOATS = {
    "range": lambda: range(half),
    "zeros": lambda: np.zeros((half, 2)),
    "reshape": lambda: np.arange(4).reshape(half, 2),
    "numpy_float": lambda: range(np.float64(half)),
    "full": lambda: np.full((half,), 0.0),
    "slice": lambda: [1, 2, 3][:half],
    "array_slice": lambda: np.arange(3)[:half],
    "list": lambda: [1, 2, 3][half],
    "array": lambda: np.arange(3)[half],
    "repeat": lambda: [0] * half,
}


def raised(function):
    with pytest.raises(Exception) as info:  # noqa: PT011  each raises another one
        function()
    return to_student_error(info.value)


@pytest.mark.parametrize("name", FLOATS)
def test_a_float_where_an_integer_is_needed_gets_the_hint_about_division(name):
    error = raised(FLOATS[name])
    assert error.message.endswith("/ gives a float even for two integers; write // for an integer")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("xrange(3)", "name 'xrange' is not defined: that was Python 2; Python 3 has range"),
        ("{}.iteritems()", "that was Python 2; Python 3 has items"),
        ("{}.has_key(1)", "that was Python 2; Python 3 has the operator `in`"),
        (
            "__import__('cPickle')",
            "'cPickle': that was Python 2; Python 3 has pickle",
        ),
    ],
)
def test_names_of_python_2_are_named_with_what_python_3_has(source, words):
    assert words in raised(lambda: eval(source)).message


@pytest.mark.parametrize(
    "source",
    ["1 / 0", "'a' + 1", "nothing", "(3).iteritems", "[1][4]", "list('1')['a']", "range('4')"],
)
def test_other_exceptions_keep_their_message(source):
    error = raised(lambda: eval(source))
    assert "Python" not in error.message


def test_a_class_of_the_students_own_is_never_meant():
    class Mine(NameError):
        pass

    assert python_2_hint(Mine, "name 'xrange' is not defined") == ""
