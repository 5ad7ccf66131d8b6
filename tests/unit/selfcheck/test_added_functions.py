"""Functions that a student adds to a given file: grading and selfcheck run the same cells."""

from autograder.core.needed_cells import plan_cells
from autograder.core.own_modules import added_names
from autograder.selfcheck.notebooks import from_files
from autograder.submissions.additions import global_names
from autograder.submissions.submission import read_submission
from tests.tiny import GIVEN, handed_in, notebook, tiny_harness

ADDED = f"import math as m\n{GIVEN['given.py']}\n\ndef fill(t):\n    t.append(7)\n"
CELLS = [
    "from tiny.given import fill, tenfold",
    "T = []",
    "U = []",
    "fill(T)",
    "tenfold(U)",
    {"id": "best", "source": "def best():\n    return T, U", "metadata": {}},
]


def test_the_cell_that_calls_one_runs(tmp_path):
    folder = handed_in(tmp_path / "work", {"given.py": ADDED}, best=None)
    (folder / "Tiny.ipynb").write_bytes(notebook(*CELLS))
    graded = plan_cells(read_submission(folder, tiny_harness(tmp_path)).cells["Tiny"])
    about = {
        "setup": {},
        "defines": {"Tiny": ["best"]},
        "given": dict.fromkeys((f"tiny/{name}" for name in GIVEN), ""),
        "given_names": {name: sorted(global_names(text)) for name, text in GIVEN.items()},
    }
    checked = from_files(folder, about, package="tiny").plan("Tiny")
    for plan in (graded, checked):
        assert {1, 2, 3, 4} <= set(plan.whole_cells)
        assert 5 not in plan.whole_cells


def test_names_that_are_not_new_are_not_added():
    names = global_names(GIVEN["given.py"])
    assert added_names(ADDED, names) == {"m", "fill"}
    assert added_names("from x import *\ntenfold = 1\ndef tenfold(): pass\n", names) == set()
    assert added_names("def (:\n", names) == set()
