"""An author without Linux: no module and no call that Linux alone has is used by a release."""

import os
import subprocess
import sys
import time

import pytest
import yaml

from autograder.core.functions import Functions
from autograder.errors import BoxError, CheckError, StudentTimeout
from autograder.limits import Limits
from autograder.sandbox.function_helper import InProcessHelper
from autograder.sandbox.grader_clock import GraderClock
from autograder.sandbox.plain_process import PlainProcess
from autograder.sandbox.session import StudentSession
from tests.boxes import run_folder
from tests.integration.conftest import ROOT

#: What macOS and Windows lack between them.
ABSENT = """
import os, signal, subprocess, sys

for name in ("fcntl", "grp", "pwd", "resource", "termios"):
    sys.modules[name] = None
for name in ("fork", "geteuid", "memfd_create", "pidfd_open", "setsid", "sched_getaffinity"):
    delattr(os, name)
for name in ("setitimer", "SIGPROF", "pidfd_send_signal", "pthread_sigmask", "valid_signals"):
    delattr(signal, name)
"""
RELEASE = """
from plumb.cli.app import make_app
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
make_app()()
"""


@pytest.mark.long
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


@pytest.mark.long
def test_an_author_without_linux_begins_a_course(tmp_path):
    """The three commands that write an assignment; two run code, and say in a line how."""

    def plumb(*arguments):
        done = subprocess.run(
            [sys.executable, "-c", ABSENT + RELEASE, *arguments],
            capture_output=True, text=True, check=False, cwd=tmp_path,
            env={**os.environ, "PATH": "/nowhere", "COLUMNS": "200"},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout, done.stderr.strip().splitlines()

    plumb("new", "hw1")
    shown, told = plumb("try")
    assert "hw1: 2 checks, worth 3 points: all is well" in shown
    (line,) = told
    assert "there is no sandbox here" in line
    assert "Your own code runs without one" in line
    shown, told = plumb("release")
    assert "release/hw1/student.zip and harness.zip: 2 checks" in shown
    assert ["Your own code runs without one" in line for line in told] == [True]


@pytest.mark.long
def test_the_public_ci_runs_these_commands_on_the_other_systems(tmp_path):
    """The step's own script, with a `plumb` that finds nothing of Linux."""
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text("utf-8"))
    job = workflow["jobs"]["student"]
    assert job["strategy"]["matrix"]["system"] == ["macos-latest", "windows-latest"]
    (script,) = (step["run"] for step in job["steps"] if "plumb new" in step.get("run", ""))
    program = tmp_path / "bin" / "plumb"
    program.parent.mkdir()
    program.write_text(
        f"#!{sys.executable}\nimport os\nos.environ['PATH'] = '/nowhere'\n{ABSENT}{RELEASE}"
    )
    program.chmod(0o755)
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "PATH": f"{program.parent}:/usr/bin:/bin", "COLUMNS": "200"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 checks, worth 3 points: all is well" in done.stdout
    assert (tmp_path / "course/release/hw1/student.zip").is_file()


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
def twice(f, x): return f(f(x))
def caught(f):
    try:
        f(0)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
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


def test_a_function_of_a_check_is_called_without_a_process_of_its_own(session):
    seen = []

    def remembered(x):
        seen.append(x)
        return 1 / x

    with session.student(seed=0, seconds=20) as student:
        f = student.function(remembered)
        assert student.m.twice(f, 4.0) == 4.0
        assert student.m.caught(f) == "ZeroDivisionError: division by zero"
        assert f.calls == 3
    assert seen == [4.0, 0.25, 0]
    with session.student(seed=0, seconds=20) as student, pytest.raises(CheckError, match="itself"):
        student.m.caught(lambda x: student.m.remember(x))


def test_a_function_that_takes_too_long_is_told_once_it_returns():
    functions = Functions()
    functions.add(time.sleep)
    helper = InProcessHelper(functions, 0.05, GraderClock())
    with pytest.raises(StudentTimeout, match="a callback did not return within"):
        helper.answer([0, [0.1], {}])


CALLS = (
    ABSENT
    + """
import sys
from pathlib import Path
from autograder.limits import Limits
from autograder.sandbox.plain_process import PlainProcess
from autograder.sandbox.session import StudentSession

with StudentSession(PlainProcess(), Path(sys.argv[1]), "pocket", Limits()) as session:
    with session.student(seed=0, seconds=20) as student:
        print(student.m.twice(lambda x: x + 1, 1))
"""
)


def test_a_function_of_a_check_needs_nothing_of_linux():
    with run_folder(MODULE) as run:
        done = subprocess.run(
            [sys.executable, "-c", CALLS, run], capture_output=True, text=True, check=False
        )
    assert (done.stdout, done.returncode) == ("3\n", 0), done.stderr
