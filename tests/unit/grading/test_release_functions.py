"""What the release says of its functions: what they return, and the text of unwritten ones."""

from dataclasses import replace

import msgspec

from autograder.grading.release_functions import sources, values_returned
from autograder.submissions.submission import read_submission
from tests.tiny import ANSWERS, STUB_CELL, STUBS, handed_in, tiny_harness


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


def test_the_text_of_a_file_that_was_not_handed_in_is_the_stub_that_its_box_has(tmp_path):
    harness = tiny_harness(tmp_path)
    only_more = {"sub/more.py": ANSWERS["sub/more.py"]}
    submission = read_submission(handed_in(tmp_path / "anna", only_more), harness)
    found = sources(harness, submission)
    assert found.find("ops.double").text.strip() in STUBS["ops.py"]
    assert found.find("sub.more.triple").text.strip() in ANSWERS["sub/more.py"]
