"""An author without Linux: no module and no call that Linux alone has is used by a release."""

import os
import subprocess
import sys

import pytest

from autograder.errors import BoxError, StudentTimeout
from autograder.limits import Limits
from autograder.sandbox.plain_process import PlainProcess
from autograder.sandbox.session import StudentSession
from tests.boxes import run_folder

#: What macOS and Windows lack between them.
ABSENT = """
import os, signal, subprocess, sys

for name in ("fcntl", "grp", "pwd", "resource"):
    sys.modules[name] = None
for name in ("fork", "geteuid", "memfd_create", "pidfd_open", "setsid", "sched_getaffinity"):
    delattr(os, name)
for name in ("setitimer", "SIGPROF", "pidfd_send_signal"):
    delattr(signal, name)
"""
RELEASE = """
from plumb.cli.app import app
import autograder.sandbox

assert type(autograder.sandbox.backend("none")).__name__ == "PlainProcess"
# These two take a system's own locks where its name is posix.
import autograder.folder_lock, autograder.sandbox.machine_cache, autograder.scratch

class NotPosix:
    name = "nt"
    def __getattr__(self, name):
        return getattr(os, name)

for module in (autograder.folder_lock, autograder.sandbox.machine_cache, autograder.scratch):
    module.os = NotPosix()
import autograder.cpu_guard
autograder.cpu_guard.os = NotPosix()
app()
"""


def test_an_author_without_linux_releases(pocket):
    folder = pocket.folder
    done = subprocess.run(
        [sys.executable, "-c", ABSENT + RELEASE, "release", "--variant", "pocket",
         "--assignment", folder / "assignment", "--solutions", folder / "solutions",
         "--out", pocket.out],
        capture_output=True, text=True, check=False,
        env={**os.environ, "PATH": "/nowhere", "COLUMNS": "200"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "3 checks, 2 of them hidden" in done.stdout
    (line,) = done.stderr.strip().splitlines()
    assert "Your own code runs without one" in line
    assert pocket.members("harness.zip")


def test_the_process_of_a_check_needs_nothing_of_linux():
    code = ABSENT + "import autograder.box.plain_runner"
    subprocess.run([sys.executable, "-c", code], check=True)


MODULE = """
import os, time
state = []
def remember(x):
    state.append(x)
    print("remembered", len(state))
    return len(state)
def large(x): return 2 * x
def sleep(): time.sleep(60)
def leave(): os._exit(3)
"""


@pytest.fixture
def session():
    with (
        run_folder(MODULE) as run,
        StudentSession(PlainProcess(), run, "pocket", Limits()) as session,
    ):
        yield session


def test_each_check_has_a_process_of_its_own(session):
    for _ in range(2):
        with session.student(seed=0, seconds=20) as student:
            assert student.m.remember(1) == 1
            assert student.m.large("x" * 100_000) == "x" * 200_000
        assert session.output == "remembered 1\n"


def test_a_check_that_does_not_end_is_stopped_and_the_next_one_runs(session):
    with session.student(seed=0, seconds=1) as student, pytest.raises(StudentTimeout):
        student.m.sleep()
    with session.student(seed=0, seconds=20) as student:
        with pytest.raises(Exception, match="ended") as info:
            student.m.leave()
        assert not isinstance(info.value, BoxError)
    with session.student(seed=0, seconds=20) as student:
        assert student.m.remember(1) == 1
