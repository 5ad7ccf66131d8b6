"""A set-up cell that fails: it stops the release, and in grading it is named as the cause."""

import json
import zipfile

import pytest

from tests.integration.test_own_course import hand_in
from tests.own_course import write_course

NOTEBOOK = """\
# %%
import numpy as np

# %%
rain = np.loadtxt("data/rain.csv")

# %%
# BEGIN SOLUTION
mean_rain = rain.mean()
# END SOLUTION

# %%
# BEGIN SOLUTION
def largest():
    return rain.max()
# END SOLUTION
"""
CHECKS = """\
from plumbline import check


@check("mean_rain")
def average(student, rng):
    return {"mean": student.mean_rain}


@check("largest")
def wettest(student, rng):
    return {"largest": student.largest()}
"""
FILES = {"hw1/hw1.py": NOTEBOOK, "hw1/checks.py": CHECKS}


def test_a_setup_cell_that_fails_stops_try_and_release_with_its_place(in_course, tmp_path):
    write_course(tmp_path, FILES)
    for command in ("try", "release"):
        code, output = in_course(command, "hw1")
        words = " ".join(output.split())
        assert code == 2, words
        assert "hw1.py:5: the set-up cell" in words
        assert "fails in the box: FileNotFoundError: data/rain.csv not found" in words
    assert not (tmp_path / "release/hw1/student.zip").exists()


def test_an_answer_that_fails_only_when_its_cell_runs_stops_the_release(in_course, tmp_path):
    answer = NOTEBOOK.replace("    return rain.max()\n", "    return rain.max()\n\nlargest(1)\n")
    write_course(tmp_path, FILES | {"hw1/hw1.py": answer, "hw1/data/rain.csv": b"1.5\n2\n"})
    code, output = in_course("release")
    assert code == 2
    assert "the answer cell largest fails in the box: TypeError" in " ".join(output.split())


def test_the_cell_is_named_as_the_cause_in_grading(in_course, tmp_path):
    write_course(tmp_path, FILES | {"hw1/data/rain.csv": b"1.5\n2\n"})
    code, output = in_course("release")
    assert code == 0, output
    answers = {"mean_rain": "mean_rain = rain.mean()", "largest": "return rain.max()"}
    hand_in(tmp_path, "hw1", "anna", **answers)
    # The machine that grades lacks the file: the cell fails there for everybody.
    break_harness(tmp_path / "release/hw1/harness.zip")
    assert in_course("grade", "hw1", "class")[0] == 0
    report = json.loads((tmp_path / "grades/hw1/reports/anna.json").read_text())
    messages = [check["message"] for q in report["questions"] for check in q["checks"]]
    assert len(messages) == 2
    for message in messages:
        assert "set-up cell" in message
        assert "raised FileNotFoundError: data/rain.csv not found" in message


@pytest.mark.long
def test_a_cell_that_imports_selfcheck_fails_nowhere(in_course, tmp_path):
    imported = "import numpy as np\nfrom selfcheck import check\n"
    notebook = NOTEBOOK.replace("import numpy as np\n", imported)
    write_course(tmp_path, FILES | {"hw1/hw1.py": notebook, "hw1/data/rain.csv": b"1.5\n2\n"})
    for command in ("try", "release"):
        code, output = in_course(command, "hw1")
        assert code == 0, output
    answers = {"mean_rain": 'mean_rain = rain.mean()\ncheck("mean_rain")', "largest": "return 2"}
    hand_in(tmp_path, "hw1", "anna", **answers)
    code, output = in_course("grade", "hw1", "class")
    assert code == 0, output
    report = json.loads((tmp_path / "grades/hw1/reports/anna.json").read_text())
    outcomes = [check["outcome"] for q in report["questions"] for check in q["checks"]]
    assert outcomes == ["passed", "passed"]


def break_harness(path):
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    del files["data/rain.csv"]
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)


CHANGES = """\
# %%
import numpy as np

rain = np.array([1.5, 2.0, 0.5])

# %%
# BEGIN SOLUTION
def ordered(values):
    values.sort()
    return values
# END SOLUTION

# %%
ordered(rain)

# %%
# BEGIN SOLUTION
most = ordered(rain)[-1]
# END SOLUTION
"""
CHANGES_CHECKS = """\
from plumbline import check


@check("ordered")
def three(student, rng):
    return {"y": student.ordered(rng.rand(3))}


@check("most", needs=["ordered"])
def it(student, rng):
    return {"most": student.most}
"""


@pytest.mark.parametrize("command", ["try", "release"])
def test_an_example_that_changes_what_an_answer_reads_is_no_cell_that_fails(
    in_course, tmp_path, command
):
    write_course(tmp_path, {"hw1/hw1.py": CHANGES, "hw1/checks.py": CHANGES_CHECKS})
    code, output = in_course(command, "hw1")
    assert code == 0, output
