"""The manifest that git keeps is that of the sources beside it."""

import json

import pytest

from autograder.core.judge import Expected
from plumb import bundle
from plumb.config import variants
from plumb.reference import reference_files
from plumb.release_files import harness_files, student_files
from tests.integration.conftest import ROOT
from tests.real_assignment import real_assignment

VARIANTS = variants(ROOT / "assignment")
TRACKED = ROOT / "release" / "MANIFEST.json"


def files(manifest, variant):
    """The hash of every file of a variant's bundles.

    But for expected outputs, whose last bits are another processor's.
    """
    return {
        f"{name}!{path}": digest
        for name, entry in json.loads(manifest).items()
        if name.startswith(f"{variant}/")
        for path, digest in entry["files"].items()
        if "expected/" not in path
    }


def built(variant, nowhere):
    """The manifest of a variant, without the expected outputs: to record them takes long."""
    source = real_assignment(variant)
    reference = list(reference_files(source))
    unrecorded = {check.id: Expected({}, ()) for check in source.checks}
    student = student_files(source, reference, unrecorded)
    bundles = {
        "student": bundle.below(source.student_folder, student),
        "harness": harness_files(source, reference, unrecorded),
    }
    return bundle.manifest(nowhere, variant, bundles)


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_tracked_manifest_is_current(variant, tmp_path):
    tracked = files(TRACKED.read_bytes(), variant)
    now = files(built(variant, tmp_path / "none.json"), variant)
    changed = sorted(name for name in tracked | now if tracked.get(name) != now.get(name))
    assert changed == [], "run `plumb release --all` and commit release/MANIFEST.json"


def test_a_release_publishes_the_files_that_are_compared(release_variant, tmp_path):
    published = files((release_variant("hw5") / "MANIFEST.json").read_bytes(), "hw5")
    assert published
    assert published == files(built("hw5", tmp_path / "none.json"), "hw5")


def test_the_tracked_manifest_names_every_variant():
    content = json.loads(TRACKED.read_bytes())
    assert sorted({name.partition("/")[0] for name in content}) == VARIANTS
