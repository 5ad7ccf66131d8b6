"""The trial of a notebook's cells by a student's own checks: it finds what grading finds."""

import itertools
import json
import subprocess
from pathlib import Path

import pytest

from autograder.core.needed_cells import Cell, NotebookCells
from autograder.selfcheck import cell_trial
from autograder.selfcheck.cell_trial import unfit_cells


def unfit(folder, *sources, **names):
    cells = tuple(Cell(number, source) for number, source in enumerate(sources, 1))
    return unfit_cells(NotebookCells((), cells, frozenset(["best"])), folder, **names)


def test_the_trials_own_future_imports_are_not_those_of_a_cell(tmp_path):
    (reason,) = unfit(tmp_path, "def best(x: absent):\n    return 7").values()
    assert reason == "it raised NameError: name 'absent' is not defined"


def test_a_renamed_package_is_found_by_the_name_it_was_handed_out_under(tmp_path):
    package = tmp_path / "cs682"
    package.mkdir()
    (package / "layers.py").write_text("def both():\n    return 7\n")
    (package / "layer_utils.py").write_text("from sc_handed_out.layers import *\n")
    cell = "from cs682.layer_utils import both\nbest = both()"
    assert unfit(tmp_path, cell, package="cs682", alias="sc_handed_out") == {}
    assert "No module named 'sc_handed_out'" in unfit(tmp_path, cell)[1]


@pytest.mark.parametrize("links", [True, False])
def test_the_data_of_the_assignment_are_there_and_nothing_else(tmp_path, monkeypatch, links):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "rain.csv").write_text("3\n")
    (tmp_path / "mine.csv").write_text("4\n")
    if not links:
        monkeypatch.setattr(Path, "symlink_to", refuse)
    assert unfit(tmp_path, 'best = open("data/rain.csv").read()') == {}
    assert "FileNotFoundError" in unfit(tmp_path, 'best = open("mine.csv").read()')[1]


def test_without_links_the_data_are_copied_once_for_all_tries(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    copied = []
    copy = cell_trial.shutil.copytree
    monkeypatch.setattr(Path, "symlink_to", refuse)
    monkeypatch.setattr(
        cell_trial.shutil, "copytree", lambda *names: copied.append(1) or copy(*names)
    )
    assert unfit(tmp_path, "A = 7\n1 / 0", "best = A").keys() == {1}
    assert copied == [1]


def test_each_try_begins_in_an_empty_folder(tmp_path):
    """A set-up cell that makes a folder would raise the second time."""
    made = "import os\nos.mkdir('out')\nopen('x', 'x').close()\nmade = 1"
    cells = (Cell(1, "A = 7\n1 / 0"), Cell(2, "best = A, made, 1 / (len(os.listdir()) == 2)"))
    notebook = NotebookCells((Cell(0, made, "1"),), cells, frozenset(["best"]))
    assert unfit_cells(notebook, tmp_path).keys() == {1}


def test_cells_are_taken_as_they_are_where_the_data_cannot_be_laid(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    monkeypatch.setattr(Path, "symlink_to", refuse)
    monkeypatch.setattr(cell_trial.shutil, "copytree", refuse)
    assert unfit(tmp_path, 'best = open("data/rain.csv").read()') == {}


def refuse(*_args, **_options):
    raise OSError("no links here")


def test_cells_that_raise_are_found_in_one_try(tmp_path, monkeypatch):
    """A process for each of them would take minutes."""
    tries = []
    start = subprocess.Popen
    monkeypatch.setattr(
        subprocess, "Popen", lambda *args, **named: tries.append(1) or start(*args, **named)
    )
    cells = [f"A{n} = 7\n1 / 0" for n in range(9)]
    best = "def best():\n    return " + " + ".join(f"A{n}" for n in range(9))
    reasons = unfit(tmp_path, *cells, best)
    assert reasons == dict.fromkeys(range(1, 10), "it raised ZeroDivisionError: division by zero")
    assert len(tries) == 2


def test_what_was_slow_once_is_tried_again(tmp_path, monkeypatch):
    answers, slow = cell_trial._answers, iter([True])
    monkeypatch.setattr(
        cell_trial, "_answers", lambda *args: ([], True) if next(slow, False) else answers(*args)
    )
    assert unfit(tmp_path, "best = 7") == {}


def test_a_trial_ends_as_in_grading(tmp_path, monkeypatch):
    """Each try takes five seconds of the clock here, and ends at the second loop."""
    clock = itertools.count(step=2.5)

    def slow(_process, sent, _seconds):
        sources = [cell["source"] for cell in json.loads(sent)["cells"]]
        loops = [number for number, source in enumerate(sources) if "for k" in source]
        return [""] * loops[1], True

    monkeypatch.setattr(cell_trial.time, "monotonic", lambda: next(clock))
    monkeypatch.setattr(cell_trial, "_answers", slow)
    cells = [f"A{n} = {{}}\nfor k in 'ab':\n    A{n}[k] = 1" for n in range(1, 10)]
    best = "def best():\n    return " + ", ".join(f"A{n}" for n in range(1, 10))
    reasons = unfit(tmp_path, *cells, best)
    assert 1 not in reasons
    assert reasons[2] == "the cells up to it take more than 5 s"
    assert reasons[9] == "the trial of the cells had taken 20 s"
