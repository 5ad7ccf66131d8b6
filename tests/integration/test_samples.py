"""The sample class, graded by the command, gets exactly the verdicts that stand beside it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.records import Report, decode
from tests.submissions.build import TRAINING, build, samples

PLUMB = Path(sys.executable).parent / "plumb"
#: Graded by `make test`, as work for a variant with fewer checks: convnet's 197 take minutes.
SHORT = {"wrong_sign": "classic2015"}
CASES = [
    *(pytest.param(name, "convnet", marks=pytest.mark.long) for name in samples()),
    *SHORT.items(),
]


@pytest.fixture(scope="module")
def selected(request):
    """The names of the samples that this run of the tests asks for, by variant."""
    here = (item for item in request.session.items if item.path == request.path)
    asked = [item.callspec.params for item in here if hasattr(item, "callspec")]
    return {
        one["variant"]: {other["name"] for other in asked if other["variant"] == one["variant"]}
        for one in asked
    }


@pytest.fixture(scope="module")
def graded(release_variant, selected, tmp_path_factory):
    """The reports of the selected samples by variant and name, each variant's graded as a class."""
    return {
        variant: grade(release_variant(variant), variant, names, tmp_path_factory.mktemp(variant))
        for variant, names in selected.items()
    }


def grade(release, variant, names, folder):
    build(folder / "samples", variant)
    for path in (folder / "samples").iterdir():
        if path.name.partition(".")[0] not in names:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    command = [PLUMB, "grade", folder / "samples", "--out", folder / "graded", "--workers", "2"]
    harness = release / variant / "harness.zip"
    done = subprocess.run([*command, "--harness", harness], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    reports = [decode(path.read_bytes()) for path in (folder / "graded/reports").glob("*.json")]
    return {report.student: report for report in reports}


def test_every_submission_has_a_report(graded, selected):
    assert {variant: set(reports) for variant, reports in graded.items()} == selected


@pytest.mark.parametrize(("name", "variant"), CASES)
def test_the_verdict_is_the_one_written_beside_it(graded, name, variant):
    verdict = samples()[name]["verdict"]
    report: Report = graded[variant][name]
    wanted = verdict.get("checks", {})
    if not samples()[name].get("trained", True):
        wanted = dict.fromkeys(TRAINING, "missing") | wanted
    came = {c.id: c.outcome.value for c in report.checks}
    expected = {c.id: wanted.get(c.id, wanted.get(c.question, "passed")) for c in report.checks}
    assert came == expected
    if variant == "convnet":
        assert report.score == verdict["score"]
        assert report.graded_points == report.points == 140
    else:
        assert report.score == sum(c.points for c in report.checks if expected[c.id] == "passed")
        assert report.graded_points == report.points > report.score
