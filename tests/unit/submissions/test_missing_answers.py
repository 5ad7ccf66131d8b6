"""What is not written in modules that are not ours: starter code of old, names left out."""

import pytest

from autograder.cpu_guard import limited_cpu_time
from autograder.submissions.missing_answers import missing_answers, missing_region

STUB = '''\
def given(x):
    return x


def forward(x):
    """Asked for."""
    # BEGIN YOUR CODE question.forward
    raise NotImplementedError("TODO: question.forward")
    # END YOUR CODE question.forward


class Net:
    def __init__(self):
        self.params = {}

    def loss(self, X):
        # BEGIN YOUR CODE net.loss
        raise NotImplementedError("TODO: net.loss")
        # END YOUR CODE net.loss
'''
WRITTEN = "class Net:\n    def loss(self, X):\n        return X.sum()\n\n\n"


def unwritten(source, path="layers.py"):
    return missing_answers({"layers.py": STUB}, {path: source.encode()})


def test_a_name_that_is_not_there_is_unwritten():
    assert unwritten("def given(x):\n    return x\n") == {
        "layers.forward": "question.forward",
        "layers.Net.loss": "net.loss",
    }


def test_what_is_there_is_written_unless_it_says_otherwise():
    assert unwritten(f"{WRITTEN}def forward(x):\n    return x + 1\n") == {}


@pytest.mark.parametrize(
    "body",
    [
        "out = None\n# ####\n# TODO: double it.  #\n# ####\npass\n# ####\n# END\nreturn out",
        "# *****START OF YOUR CODE (DO NOT DELETE)*****\n\npass\n\n# *****END OF YOUR CODE*****",
        "if x is None:\n    # TODO\n    pass\nelse:\n    return x + 1",
        "# TODO: everything\npass",
        "y = x\n\n# your implementation goes here\n\npass  # nothing yet\n# that was it\nreturn y",
    ],
)
def test_starter_code_of_another_edition_is_unwritten(body):
    lines = "\n".join(f"    {line}" if line else "" for line in body.split("\n"))
    assert unwritten(f"{WRITTEN}def forward(x):\n{lines}\n") == {
        "layers.forward": "question.forward"
    }


@pytest.mark.parametrize(
    "body",
    [
        "# TODO: double it.\nout = x + x\npass\n# END OF YOUR CODE\nreturn out",
        "# TODO: double it.\npass\nout = x + x\n# END OF YOUR CODE\nreturn out",
        "for i in x:\n    pass\nreturn x",
        "# nothing is asked here\npass\n# nor here\nreturn x",
    ],
)
def test_a_pass_beside_an_answer_is_not_starter_code(body):
    lines = "\n".join(f"    {line}" for line in body.split("\n"))
    assert unwritten(f"{WRITTEN}def forward(x):\n{lines}\n") == {}


@pytest.mark.parametrize("source", ["print 'two'\n", "def forward(:\n", "\0", "(" * 5000])
def test_what_is_no_python_is_not_said_to_be_unwritten(source):
    assert unwritten(source) == {}


def test_a_file_that_was_not_handed_in_leaves_the_stub_to_speak():
    assert unwritten(WRITTEN, path="other.py") == {}


def test_a_call_meets_its_own_region_or_one_of_its_class():
    found = {"layers.forward": "question.forward", "layers.Net.loss": "net.loss"}
    assert missing_region("layers.forward", found) == "question.forward"
    assert missing_region("layers.Net", found) == "net.loss"
    assert missing_region("layers.forward_too", found) is None
    assert missing_region("layers.Ne", found) is None


@pytest.mark.parametrize(
    "body",
    ["#\n" * 200_000 + "    " + "pass;" * 80_000 + "pass", "# " + "your " * 100_000 + "\n    pass"],
    ids=["many", "long"],
)
def test_comments_without_end_are_read_once(body):
    """A line at a time for each ``pass``, they would take the grader hours."""
    with limited_cpu_time(60):
        assert unwritten(f"{WRITTEN}def forward(x):\n    y = x\n    {body}\n") == {}
