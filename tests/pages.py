"""The blocks of code in a page of docs/."""

import re
from typing import NamedTuple

from tests.integration.conftest import ROOT

_BLOCK = re.compile(r'^```(\w+)(?: title="([^"]+)")?\n(.*?)^```$', re.M | re.S)


class Block(NamedTuple):
    """One block: its language, its title, its lines."""

    language: str
    title: str
    text: str


def blocks(page):
    """The blocks of a page, such as ``writing-checks``, in their order."""
    text = (ROOT / "docs" / f"{page}.md").read_text("utf-8")
    found = [Block(*match.groups("")) for match in _BLOCK.finditer(text)]
    assert 2 * len(found) == len(re.findall(r"^```", text, re.M)), "a block of another form"
    return found
