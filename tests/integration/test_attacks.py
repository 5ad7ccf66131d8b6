"""The corpus of attacks, and a class in which honest work stands among them."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.attacks.corpus import attacks
from tests.attacks.everybody import some_attacks

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.long


def run(module, *arguments):
    """Run it in a process of its own, which becomes the parent of whatever is left behind."""
    command = [sys.executable, "-m", f"tests.attacks.{module}", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_no_attack_succeeds():
    done = run("run", "--rest")  # the others stand in the class below
    assert done.returncode == 0, done.stdout + done.stderr
    lines = [line for line in done.stdout.splitlines() if " points, should be " in line]
    assert len(lines) == len(attacks()) - len(some_attacks())


def test_a_class_of_200_with_attacks_and_broken_work_is_graded_to_the_end():
    done = run("everybody")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "200 reports of 200 submissions, 100 honest" in done.stdout
