"""The data of a course: data/ goes to students and boxes, grader_data/ to graders alone."""

import io
import json
import zipfile

import numpy as np
import pytest

from autograder.harness import open_harness
from autograder.sandbox.run_folder import lay_out
from autograder.submissions.submission import read_submission
from tests.integration.test_own_course import hand_in
from tests.own_course import write_course

RNG = np.random.RandomState(3)
LABELS = RNG.randint(0, 2, 40)
INPUTS = (LABELS + 0.2 * RNG.rand(40)).round(3)
NOTEBOOK = """\
# %%
from pathlib import Path
import numpy as np

rain = np.loadtxt("data/rain.csv", delimiter=",")

# %%
# BEGIN SOLUTION
mean_rain = rain.mean()
# END SOLUTION

# %%
# BEGIN SOLUTION
def classify(x):
    return (x > 0.5).astype(int)
# END SOLUTION

# %%
# BEGIN SOLUTION
def first_byte():
    return Path("data/deep/blob.bin").read_bytes()[0]
# END SOLUTION
"""
CHECKS = """\
import numpy as np
from plumbline import EXACT, check


@check("mean_rain", visible=True)
def mean(student, rng):
    return {"mean": student.mean_rain}


@check("first_byte", visible=True)
def byte(student, rng):
    return {"byte": student.first_byte()}


@check("classify", points=3)
def unseen_flowers(student, rng, grader_data):
    held_out = grader_data.load("held_out.npz")
    return {"share": float(np.mean(student.classify(held_out["x"]) == held_out["labels"]))}
"""


def course(folder, **files):
    held_out = io.BytesIO()
    np.savez(held_out, x=INPUTS, labels=LABELS)
    return write_course(
        folder,
        {
            "hw1/hw1.py": NOTEBOOK,
            "hw1/checks.py": CHECKS,
            "hw1/data/rain.csv": b"1.5,2.25\n4.0,0.5\n",
            "hw1/data/deep/blob.bin": bytes([200, 0, 255]),
            "hw1/grader_data/held_out.npz": held_out.getvalue(),
            "hw1/grader_data/README.md": b"Where the labels come from.\n",
        }
        | files,
    )


def outcomes(folder):
    report = json.loads(folder.read_text())
    return {c["id"]: c["outcome"] for q in report["questions"] for c in q["checks"]}


@pytest.mark.long
def test_data_are_where_students_have_them_and_labels_with_graders_alone(in_course, tmp_path):
    course(tmp_path)
    code, output = in_course("try", "hw1")
    assert code == 0, output
    code, output = in_course("release")
    assert code == 0, output
    with zipfile.ZipFile(tmp_path / "release/hw1/student.zip") as archive:
        names = {n.partition("/")[2]: archive.read(n) for n in archive.namelist()}
    assert names["data/rain.csv"] == b"1.5,2.25\n4.0,0.5\n"
    assert names["data/deep/blob.bin"] == bytes([200, 0, 255])
    assert not [n for n in names if "held_out" in n or b"labels come from" in names[n]]
    with zipfile.ZipFile(tmp_path / "release/hw1/harness.zip") as archive:
        held = [name for name in archive.namelist() if "data" in name]
    assert held == ["data/deep/blob.bin", "data/rain.csv", "grader_data/held_out.npz"]
    answers = {
        "mean_rain": "mean_rain = rain.mean()",
        "classify": "return (args[0] > 0.5).astype(int)",
        "first_byte": 'return Path("data/deep/blob.bin").read_bytes()[0]',
    }
    hand_in(tmp_path, "hw1", "anna", **answers)
    hand_in(tmp_path, "hw1", "ben", **(answers | {"classify": "return args[0] > 2"}))
    hand_in(tmp_path, "hw1", "carl", **(answers | {"classify": SEARCH}))
    for path in (tmp_path / "class/ben").rglob("rain.csv"):
        path.write_text("7,7\n7,7\n")  # what a student makes of the data does not count
    code, output = in_course("grade", "hw1", "class")
    assert code == 0, output
    reports = tmp_path / "grades/hw1/reports"
    right = {"mean_rain.mean": "passed", "first_byte.byte": "passed"}
    assert outcomes(reports / "anna.json") == right | {"classify.unseen_flowers": "passed"}
    assert outcomes(reports / "ben.json") == right | {"classify.unseen_flowers": "failed"}
    assert outcomes(reports / "carl.json") == right | {"classify.unseen_flowers": "failed"}


#: Searches the whole box for the labels; without them every answer is wrong.
SEARCH = """import os
    found = 0
    for folder, _, files in os.walk("/", followlinks=False):
        if folder.startswith(("/proc", "/sys", "/usr")):
            continue
        found += sum("held_out" in name for name in [folder, *files])
    return np.zeros(len(args[0]), int) + (args[0] > 0.5 if found else 5)"""


def test_a_run_folder_has_the_data_and_nothing_of_the_graders(in_course, tmp_path):
    course(tmp_path)
    assert in_course("release")[0] == 0
    harness = open_harness(tmp_path / "release/hw1/harness.zip", tmp_path / "harness")
    hand_in(tmp_path, "hw1", "anna", mean_rain="mean_rain = 1")
    submission = read_submission(tmp_path / "class/anna", harness)
    with lay_out(harness, submission) as run:
        files = {path.relative_to(run).as_posix() for path in run.rglob("*") if path.is_file()}
        contents = [path.read_bytes() for path in run.rglob("*") if path.is_file()]
    assert "package/data/rain.csv" in files
    assert not [name for name in files if "held_out" in name]
    secret = (tmp_path / "hw1/grader_data/held_out.npz").read_bytes()
    assert not [content for content in contents if secret[:200] in content]


def test_what_graders_alone_may_have_is_refused_elsewhere(in_course, tmp_path):
    course(tmp_path, **{"hw1/data/answers.csv": "\n".join(map(str, LABELS)).encode()})
    code, output = in_course("release")
    assert code == 2
    assert "data/answers.csv: values of grader_data/held_out.npz stand here" in output
    assert not (tmp_path / "release/hw1/student.zip").exists()
