"""An exception that follows from a change of a given file says that the file was put back."""

import pytest

from autograder.grading.one_submission import grade
from autograder.records import Outcome
from autograder.sandbox import backend
from autograder.submissions.submission import read_submission
from tests.tiny import ANSWERS, GIVEN, handed_in, tiny_harness

CLASS = """\
class Model:
    def step(self, x):
        self.last = x
        return x


class Bare:
    size = 1


def scale(x, by=2):
    return by * x
"""
TRIPLE = "from tiny import solver\n\n\ndef triple(x):\n    return {}\n"
NOT_TAKEN = (
    "was not taken from solver.py, which is given: only functions, classes and imports that are "
    "added to it count"
)
OTHER = "has the arguments that it was given with: the other ones in your solver.py do not count"


@pytest.fixture(scope="module")
def harness(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tiny")
    return tiny_harness(folder, given={**GIVEN, "solver.py": CLASS})


@pytest.fixture
def message(harness, tmp_path):
    """The message of a check whose function evaluates this, with a changed given file."""

    def message(text, changed, expression, **more):
        modules = {"solver.py": text.replace(*changed), "sub/more.py": TRIPLE.format(expression)}
        path = handed_in(tmp_path / "alice", {**ANSWERS, **modules, **more})
        report = grade(harness, read_submission(path, harness), backend("none"))
        (check,) = [one for one in report.checks if one.id == "triple.thrice"]
        assert check.outcome is Outcome.ERROR
        return check.message

    return message


@pytest.mark.parametrize(
    ("changed", "expression", "sentence"),
    [
        (("        return x\n", "        return x\n\n    def mine(self, x):\n        return x\n"),
         "solver.Model().mine(x)", f"Model.mine {NOT_TAKEN}"),
        (("self.last = x", "self.last, self.best = x, x"), "solver.Model().best",
         f"Model.best {NOT_TAKEN}"),
        (("size = 1", "size = rate = 1"), "solver.Bare.rate", f"Bare.rate {NOT_TAKEN}"),
        (("size = 1", "def __init__(self, n):\n        self.n = n"), "solver.Bare(3)",
         f"Bare.__init__ {NOT_TAKEN}"),
        (("self, x", "self, x, rate=1"), "solver.Model().step(x, rate=2)", f"Model.step {OTHER}"),
        (("self, x", "self, x, **more"), "solver.Model().step(x, rate=2)", f"Model.step {OTHER}"),
        (("self, x", "self, x, y"), "solver.Model().step(x, x)", f"Model.step {OTHER}"),
        (("self, x", "self, x=0"), "solver.Model().step()", f"Model.step {OTHER}"),
        (("x, by=2", "x, factor=2"), "solver.scale(x, factor=3)", f"scale {OTHER}"),
    ],
)  # fmt: skip
def test_what_a_changed_given_file_had_is_named(message, changed, expression, sentence):
    assert message(CLASS, changed, expression).endswith(f"; {sentence}")


@pytest.mark.parametrize(
    ("changed", "expression", "more"),
    [
        (("return by * x", "return x"), "solver.Model().mine(x)", {}),
        (("return by * x", "return x"), "solver.scale(x, x, x)", {}),
        (("self, x", "self, x, rate=1"), "solver.Model().step(x, speed=2)", {}),
        (("size = 1", "size = shape = 1"), "[].shape", {}),
        (("by=2", "by=3"), "solver.scale(x, x, x)", {}),
        (("x, by=2", "x, factor=2"), "ops.scale(x, factor=3)",
         {"ops.py": ANSWERS["ops.py"] + "\n\ndef scale(x):\n    return x\n"}),
    ],
)  # fmt: skip
def test_what_does_not_follow_from_the_change_has_no_such_sentence(
    message, changed, expression, more
):
    expression = expression.replace("ops.", "__import__('tiny.ops').ops.")
    text = message(CLASS, changed, expression, **more)
    assert text.startswith(("AttributeError: ", "TypeError: "))
    assert not text.endswith(" count")
