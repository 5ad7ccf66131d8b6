"""The manifest that git keeps is that of the sources beside it."""

import json

import pytest

from plumb.config import variants
from tests.integration.conftest import ROOT

VARIANTS = variants(ROOT / "assignment")
#: No other test that `make test` runs needs its release, which takes long.
LONG = {"cs231n"}


def files(path, variant):
    """The hash of every file of a variant's bundles.

    But for expected outputs, whose last bits are another processor's.
    """
    content = json.loads(path.read_text("utf-8"))
    return {
        f"{bundle}!{name}": digest
        for bundle, entry in content.items()
        if bundle.startswith(f"{variant}/")
        for name, digest in entry["files"].items()
        if "expected/" not in name
    }


@pytest.mark.parametrize(
    "variant",
    [pytest.param(name, marks=[pytest.mark.long] if name in LONG else []) for name in VARIANTS],
)
def test_the_tracked_manifest_is_current(release_variant, variant):
    tracked = files(ROOT / "release" / "MANIFEST.json", variant)
    built = files(release_variant(variant) / "MANIFEST.json", variant)
    changed = sorted(name for name in tracked | built if tracked.get(name) != built.get(name))
    assert changed == [], "run `plumb release --all` and commit release/MANIFEST.json"


def test_the_tracked_manifest_names_every_variant():
    content = json.loads((ROOT / "release" / "MANIFEST.json").read_text("utf-8"))
    assert sorted({name.partition("/")[0] for name in content}) == VARIANTS
