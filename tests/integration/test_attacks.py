"""Every attack and every broken submission in one class, and honest work among them.

The class of 200, which has fewer attacks and more honest work, is graded by ``make attacks``.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from autograder.sandbox.unprivileged import closed_parent, run_as
from tests.attacks.broken import CHANGED, WRITTEN
from tests.attacks.corpus import attacks

ROOT = Path(__file__).parents[2]


@pytest.mark.long
def test_no_attack_succeeds_and_everybody_is_graded_to_the_end():
    # In a process of its own, which becomes the parent of whatever is left behind.
    command = [sys.executable, "-m", "tests.attacks.everybody", "--all"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    others = len(attacks()) + len(CHANGED) + len(WRITTEN)
    honest = -(-others // 4)
    count = others + honest
    assert f"{count} reports of {count} submissions, {honest} honest" in done.stdout


@pytest.mark.long
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_no_attack_succeeds_where_an_ordinary_user_grades():
    if closed_parent(ROOT / "x") is not None:
        pytest.skip("this clone is closed to other users")
    command = [sys.executable, "-B", "-m", "tests.attacks.run"]
    with tempfile.TemporaryDirectory(prefix="plumb-test-") as cache:  # this user has no home
        if os.geteuid() == 0:
            os.chown(cache, 61003, -1)
        done = subprocess.run(
            command, cwd=ROOT, env={"PATH": os.environ["PATH"], "XDG_CACHE_HOME": cache},
            capture_output=True, text=True, check=False, **run_as(61003),
        )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(attacks())} attacks, 0 succeed" in done.stdout
