"""Every variant, through a student's own files: written, handed in, graded; and handed in blank."""

import functools
import re
import subprocess
import sys
import zipfile

import pytest

from autograder.records import Outcome, Status
from plumb.config import variants
from tests.integration.conftest import ROOT
from tests.integration.student import graded, hand_in, unpacked, write_answers

#: `make test` hands in this one, `make long` the others, one of them in Chinese: they take longer.
SHORT = "classic2015"
VARIANTS = [
    pytest.param(name, marks=[] if name == SHORT else [pytest.mark.long])
    for name in variants(ROOT / "assignment")
]
#: In the languages of the variants.
WARNING = re.compile("^(?:WARNING: |警告：)", re.MULTILINE)


@pytest.fixture(scope="module")
def blank(release_variant, tmp_path_factory):
    """What came of handing in a variant as it was released; once each, for printing takes long."""

    @functools.cache
    def handed_in(variant):
        folder = tmp_path_factory.mktemp("blank") / "student"
        return hand_in(unpacked(release_variant(variant), variant, folder), "--no-checks")

    return handed_in


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_solved_submission_earns_everything(release_variant, variant, tmp_path):
    release = release_variant(variant)
    folder = unpacked(release, variant, tmp_path / "student")
    write_answers(folder, variant)
    done, archive = hand_in(folder)
    assert WARNING.search(done.stdout) is None
    assert done.returncode == 0, done.stdout + done.stderr
    report, submission = graded(release, variant, archive, tmp_path)
    lost = {c.id: (c.outcome.value, c.message) for c in report.checks if c.score != c.points}
    assert lost == {}
    assert report.status is Status.GRADED
    assert report.score == report.points == report.graded_points > 0
    assert submission.notes == ()
    assert [written.question for written in report.written_answers if not written.answer] == []


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_blank_submission_earns_nothing(release_variant, blank, variant, tmp_path):
    done, archive = blank(variant)
    assert WARNING.search(done.stdout)
    assert done.returncode == 1
    report, _ = graded(release_variant(variant), variant, archive, tmp_path)
    assert report.score == 0
    assert {c.outcome for c in report.checks} <= {Outcome.MISSING, Outcome.SKIPPED}
    assert [written.question for written in report.written_answers if written.answer] == []


@pytest.mark.long
def test_hw5_hands_in_exactly_a_notebook_and_a_pdf(blank):
    _, archive = blank("hw5")
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
    report, submission = graded(release, "hw5", folder / "in.zip", tmp_path)
    assert "exactly one .pdf file is to be handed in, and none was" in submission.notes
    assert report.status is Status.GRADED
