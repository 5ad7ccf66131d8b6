"""The sample class, graded by the command, gets exactly the verdicts that stand beside it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.records import Report, decode
from tests.submissions.build import TRAINING, build, samples

PLUMB = Path(sys.executable).parent / "plumb"
#: The others run nearly all of the 197 checks each, which takes minutes: `make long` grades them.
SHORT = {"syntax_error", "untouched", "wrong_sign"}
NAMES = [
    pytest.param(name, marks=[] if name in SHORT else [pytest.mark.long]) for name in samples()
]


@pytest.fixture(scope="module")
def selected(request):
    """The samples that this run of the tests asks for."""
    here = (item for item in request.session.items if item.path == request.path)
    return {item.callspec.params["name"] for item in here if hasattr(item, "callspec")}


@pytest.fixture(scope="module")
def graded(release_folder, selected, tmp_path_factory):
    """The reports of the selected samples by name, graded as one class."""
    folder = tmp_path_factory.mktemp("class")
    build(folder / "samples")
    for path in (folder / "samples").iterdir():
        if path.name.partition(".")[0] not in selected:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    command = [PLUMB, "grade", folder / "samples", "--out", folder / "graded", "--workers", "2"]
    harness = release_folder / "convnet" / "harness.zip"
    done = subprocess.run([*command, "--harness", harness], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    reports = [decode(path.read_bytes()) for path in (folder / "graded/reports").glob("*.json")]
    return {report.student: report for report in reports}


def test_every_submission_has_a_report(graded, selected):
    assert set(graded) == selected


@pytest.mark.parametrize("name", NAMES)
def test_the_verdict_is_the_one_written_beside_it(graded, name):
    verdict = samples()[name]["verdict"]
    report: Report = graded[name]
    wanted = verdict.get("checks", {})
    if not samples()[name].get("trained", True):
        wanted = dict.fromkeys(TRAINING, "missing") | wanted
    came = {c.id: c.outcome.value for c in report.checks}
    expected = {c.id: wanted.get(c.id, wanted.get(c.question, "passed")) for c in report.checks}
    assert came == expected
    assert report.score == verdict["score"]
    assert report.graded_points == report.points == 140
