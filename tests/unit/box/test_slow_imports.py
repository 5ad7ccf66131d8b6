"""A box imports slow libraries once: those that a text of the submission names, and no others."""

import sys

import pytest

from autograder.box.slow_imports import LIBRARIES, import_libraries, libraries_in
from autograder.limits import Limits
from autograder.sandbox import backend
from autograder.sandbox.session import StudentSession
from tests.boxes import run_folder

#: It does not have the library's name in one piece, which would be a use of it.
MODULE = "import sys\n\ndef had():\n    return 'pan' 'das' in sys.modules\n"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (b"import matplotlib.pyplot as plt", {"matplotlib"}),
        (b"from pylab import *", {"matplotlib"}),
        (b"import pandas as pd", {"pandas"}),
        (b"import numpy", set()),
        (b"matplotlibs = pandas_of_mine = 1", set()),
    ],
)
def test_a_library_is_told_by_its_name_in_a_text(text, named):
    assert libraries_in([b"", text]) == named


def test_a_library_that_cannot_be_imported_is_left_out(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    import_libraries(["pandas"])


@pytest.mark.parametrize("used", ["", "pandas"])
def test_what_the_modules_use_is_there_before_they_are_imported(used):
    pytest.importorskip("pandas")
    with run_folder(MODULE) as run:
        (run / LIBRARIES).write_text(used)
        with (
            StudentSession(backend("bubblewrap"), run, "pocket", Limits()) as session,
            session.student(seed=0, seconds=60) as student,
        ):
            assert student.m.had() == bool(used)


@pytest.mark.parametrize("remark", ["", "# with pandas"])
def test_what_a_notebook_uses_is_there_before_its_cells_run(remark):
    pytest.importorskip("pandas")
    with (
        run_folder(notebooks={"Pocket": {1: MODULE + remark}}) as run,
        StudentSession(backend("bubblewrap"), run, "pocket", Limits()) as session,
    ):
        for _ in range(2):  # the box learns from the first check that notebooks are asked for
            with session.student(seed=0, seconds=60) as student:
                had = student.notebook("Pocket").had()
        assert had == bool(remark)
