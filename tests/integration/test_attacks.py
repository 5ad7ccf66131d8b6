"""Every attack and every broken submission in one class, and honest work among them.

The class of 200, which has fewer attacks and more honest work, is graded by ``make attacks``.
"""

import subprocess
import sys
from pathlib import Path

import pytest

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
