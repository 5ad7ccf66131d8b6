"""The names of what functions return, from the release's modules and cells."""

from dataclasses import replace

import msgspec

from autograder.grading.release_functions import values_returned
from tests.tiny import STUB_CELL, tiny_harness


def test_the_values_are_named_by_the_stub_wherever_the_variant_has_it(tmp_path):
    stub = "def pair(x):\n    raise NotImplementedError('TODO: pair')\n    return out, cache\n"
    harness = tiny_harness(tmp_path, given={"ops.py": stub})
    assert values_returned(harness, "ops.pair") == ("out", "cache")
    assert values_returned(harness, "ops.other") == ()
    notebook = harness.notebooks["Tiny"]
    told = STUB_CELL.replace("def best():", "def best():\n    'Returns (number, place).'")
    text = notebook.read_text().replace(msgspec.json.encode(STUB_CELL).decode(),
                                        msgspec.json.encode(told).decode())  # fmt: skip
    notebook.write_text(text)
    moved = msgspec.structs.replace(harness.manifest, cells={"ops.best": "Tiny"})
    assert values_returned(replace(harness, manifest=moved), "ops.best") == ("number", "place")
