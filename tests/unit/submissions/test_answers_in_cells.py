"""Answers of a module that stand in a notebook do not count, and are named."""

import pytest

from autograder.submissions.notes import left_aside
from autograder.submissions.submission import read_submission
from tests.tiny import ANSWER_CELL, ANSWERS, STUBS, handed_in, notebook, tiny_harness


@pytest.fixture(scope="module")
def harness(tmp_path_factory):
    return tiny_harness(tmp_path_factory.mktemp("tiny"))


def noted(harness, folder, modules, *cells):
    path = handed_in(folder / "ann", modules, best=None)
    (path / "Tiny.ipynb").write_bytes(notebook(*cells, {"id": "best", "source": ANSWER_CELL}))
    return left_aside(read_submission(path, harness).notes)


OPS = ANSWERS["ops.py"]
NOTE = (
    "{} in code cell {} of Tiny.ipynb does not count: it is asked for in {}, "
    "where it is not written"
)


@pytest.mark.parametrize(
    ("cells", "notes"),
    [
        (["x = 1", OPS], [NOTE.format("double", 2, "ops.py"), NOTE.format("pair", 2, "ops.py")]),
        ([f"%%writefile tiny/sub/more.py\n{ANSWERS['sub/more.py']}"],
         [NOTE.format("triple", 1, "sub/more.py")]),
        (["double = 3", "def other():\n    def pair(x): pass"], []),
    ],
)  # fmt: skip
def test_an_answer_in_a_cell_is_named_where_its_module_lacks_it(harness, tmp_path, cells, notes):
    assert noted(harness, tmp_path, STUBS, *cells) == notes


def test_of_what_its_module_has_nothing_is_said(harness, tmp_path):
    assert noted(harness, tmp_path, ANSWERS, OPS) == []
    half = {**ANSWERS, "ops.py": "def double(x):\n    return 2 * x\n\n\ndef pair(x):\n    pass\n"}
    assert noted(harness, tmp_path, half, OPS) == [NOTE.format("pair", 1, "ops.py")]
