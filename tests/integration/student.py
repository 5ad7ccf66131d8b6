"""A student's own files of a variant: unpacked, written, handed in, graded."""

import json
import subprocess
import sys
import zipfile

from autograder.grading.one_submission import grade
from autograder.harness import open_harness
from autograder.sandbox import backend
from autograder.submissions.submission import read_submission
from plumb.reference import reference_files
from plumb.regions import CODE, PROSE
from plumb.release_files import solved_files
from plumb.strip import answers_of, fill
from tests.real_assignment import real_assignment


def unpacked(release, variant, folder):
    """The assignment's folder, as a student has it on their disk once it is unpacked."""
    with zipfile.ZipFile(release / variant / "student.zip") as archive:
        archive.extractall(folder)
    (inner,) = folder.iterdir()
    return inner


def write_answers(folder, variant):
    """Write the reference's answers into the student's own files, between the markers there."""
    assignment = real_assignment(variant)
    files = solved_files(assignment, list(reference_files(assignment)))
    style = assignment.style
    for name, data in files.items():
        path = folder / name
        if name.endswith(".ipynb"):
            mine, theirs = json.loads(path.read_bytes()), json.loads(data)
            for cell, other in zip(mine["cells"], theirs["cells"], strict=True):
                syntax = CODE if cell["cell_type"] == "code" else PROSE
                text, right = "".join(cell["source"]), "".join(other["source"])
                answers = answers_of(right, syntax=syntax, style=style)
                cell["source"] = fill(text, answers, syntax=syntax, style=style)
            path.write_text(json.dumps(mine))
        elif name.endswith(".py"):
            answers = answers_of(data.decode(), style=style)
            path.write_text(fill(path.read_text("utf-8"), answers, style=style), "utf-8")


def hand_in(folder, *options):
    """What ``python -m selfcheck submit`` prints, and the archive that it wrote."""
    command = [sys.executable, "-m", "selfcheck", "submit", "--out", "handed-in.zip", *options]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done, folder / "handed-in.zip"


def graded(release, variant, archive, tmp_path):
    harness = open_harness(release / variant / "harness.zip", tmp_path / "harness")
    submission = read_submission(archive, harness)
    return grade(harness, submission, backend("bubblewrap")), submission
