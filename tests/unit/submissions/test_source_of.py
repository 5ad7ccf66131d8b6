"""The text of a function in what was handed in."""

import pytest

from autograder.core.locations import Locations
from autograder.submissions.source_of import SourceText, source_of

MODULE = """\
import functools


@functools.cache
def double(x):
    return 0


class Net:
    def loss(self, x):
        return x


def double(x):
    return 2 * x
"""
MODULES = {"layers.py": MODULE.encode(), "sub/nets.py": b"\xef\xbb\xbfdef net():\r\n    pass\r\n"}
CELLS = {"Hw": {"c1": "x = 1", "c2": "x = 2\ndef best():\n    return 7\n"}}
NOWHERE = Locations()


def test_of_two_definitions_the_last_one_counts():
    found = source_of("layers.double", MODULES, {}, NOWHERE)
    assert found == SourceText("layers.py", 14, "def double(x):\n    return 2 * x")


def test_a_decorator_belongs_to_its_function():
    text = MODULE.rpartition("\n\n\n")[0].encode()
    found = source_of("layers.double", {"layers.py": text}, {}, NOWHERE)
    assert found.text.startswith("@functools.cache\ndef double(x):")


@pytest.mark.parametrize(
    ("name", "locations", "place", "start"),
    [
        ("layers.Net", NOWHERE, "layers.py", "class Net:"),
        ("layers.Net.loss", NOWHERE, "layers.py", "    def loss(self, x):"),
        ("sub.nets.net", NOWHERE, "sub/nets.py", "def net():"),
        ("nets.net", Locations(modules={"nets": "sub.nets"}), "sub/nets.py", "def net():"),
        ("a.best", Locations(cells={"a.best": "Hw"}), "Hw.ipynb, cell c2", "def best():"),
    ],
)
def test_it_is_found_where_the_variant_has_it(name, locations, place, start):
    found = source_of(name, MODULES, CELLS, locations)
    assert found.place == place
    assert found.text.startswith(start)


@pytest.mark.parametrize(
    "modules", [{}, {"layers.py": b"def double(x"}, {"layers.py": b"x = 1\0"}, {"layer.py": b""}]
)
def test_what_is_not_there_is_none(modules):
    assert source_of("layers.double", modules, {}, NOWHERE) is None
