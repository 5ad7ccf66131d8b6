"""The trial of a notebook's cells by a student's own checks: it finds what grading finds."""

from autograder.core.needed_cells import Cell, NotebookCells
from autograder.selfcheck.cell_trial import unfit_cells


def unfit(folder, *sources):
    cells = tuple(Cell(number, source) for number, source in enumerate(sources, 1))
    return unfit_cells(NotebookCells((), cells, frozenset(["best"])), folder)


def test_the_trials_own_future_imports_are_not_those_of_a_cell(tmp_path):
    (reason,) = unfit(tmp_path, "def best(x: absent):\n    return 7").values()
    assert reason == "it raised NameError: name 'absent' is not defined"
