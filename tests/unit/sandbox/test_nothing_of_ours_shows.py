"""What a student's code sees and prints in a box is its own, and nothing of ours."""

import shutil
from dataclasses import replace

import pytest

from autograder.limits import Limits
from autograder.sandbox import backend
from autograder.sandbox.no_sandbox import NoSandbox
from autograder.sandbox.session import StudentSession
from tests.boxes import once, run_folder, session_on

MODULE = """
import argparse, subprocess, sys

parser = argparse.ArgumentParser()
parser.add_argument("--rate", type=float, default=0.5)
OPTIONS = parser.parse_args()

def rate(): return OPTIONS.rate
def arguments(): return repr([sys.argv, sys.orig_argv])
def speak(): print("mine"); return 1
def look_for_fonts(): return subprocess.run(["fc-list"]).returncode
"""


def test_a_module_that_reads_its_arguments_gets_none():
    with session_on(MODULE, box="none") as session:
        assert once(session, lambda student: student.m.rate()) == 0.5
        shown = once(session, lambda student: student.m.arguments())
    assert "rlimits" not in shown
    assert shown.startswith("[['-c'], [")


class Noisy(NoSandbox):
    """A backend whose box prints something before the runner starts."""

    def launch(self, *arguments):
        launch = super().launch(*arguments)
        return replace(launch, command=["sh", "-c", 'echo noise; exec "$@"', "sh", *launch.command])


def test_what_was_printed_before_a_check_began_is_not_the_student_s():
    with run_folder(MODULE) as run, StudentSession(Noisy(), run, "pocket", Limits()) as session:
        for _ in range(2):
            once(session, lambda student: student.m.speak())
            assert session.output == "mine\n"


@pytest.mark.skipif(not shutil.which("fc-list"), reason="fontconfig is not installed")
@pytest.mark.parametrize("box", ["bubblewrap", "none"])
def test_a_program_that_looks_for_fonts_prints_no_error(box):
    """The seen case: "Fontconfig error" stood on 14 of 15 pages, as if the code had printed it."""
    backend(box)
    with session_on(MODULE, box=box) as session:
        assert once(session, lambda student: student.m.look_for_fonts()) == 0
        assert session.output == ""
