"""The corpus of attacks, and a class in which honest work stands among them."""

import subprocess
import sys
from pathlib import Path

import pytest

from autograder.records import Outcome, Status
from tests.attacks.broken import CHANGED, WRITTEN, hand_in
from tests.attacks.corpus import CLASSES, attacks
from tests.attacks.vault import honest

ROOT = Path(__file__).parents[2]
#: Run in a process of its own, which becomes the parent of whatever is left behind.
CLASS_OF_200 = [sys.executable, "-m", "tests.attacks.everybody"]
ALL_ATTACKS = [sys.executable, "-m", "tests.attacks.run"]


def run(command):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.long
def test_no_attack_succeeds():
    done = run(ALL_ATTACKS)
    lines = [line for line in done.stdout.splitlines() if " points, should be " in line]
    assert len(lines) == len(attacks())
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.long
def test_a_class_of_200_with_attacks_and_broken_work_is_graded_to_the_end():
    done = run(CLASS_OF_200)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "200 reports" in done.stdout
