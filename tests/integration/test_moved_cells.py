"""Answers in notebook cells that were split, merged, moved about or saved without ids: graded."""

import ast
import json
import subprocess
import sys
import zipfile

import pytest

from autograder.records import Outcome, Status
from plumb.reference import reference_files
from plumb.release_files import solved_files
from tests.integration.student import graded, unpacked
from tests.real_assignment import real_assignment

NAME = "ConvolutionalNetworks.ipynb"
ANSWERS = ("conv_forward_naive", "conv_backward_naive", "ThreeLayerConvNet")


@pytest.fixture(scope="module")
def cells():
    """The source of each cell of the solved notebook with its kind."""
    assignment = real_assignment("hw5")
    notebook = json.loads(solved_files(assignment, list(reference_files(assignment)))[NAME])
    return [(cell["cell_type"], "".join(cell["source"])) for cell in notebook["cells"]]


def saved(cells):
    """A notebook of these cells as an older tool writes it: no ids, every source one string."""
    return json.dumps(
        {
            "cells": [
                {"cell_type": kind, "metadata": {}, "source": source}
                | ({"outputs": [], "execution_count": None} if kind == "code" else {})
                for kind, source in cells
            ],
            "metadata": {"colab": {"name": "Untitled3.ipynb"}},
            "nbformat": 4,
            "nbformat_minor": 0,
        }
    )


def is_answer(cell):
    return cell[0] == "code" and any(
        f"def {name}(" in cell[1] or f"class {name}" in cell[1] for name in ANSWERS
    )


def without_markers(source):
    """What somebody leaves of an answer who tidies up."""
    return "\n".join(line for line in source.split("\n") if "YOUR CODE" not in line)


def split(cells):
    """Each statement of the answer cells in a cell of its own, the last ones first."""
    parts = []
    for _, source in filter(is_answer, cells):
        source = without_markers(source)
        lines = source.split("\n")
        for node in ast.parse(source).body:
            parts.append(("code", "\n".join(lines[node.lineno - 1 : node.end_lineno])))
    return [*reversed(parts), *(cell for cell in cells if not is_answer(cell))]


def merged(cells):
    """All code in one cell, examples and all; the words behind it."""
    code = "\n\n".join(without_markers(source) for kind, source in cells if kind == "code")
    return [("code", code), *(cell for cell in cells if cell[0] != "code")]


def reversed_order(cells):
    return list(reversed(cells))


def with_imports_and_helpers_moved(cells):
    """The answers keep their cells and markers; what they need stands in cells of its own."""
    moved, kept = [], []
    for kind, source in cells:
        if is_answer((kind, source)):
            node = ast.parse(source).body
            lines = source.split("\n")
            imports = [n for n in node if isinstance(n, ast.Import | ast.ImportFrom)]
            for one in imports:
                moved.append(("code", "\n".join(lines[one.lineno - 1 : one.end_lineno])))
                lines[one.lineno - 1 : one.end_lineno] = [""] * (one.end_lineno - one.lineno + 1)
            source = "\n".join(lines)
            if "def conv_forward_naive(" in source:
                moved.append(("code", "def my_pad(x, *more):\n    return np.pad(x, *more)"))
                source = source.replace("np.pad(", "my_pad(")
        kept.append((kind, source))
    assert len(moved) >= 2
    return [*kept, *moved]


def grade(release, cells, tmp_path):
    archive = tmp_path / "anna.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr(NAME, saved(cells))
        packed.writestr("ConvolutionalNetworks.pdf", b"%PDF-1.4")
    return graded(release, "hw5", archive, tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(split, marks=pytest.mark.long),
        pytest.param(merged, marks=pytest.mark.long),
        pytest.param(reversed_order, marks=pytest.mark.long),
        with_imports_and_helpers_moved,
    ],
)
def test_all_is_found_and_earns_everything(release_variant, cells, change, tmp_path):
    report, submission = grade(release_variant("hw5"), change(cells), tmp_path)
    assert not [cell for cell in report.submission.cells if cell.lost]
    lost = {c.id: (c.outcome.value, c.message) for c in report.checks if c.score != c.points}
    assert lost == {}, submission.notes
    assert report.status is Status.GRADED
    assert not [note for note in submission.notes if "not found" in note]
    assert [written.question for written in report.written_answers if not written.answer] == []
    if change is not reversed_order:
        assert report.submission.cells


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(list, marks=pytest.mark.long),
        pytest.param(split, marks=pytest.mark.long),
        pytest.param(merged, marks=pytest.mark.long),
        reversed_order,
    ],
)
def test_the_students_own_checks_find_it_too(release_variant, cells, change, tmp_path):
    folder = unpacked(release_variant("hw5"), "hw5", tmp_path / "student")
    (folder / NAME).write_text(saved(change(cells)))
    command = [sys.executable, "-m", "selfcheck"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed; " in done.stdout


@pytest.mark.long
def test_what_is_nowhere_is_named_and_costs_what_it_must(release_variant, cells, tmp_path):
    kept = [cell for cell in split(cells) if "def conv_backward_naive(" not in cell[1]]
    assert len(kept) < len(split(cells))
    report, submission = grade(release_variant("hw5"), kept, tmp_path)
    assert f"{NAME}: conv_backward_naive was not found in any cell" in submission.notes
    outcomes = {question.id: {c.outcome for c in question.checks} for question in report.questions}
    assert outcomes["conv_forward"] == {Outcome.PASSED}
    assert outcomes["conv_backward"] == {Outcome.MISSING}
    assert outcomes["three_layer_convnet"] >= {Outcome.PASSED}
    everywhere = set().union(*outcomes.values())
    assert everywhere <= {Outcome.PASSED, Outcome.MISSING, Outcome.SKIPPED}
