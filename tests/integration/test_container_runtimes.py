"""A container runtime of this machine over a whole run. `test_walls` attacks single boxes."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from autograder.errors import SandboxUnavailable
from autograder.grading.batch import grade_jobs
from autograder.limits import Limits
from autograder.sandbox import Box, backend
from autograder.submissions.job import name_students
from tests.boxes import once, run_folder, session_on
from tests.tiny import STUBS, handed_in, tiny_harness


@pytest.fixture(scope="module", params=["podman", "docker"])
def runtime(request):
    try:
        backend(request.param)
    except SandboxUnavailable as error:
        pytest.skip(str(error))
    return request.param


def remaining(runtime):
    """Our containers that the runtime lists, and the conmon processes of our containers."""
    listed = [runtime, "ps", "--all", "--filter=name=plumb", "--format={{.Names}}"]
    done = subprocess.run(listed, capture_output=True, text=True, check=True)
    serving = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = process.joinpath("cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if words[0].endswith(b"conmon") and any(word.startswith(b"plumb-") for word in words):
            serving.append(process.name)
    return done.stdout.split() + serving


def nothing_left(runtime):
    deadline = time.monotonic() + 10
    while (found := remaining(runtime)) and time.monotonic() < deadline:
        time.sleep(0.2)
    return found == []


def test_one_container_serves_check_after_check(runtime):
    """A new container for each check would be safe too, but would take an hour for a class."""
    source = "def f():\n    open('/tmp/x', 'w').write('kept')\n    return 1\n"
    with session_on(source, box=runtime) as session:
        assert once(session, lambda s: s.m.f()) == 1
        (first,) = session._boxes.values()
        assert once(session, lambda s: s.m.f()) == 1
        assert list(session._boxes.values()) == [first]
    assert nothing_left(runtime)


def test_a_class_is_graded(runtime, tmp_path):
    harness = tiny_harness(tmp_path)
    handed_in(tmp_path / "class" / "alice")
    handed_in(tmp_path / "class" / "bob", STUBS, best=None)
    paths = sorted((tmp_path / "class").iterdir())
    jobs = name_students(paths)
    done = {d.job.student: d for d in grade_jobs(jobs, harness, runtime, tmp_path, workers=2)}
    assert {student: one.report.score for student, one in done.items()} == {"alice": 8, "bob": 0}
    assert done["alice"].report.sandbox.backend == runtime
    assert nothing_left(runtime)


class Stop(BaseException):
    """Raised as when a worker is told to stop."""


def stop(_number, _frame):
    raise Stop


@pytest.mark.parametrize("moment", [0.05, 0.12, 0.16, 0.2, 0.3, 0.45, 0.6])
def test_told_to_stop_while_a_container_is_made_nothing_is_left(runtime, moment):
    before = signal.signal(signal.SIGALRM, stop)
    pipes = len(os.listdir("/proc/self/fd"))
    try:
        with run_folder("") as run:
            signal.setitimer(signal.ITIMER_REAL, moment)
            try:
                box = Box(backend(runtime), run, "pocket", Limits())
                signal.setitimer(signal.ITIMER_REAL, 0)
                box.close()
            except Stop:
                pass
    finally:
        signal.signal(signal.SIGALRM, before)
    assert nothing_left(runtime)
    assert len(os.listdir("/proc/self/fd")) == pipes
