"""A check that looks at a text: it is what was handed in, and staff read where it may not run."""

import pytest

from autograder.grading.one_submission import grade
from autograder.records import Outcome
from autograder.sandbox import backend
from autograder.submissions.submission import read_submission
from tests.tiny import ANSWERS, CHECKS, handed_in, tiny_harness

LOOKS = CHECKS.replace(
    'first, second = student.ops.pair(rng.randn(2))',
    'first, second = student.ops.pair(rng.randn(2))\n'
    '    text = student.source(student.ops.double).text + student.source("best").text\n'
    '    assert "x + x" in text and "return" in text, text',
)  # fmt: skip


def graded(folder, ops, best="def best():\n    return 7\n"):
    harness = tiny_harness(folder, LOOKS)
    path = handed_in(folder / "alice", ANSWERS | {"ops.py": ops}, best=best)
    report = grade(harness, read_submission(path, harness), backend("none"))
    return next(check for check in report.checks if check.id == "pair.both")


PAIR = "def pair(x):\n    return x, -x\n"


@pytest.mark.parametrize(
    ("ops", "outcome", "flagged"),
    [
        (f"def double(x):\n    return x + x\n{PAIR}", Outcome.PASSED, ""),
        (
            f"def double(x):\n    return x + x\n{PAIR}double = abs\n",
            Outcome.FAILED,
            "AssertionError: double = absdef best",
        ),
        (
            f"import functools\n@functools.cache\ndef double(x):\n    return x + x\n{PAIR}",
            Outcome.PASSED,
            "ops.py: double is decorated in line 2",
        ),
        (
            f"def double(x):\n    raise NotImplementedError('TODO: double')\n{PAIR}",
            Outcome.SKIPPED,
            "",
        ),
        (PAIR, Outcome.SKIPPED, ""),
    ],
)
def test_the_text_that_was_handed_in_is_looked_at(tmp_path, ops, outcome, flagged):
    found = graded(tmp_path, ops)
    assert found.outcome is outcome
    assert flagged in found.flagged
    assert bool(flagged) == bool(found.flagged)
