"""Every variant, through a student's own files: written, handed in, graded; and handed in blank."""

import json
import subprocess
import sys
import zipfile

import pytest

from autograder.grading import grade
from autograder.harness import open_harness
from autograder.records import Outcome, Status
from autograder.sandbox import backend
from autograder.submission import read_submission
from plumb.assignment import read_assignment
from plumb.described import variants
from plumb.regions import CODE, PROSE
from plumb.strip import answers_of, fill
from plumb.trees import reference_sources, solved
from tests.integration.conftest import ROOT

pytestmark = pytest.mark.long
VARIANTS = variants(ROOT / "assignment")


def unpacked(release, variant, folder):
    """What a student has on their disk."""
    with zipfile.ZipFile(release / variant / "student.zip") as archive:
        archive.extractall(folder)
    return folder


def write_answers(folder, variant):
    """Write the reference's answers into the student's own files, between the markers there."""
    assignment = read_assignment(ROOT / "assignment", ROOT / "solutions", variant)
    files = solved(assignment, list(reference_sources(assignment)))
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
    handin = read_submission(archive, harness)
    return grade(harness, handin, backend("bubblewrap")), handin


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_solved_submission_earns_everything(release_variant, variant, tmp_path):
    release = release_variant(variant)
    folder = unpacked(release, variant, tmp_path / "student")
    write_answers(folder, variant)
    done, archive = hand_in(folder)
    assert "nothing is written yet" not in done.stdout
    assert "not passed" not in done.stdout
    assert done.returncode == 0, done.stdout + done.stderr
    report, handin = graded(release, variant, archive, tmp_path)
    lost = {c.id: (c.outcome.value, c.message) for c in report.checks if c.score != c.points}
    assert lost == {}
    assert report.status is Status.GRADED
    assert report.score == report.points == report.graded_points > 0
    assert handin.notes == ()
    assert [slot.question for slot in report.slots if not slot.answer] == []


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_blank_submission_earns_nothing(release_variant, variant, tmp_path):
    release = release_variant(variant)
    folder = unpacked(release, variant, tmp_path / "student")
    done, archive = hand_in(folder, "--no-checks")
    assert "nothing is written yet" in done.stdout
    assert done.returncode == 1
    report, _ = graded(release, variant, archive, tmp_path)
    assert report.score == 0
    assert {c.outcome for c in report.checks} <= {Outcome.MISSING, Outcome.SKIPPED}
    assert [slot.question for slot in report.slots if slot.answer] == []


def test_hw5_hands_in_exactly_a_notebook_and_a_pdf(release_variant, tmp_path):
    release = release_variant("hw5")
    folder = unpacked(release, "hw5", tmp_path / "student")
    _, archive = hand_in(folder, "--no-checks")
    with zipfile.ZipFile(archive) as opened:
        assert opened.namelist() == ["ConvolutionalNetworks.ipynb", "ConvolutionalNetworks.pdf"]
        assert opened.read("ConvolutionalNetworks.pdf").startswith(b"%PDF-")


def test_without_a_browser_the_archive_is_made_all_the_same(release_variant, tmp_path):
    release = release_variant("hw5")
    folder = unpacked(release, "hw5", tmp_path / "student")
    command = [sys.executable, "-m", "selfcheck", "submit", "--no-checks", "--out", "in.zip"]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env={"PATH": "/nowhere"}
    )
    assert "no PDF was made: there is no Chromium or Chrome here" in done.stdout
    with zipfile.ZipFile(folder / "in.zip") as opened:
        assert opened.namelist() == ["ConvolutionalNetworks.ipynb"]
    report, handin = graded(release, "hw5", folder / "in.zip", tmp_path)
    assert "exactly one .pdf file is to be handed in, and none was" in handin.notes
    assert report.status is Status.GRADED
