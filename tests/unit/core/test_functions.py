"""Functions of a check: which go by name, what a call may hold, exceptions, what is recorded."""

import math

import numpy as np
import pytest

from autograder.core.errors import CheckError
from autograder.core.expected import encode_expected, read_expected
from autograder.core.functions import (
    NEVER_CALLED,
    FunctionRef,
    Functions,
    FunctionUse,
    exception_from_words,
    exception_in_words,
    is_function,
    library_function,
)
from autograder.core.judge import Expected


@pytest.mark.parametrize("function", [np.sin, np.mean, np.linalg.norm, np.fft.fft, math.sin, abs])
def test_a_function_of_numpy_or_math_goes_by_name(function):
    reference = Functions().reference(function)
    if function is abs:
        assert reference == FunctionRef(0)
    else:
        assert reference.number == -1
        assert library_function(reference.path) is function


def test_one_function_has_one_number():
    functions = Functions()
    own = functions.add(lambda x: x)
    assert functions.add(own) is functions.add(own.function) is own
    assert functions.reference(own) == functions.reference(own.function) == FunctionRef(0)
    assert functions.reference(lambda x: x) == FunctionRef(1)


def test_a_class_is_no_function():
    assert [is_function(each) for each in (float, np.float32, np.float32(1), 3, abs)] == [
        False, False, False, False, True,
    ]  # fmt: skip


def test_an_argument_may_be_ten_times_as_large_as_one_of_the_reference():
    reference = Functions()
    reference.reference(len)
    reference.admit(0, [[1.0] * 200], {"x": np.ones((2, 3)), "n": 1 << 70})
    assert reference.use == FunctionUse(1, {"array": 6, "list": 200, "number": 71, "values": 203})
    student = Functions(reference.use)
    student.reference(len)
    student.admit(0, [[1.0] * 1900, np.ones(1000), 1 << 900], {})
    for wrong in ([1.0] * 2001, np.ones(1001), 1 << 1001, (1.0,), {"a": 1}, None, True, "x"):
        with pytest.raises(TypeError):
            student.admit(0, [wrong], {})
    with pytest.raises(TypeError):
        student.admit(0, [1.0] * 2031, {})
    assert student.use.calls == 1


def test_a_refused_argument_is_told_with_the_kinds_that_are_taken():
    student = Functions(FunctionUse(1, {"number": 64, "text": 3, "values": 2}))
    student.reference(len)
    with pytest.raises(TypeError) as info:
        student.admit(0, [np.ones(2)], {})
    assert str(info.value) == (
        "the callback does not take this kind of argument: array; it takes these: number, text; "
        "the text of the assignment says what to call it with"
    )
    never = Functions(NEVER_CALLED)
    never.reference(len)
    with pytest.raises(TypeError, match="of argument: number; it takes these: none;"):
        never.admit(0, [1], {})


def test_a_check_may_permit_other_kinds_than_the_reference_sends():
    reference = Functions()
    reference.permit([np.zeros(300), [1, 2]])
    reference.reference(len)
    reference.admit(0, [1.0], {})
    assert reference.use == FunctionUse(1, {"array": 300, "list": 2, "number": 64, "values": 3})
    student = Functions(reference.use)
    student.reference(len)
    student.admit(0, [np.ones(3000)], {})
    for wrong in (np.ones(3001), "x"):
        with pytest.raises(TypeError):
            student.admit(0, [wrong], {})


@pytest.mark.parametrize(
    ("examples", "words"),
    [(np.zeros(3), "is a list of examples, "), ([len], "cannot be sent"), ("ab", "is a list")],
)
def test_what_a_check_permits_is_a_list_of_values(examples, words):
    with pytest.raises(CheckError, match=words):
        Functions().permit(examples)


@pytest.mark.parametrize(
    ("error", "name", "text"),
    [
        (ZeroDivisionError("z"), "ZeroDivisionError", "z"),
        (np.linalg.LinAlgError("s"), "ValueError", "s"),
        (TypeError("a.<locals>.f() missing 1"), "TypeError", "callback() missing 1"),
        (KeyError("k"), "KeyError", "k"),
        (KeyError(1), "KeyError", "1"),
        (SystemExit(2), "RuntimeError", "2"),
        (ValueError("x" * 9999), "ValueError", "x" * 1000),
    ],
)
def test_an_exception_crosses_as_the_nearest_built_in_class_and_its_text(error, name, text):
    assert exception_in_words(error) == (name, text)
    made = exception_from_words(name, text)
    assert (type(made).__name__, made.args) == (name, (text,))


@pytest.mark.parametrize("name", ["SystemExit", "KeyboardInterrupt", "print", "unheard"])
def test_nothing_but_an_exception_is_made_of_a_name(name):
    assert type(exception_from_words(name, "text")) is RuntimeError


def test_an_exception_that_takes_more_than_a_text_becomes_a_value_error():
    assert type(exception_from_words("UnicodeDecodeError", "text")) is ValueError


def test_how_a_function_was_called_is_recorded_and_read_back(tmp_path):
    called = Expected({"out": 1}, (), FunctionUse(3, {"number": 64}))
    files = encode_expected({"q.a": called, "q.b": Expected({"out": 2})})
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    found = read_expected(tmp_path)
    assert found["q.a"].use == called.use
    assert found["q.b"].use == NEVER_CALLED
    assert files["expected.json"].count(b'"use"') == 1
