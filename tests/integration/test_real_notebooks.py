"""Notebooks as they really come: each costs what it must and nothing more, and says what to do.

What was counted in the notebooks of real courses is here once each, graded in a real box.
"""

import json
import zipfile

import pytest
import typer

from autograder.cli.rerun import rerun
from autograder.grading.one_submission import grade
from autograder.grading.rerun import inspect_check
from autograder.records import Outcome, Status, encode
from autograder.sandbox import backend
from autograder.submissions.submission import read_submission
from tests.accepted.notebook_cells import WHOLE_CELLS
from tests.tiny import ANSWER_CELL, ANSWERS, STUB_CELL, handed_in, notebook, tiny_harness

RIGHT = "def best():\n    return 7"
#: They fail unless the generators had the cells' seed before the first of them.
DRAWING_CELLS = (
    "D = (np.random.rand(), random.random())",
    "A = 7 if D == (np.random.RandomState(0).rand(), random.Random(0).random()) else 1 / 0",
)
WHO = "Somebody Whose Name Is Private"
ALL = 8.0


@pytest.fixture(scope="module")
def harness(tmp_path_factory):
    return tiny_harness(tmp_path_factory.mktemp("harness"))


@pytest.fixture
def graded(harness, tmp_path):
    """Grades a submission with this notebook beside modules that are right."""

    def run(content, **others):
        folder = handed_in(tmp_path / "anna", best=None)
        (folder / "Tiny.ipynb").write_bytes(content)
        for name, data in others.items():
            path = folder / name.replace("__", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return grade(harness, read_submission(folder, harness), backend("bubblewrap"))

    return run


def best(report):
    (check,) = (check for check in report.checks if check.question == "best")
    return check


def old_format(*sources):
    """A notebook of version 3."""
    cells = [{"cell_type": "heading", "level": 1, "source": ["Old"]}]
    cells += [
        {"cell_type": "code", "input": source.split("\n"), "language": "python", "outputs": []}
        for source in sources
    ]
    for cell in cells[1:]:
        cell["input"] = [line + "\n" for line in cell["input"]]
    return json.dumps({"nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": cells}]})


def colab(*sources):
    """One line of JSON with the student's name in it, as Colab saves it."""
    cells = [
        {
            "cell_type": "code",
            "source": source,
            "metadata": {"id": "Zq3", "executionInfo": {"user": {"displayName": WHO}}},
            "execution_count": 3,
            "outputs": [{"output_type": "stream", "name": "stdout", "text": WHO}],
        }
        for source in sources
    ]
    metadata = {"colab": {"provenance": [], "authorship_tag": WHO}, "accelerator": "GPU"}
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 0})


def answer(source, **fields):
    return {"id": "best", "source": source, **fields}


DRIVE = "np.load('/content/drive/MyDrive/x.npy')"
OUTPUTS = [{"output_type": "stream", "name": "stdout", "text": "9" * 20_000_000}]
FREE = {
    "nothing wrong": notebook(answer(ANSWER_CELL)),
    "version 3": old_format("import math", RIGHT).encode(),
    "one line of JSON from Colab": colab("print(1)", RIGHT).encode(),
    "a byte order mark": b"\xef\xbb\xbf" + notebook(answer(ANSWER_CELL)),
    "twenty megabytes of outputs": notebook(answer(ANSWER_CELL, outputs=OUTPUTS)),
    "never executed": notebook(answer(ANSWER_CELL, execution_count=None)),
    "a syntax error elsewhere": notebook("def (:", answer(ANSWER_CELL), "for"),
    "a cell elsewhere that never ends": notebook("while True: pass", answer(ANSWER_CELL)),
    "a cell elsewhere that raises": notebook("1 / 0", answer(ANSWER_CELL), "import scipy.misc"),
    "more cells than were handed out": notebook(*["x = 1"] * 300, answer(ANSWER_CELL)),
    "edited check cells": notebook(
        {"id": "setup", "source": "import os; os._exit(0)"}, answer(ANSWER_CELL)
    ),
    "an edited kernelspec": json.dumps(
        json.loads(notebook(answer(ANSWER_CELL)))
        | {"metadata": {"kernelspec": {"name": "python2", "language": "ruby"}}}
    ).encode(),
    "magics": notebook(
        answer(
            "%load_ext autoreload\n%autoreload 2\n%matplotlib inline\n%cd /content/work\n"
            f"%timeit -n1 1\n%nosuchmagic\n{RIGHT}"
        )
    ),
    "a cell magic": notebook(answer(f"%%time\n{RIGHT}")),
    "commands": notebook(
        answer(f"!pip install numpy==1.2\n!wget -q somewhere\nfiles = !ls\n%pip install x\n{RIGHT}")
    ),
    "a mounted drive": notebook(
        answer(
            "from google.colab import drive\ndrive.mount('/content/drive')\n"
            f"import sys\nsys.path.append('/content/drive')\n\n\n{RIGHT}"
        )
    ),
    "an absolute path": notebook(
        answer(f"import os\nos.chdir('/home/me/course')\nSEVEN = 7\n\n{RIGHT}")
    ),
    "executed out of order": notebook(
        {"id": "try", "source": "best()", "execution_count": 4},
        answer(ANSWER_CELL, execution_count=1),
        {"id": "setup", "source": "import math", "execution_count": 9},
    ),
    "given cells deleted": notebook(answer(ANSWER_CELL)),
    "a file of their own in a given cell": notebook(
        {"id": "setup", "source": f"import numpy as np\nX = {DRIVE}\nopen('C:/Users/me/x.txt')"},
        answer(ANSWER_CELL),
    ),
    "a file of their own above the answer": notebook(
        answer(f"import numpy as np\nX = {DRIVE}\nY = open('/home/me/x.txt').read()\n\n\n{RIGHT}")
    ),
    "a python 2 print elsewhere": notebook("print 'here'", answer(ANSWER_CELL), "print 7"),
    "a python 2 print below the answer": notebook(answer(f"{RIGHT}\n\n\nprint best()")),
    "a python 2 print in a function beside it": notebook(
        answer(f"def show(x):\n    print x\n\n\n{RIGHT}")
    ),
    "np.int above the answer": notebook(answer(f"import numpy as np\nKIND = np.int\n\n\n{RIGHT}")),
    "scipy.misc above the answer": notebook(
        answer(f"from scipy.misc import imread\nimport scipy.misc\n\n\n{RIGHT}")
    ),
    "a cell of autoreload alone": notebook(
        "%load_ext autoreload\n%autoreload 2", answer(ANSWER_CELL)
    ),
    "a question to whoever sits there": notebook(answer(f"name = input('who? ')\n\n{RIGHT}")),
    "a download": notebook(
        answer(
            "import urllib.request\nurllib.request.urlretrieve('http://localhost/x', 'x')\n\n"
            + RIGHT
        )
    ),
    "an end of the session": notebook(answer(f"import sys\nsys.exit(0)\n\n\n{RIGHT}")),
}


@pytest.mark.parametrize("name", FREE)
def test_it_costs_nothing(graded, name):
    report = graded(FREE[name])
    assert report.status is Status.GRADED
    assert (report.score, best(report).message) == (ALL, "")


#: What is lost, and what staff and student can read of it.
COSTLY = {
    "python 2": (answer("def best():\n    print 'seven'\n    return 7"), "call to 'print'"),
    "xrange": (answer("def best():\n    return max(xrange(8))"), "Python 3 has range"),
    "np.int": (answer("import numpy as np\ndef best():\n    return np.int(7)"), "np.int"),
    "scipy.misc": (
        answer("from scipy.misc import imread\ndef best():\n    return imread(7)"),
        "name 'imread' is not defined: cell best raised ",  # SciPy says which error
    ),
    "a python 2 print in what it calls": (
        answer("def show(x):\n    print x\n\ndef best():\n    show(7)\n    return 7"),
        "name 'show' is not defined: cell best raised SyntaxError: Missing parentheses in call to "
        "'print'. Did you mean print(...)?",
    ),
    "a file of their own in the answer": (
        answer(f"import numpy as np\ndef best():\n    {DRIVE}\n    return 7"),
        "No such file or directory: '/content/drive/MyDrive/x.npy'",
    ),
    "a file of their own that the answer needs": (
        answer(f"import numpy as np\nX = {DRIVE}\n\ndef best():\n    return 7 + 0 * len(X)"),
        "name 'X' is not defined: cell best raised FileNotFoundError: [Errno 2] No such file or "
        "directory: '/content/drive/MyDrive/x.npy'",
    ),
    "np.int that the answer needs": (
        answer("import numpy as np\nKIND = np.int\n\ndef best():\n    return KIND(7)"),
        "name 'KIND' is not defined: cell best raised AttributeError: module 'numpy' has no "
        "attribute 'int'",
    ),
    "a syntax error": (answer("def best(:\n    return 7"), "SyntaxError"),
    "a cell that never ends": (answer(f"while True: pass\n\n{RIGHT}"), "did not return within"),
    "nothing written": (answer(STUB_CELL), "best is not written yet"),
}


@pytest.mark.parametrize("name", COSTLY)
def test_it_costs_its_own_answer_and_says_why(graded, name):
    cell, message = COSTLY[name]
    report = graded(notebook(cell))
    assert report.status is Status.GRADED
    assert report.score == ALL - 1
    assert best(report).outcome in (Outcome.ERROR, Outcome.TIMEOUT, Outcome.MISSING)
    assert message in best(report).message


#: What is lost because it is not there, and the note that says so.
NOWHERE = {
    "the answer cell deleted": (
        notebook({"id": "setup", "source": "import math"}, {"id": "try", "source": "best()"}),
        Outcome.MISSING,
        "best was not found in any cell",
    ),
    "autoreload in place of the answer": (
        notebook(answer("%load_ext autoreload\n%autoreload 2")),
        Outcome.ERROR,
        "best was not found in any cell",
    ),
    "python 2 in a cell without its marker": (
        notebook("def best():\n    print 7\n    return 7"),
        Outcome.MISSING,
        "best cannot be taken from code cell 1, which is not Python 3",
    ),
    "a file of their own that another cell loads": (
        notebook(f"import numpy as np\nX = {DRIVE}", answer("def best():\n    return len(X)")),
        Outcome.ERROR,
        "code cell 1 does not run whole, because it raised FileNotFoundError: [Errno 2] No such "
        "file or directory: '/content/drive/MyDrive/x.npy': nothing of it runs, and what it does "
        "to X is lost",
    ),
}


@pytest.mark.parametrize("name", NOWHERE)
def test_what_is_not_there_costs_its_own_answer_and_is_noted(graded, name):
    content, outcome, message = NOWHERE[name]
    report = graded(content)
    assert (report.status, report.score) == (Status.GRADED, ALL - 1)
    assert best(report).outcome is outcome
    assert f"Tiny.ipynb: {message}" in report.submission.notes


UNREADABLE = {
    "no notebook at all": (b"<html>404</html>", "save it again"),
    "half a notebook": (notebook(answer(ANSWER_CELL))[:80], "save it again"),
    "without cells": (notebook(), "it has no cells"),
    "a version to come": (notebook(answer(ANSWER_CELL), nbformat=9), "re-save it as version 4"),
    "an empty file": (b"", "save it again"),
    "deeper than any notebook": (b"[" * 1_000_000, "save it again"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_notebook_that_cannot_be_read_costs_what_is_in_it(graded, name):
    content, message = UNREADABLE[name]
    report = graded(content)
    assert report.status is Status.GRADED
    assert report.score == ALL - 1
    assert best(report).outcome is Outcome.MISSING
    assert any("Tiny.ipynb" in note and message in note for note in report.submission.notes)


def test_no_report_holds_the_name_that_colab_saved(graded):
    report = graded(colab("print(1)", RIGHT).encode())
    assert report.score == ALL
    assert WHO.encode() not in encode(report)


@pytest.mark.parametrize("name", WHOLE_CELLS)
def test_whole_cells_earn_what_the_student_saw(graded, name):
    """In the notebook all of these give 7. Each was lost or half taken once."""
    cells, chosen = WHOLE_CELLS[name]
    report = graded(notebook(*cells))
    assert (report.score, best(report).message, best(report).flagged) == (ALL, "", "")
    assert [cell.cell for cell in report.submission.cells] == chosen
    assert not any(cell.reason for cell in report.submission.cells)


@pytest.mark.parametrize(
    ("imported", "call"),
    [
        ("from tiny.mine import fill", "fill(T)"),
        ("import tiny.mine as mine", "mine.fill(T)"),
        ("from tiny import mine", "mine.fill(T)"),
    ],
)
def test_a_function_of_a_helper_fills_what_the_answer_needs(graded, imported, call):
    cells = [imported, "T = {}", "import math\nmath.sqrt(9)\nprint(T)", call]
    helper = {"tiny/mine.py": b"def fill(t):\n    t['a'] = 7\n"}
    report = graded(notebook(*cells, answer("def best():\n    return T['a']")), **helper)
    assert (report.score, best(report).message) == (ALL, "")
    assert [cell.cell for cell in report.submission.cells] == [1, 2, 4]


#: A needed cell that cannot run whole, what stands in the report, and what the answer gets.
NOT_WHOLE = {
    "it raises": ("A = 7\n1 / 0", "it raised ZeroDivisionError: division by zero", True),
    "it writes a file": ("A = 7\nopen('x.txt', 'w')", "it writes to a file", True),
    "it never ends": ("A = 7\nwhile True: pass", "up to it take more than 5 s", True),
    "it ends its process": ("A = 7\nimport os; os._exit(0)", "ended its own process", True),
    "it uses up the memory": (
        "import numpy as np\nA = 7\nX = np.ones(1 << 40)", "MemoryError", True,
    ),
    "what is needed is lost": ("A = load()", "NameError: name 'load' is not defined", False),
}  # fmt: skip


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.long] if name == "it never ends" else [])
        for name in NOT_WHOLE
    ],
)
def test_a_cell_that_cannot_run_whole_gives_its_statements_and_is_flagged(graded, name):
    source, reason, passes = NOT_WHOLE[name]
    report = graded(notebook(source, "B = A", answer("def best():\n    return B")))
    assert report.status is Status.GRADED
    assert (best(report).outcome is Outcome.PASSED) == passes
    first = report.submission.cells[0]
    assert (first.notebook, first.cell) == ("Tiny", 1)
    assert reason in first.reason
    assert f"code cell 1 does not run whole, because {first.reason}" in best(report).flagged
    assert any(first.reason in note for note in report.submission.notes)
    assert [c.flagged for c in report.checks if c.question != "best"] == [""] * 4


def test_the_generators_are_seeded_again_after_the_cells(graded):
    cells = [
        "import random\nimport numpy as np",
        "np.random.seed(7)\nrandom.seed(7)\nA = np.random.rand()",
        answer(
            "def best():\n    return int(A < 1) + int(1000 * np.random.rand()) * random.random()"
        ),
    ]
    plain = answer(
        "import random\nimport numpy as np\ndef best():\n"
        "    return 1 + int(1000 * np.random.rand()) * random.random()"
    )
    drawn = [best(graded(notebook(*them))).message for them in (cells, [plain])]
    assert drawn[0] == drawn[1] != ""


def test_cells_draw_the_same_in_the_trial_and_in_each_check(graded):
    cells = ["import random\nimport numpy as np", *DRAWING_CELLS]
    report = graded(notebook(*cells, answer("def best():\n    return A")))
    assert (report.score, best(report).message) == (ALL, "")
    assert not any(cell.reason for cell in report.submission.cells)


def test_a_choice_of_cells_is_made_again_from_a_report(harness, tmp_path):
    """A cell that the first run found unfit stays so, whatever a new trial would say."""
    folder = handed_in(tmp_path / "anna", best=None)
    cells = ["A = 7", "A = len('seven!') + 1", answer("def best():\n    return A")]
    (folder / "Tiny.ipynb").write_bytes(notebook(*cells))
    submission, box = read_submission(folder, harness), backend("bubblewrap")
    (check,) = (check for check in harness.checks if check.question == "best")
    _, new = inspect_check(harness, submission, box, check)
    assert [cell.cell for cell in new.records] == [2]
    slow = {"Tiny": {2: "it was slow"}}
    inspection, known = inspect_check(harness, submission, box, check, known_cells=slow)
    assert [cell.cell for cell in known.records] == [1, 2]
    assert known.unfit == slow
    assert inspection.result.outcome is Outcome.PASSED


def test_rerun_makes_the_choice_of_a_report_again(harness, graded, tmp_path, capsys):
    report = graded(notebook("A = 7\n1 / 0", answer("def best():\n    return A")))
    saved, folder = tmp_path / "anna.json", tmp_path / "anna"
    saved.write_bytes(encode(report))
    rerun(folder, "best", harness=harness.folder.parent / "harness.zip", report=saved)
    shown = capsys.readouterr().out
    assert "code cell 1 does not run whole, because it raised ZeroDivisionError" in shown
    assert "passed" in shown
    (folder / "more.py").write_text("x = 1")
    with pytest.raises(typer.Exit):
        rerun(folder, "best", harness=harness.folder.parent / "harness.zip", report=saved)
    assert "is the report of another submission (anna)" in capsys.readouterr().err


def test_a_checkpoint_beside_the_notebook_does_not_count(graded):
    old = notebook(answer("def best():\n    return 6"))
    report = graded(
        notebook(answer(ANSWER_CELL)), **{".ipynb_checkpoints__Tiny-checkpoint.ipynb": old}
    )
    assert report.score == ALL
    assert report.submission.notes == []


@pytest.mark.parametrize("order", [1, -1], ids=["first", "last"])
def test_a_checkpoint_in_an_archive_does_not_count_wherever_it_is(harness, tmp_path, order):
    """Nor if it is the newer of the two."""
    old = notebook(answer("def best():\n    return 6"))
    files = {
        ".ipynb_checkpoints/Tiny-checkpoint.ipynb": (2025, old),
        "Tiny.ipynb": (2015, notebook(answer(ANSWER_CELL))),
    } | {f"tiny/{name}": (2015, text) for name, text in ANSWERS.items()}
    path = tmp_path / "anna.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, (year, data) in list(files.items())[::order]:
            archive.writestr(zipfile.ZipInfo(name, (year, 1, 1, 0, 0, 0)), data)
    report = grade(harness, read_submission(path, harness), backend("bubblewrap"))
    assert (report.score, report.submission.notes) == (ALL, [])


def test_a_copied_answer_cell_counts_once_and_leaves_the_class_alone(graded):
    """The last that is written; one duplicated cell once left a whole class ungraded elsewhere."""
    twice = notebook(answer("def best():\n    return 1"), answer(ANSWER_CELL), answer(STUB_CELL))
    report = graded(twice)
    assert report.score == ALL
    assert any("more than once" in note for note in report.submission.notes)
