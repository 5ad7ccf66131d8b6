"""What the pages of docs/ say is what the sources say. `make docs` builds them as a site."""

import re

import plumbline
from tests.integration.conftest import ROOT

DOCS = ROOT / "docs"


def test_the_vocabulary_has_each_public_name_once():
    text = (DOCS / "vocabulary.md").read_text("utf-8")
    assert sorted(re.findall(r"^::: plumbline\.(\w+)$", text, re.M)) == sorted(plumbline.__all__)
