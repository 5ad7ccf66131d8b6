"""The released notebooks need none of their example cells: grading runs what it always ran."""

import functools
from dataclasses import replace

import pytest

from autograder.core.needed_cells import plan_cells
from autograder.core.own_modules import own_modules
from autograder.submissions.notebook import read_answers, release_cells
from plumb import notebooks
from plumb.config import read_variant, variants
from plumb.reference import reference_files
from plumb.release_files import solved_files
from tests.integration.conftest import ROOT
from tests.real_assignment import real_assignment

NOTEBOOKS = [
    (variant, name)
    for variant in variants(ROOT / "assignment")
    for name in read_variant(ROOT / "assignment", variant).notebooks
]


@functools.cache
def solved(variant):
    assignment = real_assignment(variant)
    return assignment, solved_files(assignment, list(reference_files(assignment)))


@pytest.mark.parametrize(("variant", "name"), NOTEBOOKS, ids="{}".format)
def test_no_example_cell_of_a_notebook_is_needed(variant, name, tmp_path):
    assignment, files = solved(variant)
    path = tmp_path / f"{name}.ipynb"
    path.write_bytes(notebooks.build(assignment.cells[name], assignment.style))
    release = release_cells(path, assignment.manifest)
    own = own_modules([assignment.manifest.package], assignment.manifest.answer_files)
    for data in (path.read_bytes(), files[f"{name}.ipynb"]):
        found = read_answers(data, release, assignment.manifest)
        plan = plan_cells(replace(found.cells, own_modules=own))
        assert (dict(plan.needed), dict(plan.unfit), found.notes) == ({}, {}, [])
