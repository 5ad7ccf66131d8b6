"""Notebooks with oddities in an output or another cell: selfcheck reads them as grading does."""

import json
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.core.errors import StudentError
from autograder.core.needed_cells import plan_cells
from autograder.errors import SubmissionError
from autograder.selfcheck.cells import read_cells
from autograder.selfcheck.notebooks import from_files
from autograder.selfcheck.regions import read_texts
from autograder.submissions.notebook_file import cell_text, read_submitted_file
from autograder.submissions.submission import read_submission
from tests.tiny import ANSWER_CELL, ANSWERS, GIVEN, handed_in, notebook, tiny_harness

ABOUT = {"defines": {"T": ["best"]}, "setup": {"T": []}}
ANSWER = {"id": "best", "source": ANSWER_CELL, "metadata": {"plumbline": {"role": "answer"}}}
DATA = notebook(
    {"id": "x", "source": "OTHER"}, ANSWER | {"outputs": [{"text": "OUT"}]}, "1 / 0  # never run"
)


@pytest.mark.parametrize(("length", "runs"), [(100_000, True), (100_001, False)])
def test_a_cell_that_grading_finds_too_long_is_not_run(tmp_path, length, runs):
    (tmp_path / "T.ipynb").write_bytes(
        notebook("N = 7\n".ljust(length, "#"), ANSWER | {"source": "def best():\n    return N"})
    )
    assert [part.cell.number for part in from_files(tmp_path, ABOUT).plan("T").parts] == (
        [1, 2] if runs else [2]
    )


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (b'"OUT"', b"NaN"),
        (b'"OUT"', b'"\\ud800"'),
        (b'"OUT"', b'"\x01"'),
        (b'"OUT"', b'"\xff"'),
        (b'"OTHER"', b"null"),
        (b'"OTHER"', b"3"),
        (b'{"nbformat"', b'\xef\xbb\xbf{"nbformat"'),
        (b'"metadata": {}, "outputs"', b'"outputs"'),
    ],
)
def test_an_oddity_elsewhere_leaves_the_answer(tmp_path, place, value):
    data = DATA.replace(place, value)
    assert data != DATA
    (tmp_path / "T.ipynb").write_bytes(data)
    assert from_files(tmp_path, ABOUT)("T").best() == 7
    texts = list(read_texts(tmp_path / "T.ipynb"))
    assert ANSWER_CELL in texts
    assert texts == [cell_text(cell) for cell in read_submitted_file(data)]


def test_our_own_future_imports_are_not_those_of_a_cell(tmp_path):
    source = "def best(x: int = 7):\n    return best.__annotations__"
    (tmp_path / "T.ipynb").write_bytes(notebook(ANSWER | {"source": source}))
    assert from_files(tmp_path, ABOUT)("T").best() == {"x": int}


def test_the_cells_draw_what_they_draw_in_grading(tmp_path):
    cells = ["import numpy as np\nimport random", "A = (np.random.rand(), random.random())"]
    (tmp_path / "T.ipynb").write_bytes(
        notebook(*cells, ANSWER | {"source": "def best():\n    return A"})
    )
    np.random.seed(3)
    random.seed(3)
    saved = from_files(tmp_path, ABOUT)
    assert saved("T").best() == (np.random.RandomState(0).rand(), random.Random(0).random())


def test_a_notebook_of_version_3_is_read(tmp_path):
    old = [{"cell_type": "code", "input": ANSWER_CELL.split("\n"), "outputs": []}]
    old[0]["input"] = [f"{line}\r\n" for line in old[0]["input"]]
    path = tmp_path / "T.ipynb"
    path.write_text(json.dumps({"nbformat": 3, "worksheets": [{"cells": old}]}))
    assert list(read_texts(path)) == [f"{ANSWER_CELL}\n"]
    assert from_files(tmp_path, ABOUT)("T").best() == 7


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"{}", b'{"nbformat": 4, "x": ' + b"[" * 100_000, b"<html>"]
)
def test_what_is_no_notebook_is_so_for_both(tmp_path, data):
    (tmp_path / "T.ipynb").write_bytes(data)
    with pytest.raises(StudentError, match=r"T\.ipynb is no notebook; save it again"):
        from_files(tmp_path, ABOUT)("T")
    assert list(read_texts(tmp_path / "T.ipynb")) == []
    with pytest.raises(SubmissionError):
        read_submitted_file(data)


json_values = st.none() | st.integers(0, 3) | st.text(max_size=3) | st.lists(st.text(max_size=3))
cells = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "cell_type": st.sampled_from(["code", "markdown"]) | json_values,
            "source": st.text("a\r\n\ud800", max_size=9) | json_values,
            "input": json_values,
            "id": json_values,
            "metadata": st.sampled_from([{}, {"plumbline": {"role": "answer"}}]) | json_values,
            "outputs": json_values,
        },
    )
    | json_values,
    max_size=4,
)


@given(st.integers(2, 5), cells, st.sampled_from([b"", b"\xef\xbb\xbf"]))
def test_both_read_the_same_cells(tmp_path_factory, version, cells, mark):
    content = {"nbformat": version, "cells": cells, "worksheets": [{"cells": cells}]}
    path = tmp_path_factory.getbasetemp() / "N.ipynb"
    path.write_bytes(mark + json.dumps(content).encode())
    try:
        graded = [(c.cell_type, cell_text(c)) for c in read_submitted_file(path.read_bytes())]
    except SubmissionError:
        graded = []
    try:
        checked = [(cell["cell_type"], cell["source"]) for cell in read_cells(path)]
    except ValueError:
        checked = []
    assert checked == graded


@pytest.mark.parametrize("package", ["tiny", "cs682"])
@pytest.mark.parametrize(
    ("source", "runs"), [("{}.mine", True), ("{}.ops", True), ("{}.given", False)]
)
def test_a_module_is_the_students_own_where_it_is_in_grading(tmp_path, package, source, runs):
    module = source.format(package)
    harness = tiny_harness(tmp_path)
    folder = handed_in(tmp_path / "anna", {**ANSWERS, "mine.py": ""}, package=package)
    cells = [f"from {module} import fill", "T = []", "fill(T)"]
    answer = ANSWER | {"source": "def best():\n    return T"}
    (folder / "Tiny.ipynb").write_bytes(notebook(*cells, answer))
    about = {
        "defines": {"Tiny": ["best"]},
        "setup": {"Tiny": ["import math"]},
        "given": [f"tiny/{name}" for name in GIVEN],
    }
    saved = from_files(folder, about, package=package, alias="tiny" if package != "tiny" else "")
    in_selfcheck = plan_cells(saved._cells("Tiny"))
    in_grading = plan_cells(read_submission(folder, harness).cells["Tiny"])
    assert in_selfcheck.needed == in_grading.needed
    assert (3 in in_grading.needed) == runs
