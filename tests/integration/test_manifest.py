"""The manifest that git keeps is that of the sources beside it."""

import json

import pytest

from tests.integration.conftest import ROOT

pytestmark = pytest.mark.long


def test_the_tracked_manifest_is_current(release_folder):
    """But for expected outputs, whose last bits are another processor's."""

    def files(path):
        content = json.loads(path.read_text("utf-8"))
        return {
            f"{bundle}!{name}": digest
            for bundle, entry in content.items()
            for name, digest in entry["files"].items()
            if "expected/" not in name
        }

    tracked = files(ROOT / "release" / "MANIFEST.json")
    built = files(release_folder / "MANIFEST.json")
    changed = sorted(name for name in tracked | built if tracked.get(name) != built.get(name))
    assert changed == [], "run `plumb release` and commit release/MANIFEST.json"
