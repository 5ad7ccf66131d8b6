"""The trial of a notebook's cells by a student's own checks: it finds what grading finds."""

from autograder.core.needed_cells import Cell, NotebookCells
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
