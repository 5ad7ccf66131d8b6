"""How much of an answer file is written, and which file a name is meant as."""

import pytest

from autograder.submissions.meant_names import COPIED, EXACT, SPELLED, WORDED, nearness
from autograder.submissions.written import defines_answers, is_changed, written_regions
from tests.tiny import ANSWERS, STUBS

STUB = STUBS["ops.py"].encode()
WHOLE = ANSWERS["ops.py"]
HALF = WHOLE.partition("\n\n\n")[0] + "\n\n\n" + STUBS["ops.py"].partition("\n\n\n")[2]


@pytest.mark.parametrize(
    ("text", "regions", "changed"),
    [
        (STUBS["ops.py"], 0, False),
        (STUBS["ops.py"].replace("\n", " \r\n"), 0, False),
        ("", 0, False),
        (f"# mine\n{STUBS['ops.py']}", 0, True),
        (HALF, 1, True),
        (WHOLE, 2, True),
        (WHOLE.replace("return x + x", "return 1  # raise NotImplementedError('TODO: double')"),
         2, True),
        ("def pair(x):\n    return x, -x\n", 1, True),
        ("def double(x:\n", 1, True),  # a mistake in the syntax is work all the same
        (WHOLE.replace("return x, -x", "return x, -x)"), 2, True),
        (STUBS["ops.py"] + ")", 0, True),
        ("<!DOCTYPE html>\n<title>Sign in</title>\n", 0, True),
        # The stub is left below the answer. It is never reached.
        (WHOLE.replace("return x, -x", "return x, -x\n    raise NotImplementedError('TODO: pair')"),
         2, True),
        (WHOLE.replace("return x, -x", "if x:\n        return x\n"
                       "    raise NotImplementedError('TODO: pair')"), 1, True),
        (f"{WHOLE}a = b{'.c' * 3000}\nraise a{'.c' * 3000}\n", 2, True),
    ],
)  # fmt: skip
def test_a_region_is_written_where_its_stub_is_gone_and_its_function_there(text, regions, changed):
    assert written_regions(STUB, text.encode()) == regions
    assert is_changed(STUB, text.encode()) == changed


def test_what_defines_a_function_that_is_asked_for():
    assert defines_answers([STUB], b"class pair:\n    pass\n")
    assert not defines_answers([STUB], b"def other():\n    double = 1\n")


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("ops.py", EXACT), ("ops.PY", EXACT), ("Ops.py", SPELLED), ("ops.py.txt", SPELLED),
        ("ops.py.json", SPELLED), ("ops (12).py", COPIED), ("ops - Copy (2).py", COPIED),
        ("Copy of Ops.py", COPIED), ("ops copy.py", COPIED), ("ops 2.py", COPIED),
        ("hw5_ops.py", WORDED), ("ops_v2.py", WORDED), ("ann.ops.py", WORDED), ("ops3.py", WORDED),
        ("shops.py", None), ("opsx.py", None), ("ops.ipynb", None), ("ops.txt", None),
        ("ops.py.gz", None), ("", None),
    ],
)  # fmt: skip
def test_names_are_more_or_less_near(name, near):
    assert nearness(name, "ops.py") == near


def test_every_region_of_a_missing_function_is_not_written():
    raised = "    raise NotImplementedError('TODO: net.{}')\n"
    stub = f"def net(x):\n{raised.format('a')}{raised.format('b')}"
    assert written_regions(stub.encode(), b"y = 1\n") == 0
