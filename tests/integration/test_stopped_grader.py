"""A grader that is stopped (SIGSTOP, a paused machine): honest work loses no point by it."""

import os
import random
import signal
import sys
import time

import pytest

from autograder.errors import StudentTimeout
from autograder.limits import Limits
from autograder.sandbox import grader_clock
from tests.boxes import once, session_on
from tests.processes import started, wait_until
from tests.tiny import ANSWERS, handed_in, tiny_harness

MODULE = """
    import time

    def after(seconds):
        time.sleep(seconds)
        return seconds

    def loop():
        while True: pass
"""


@pytest.fixture
def session():
    with session_on(MODULE) as session:
        once(session, lambda student: student.m.after(0))  # the box runs now
        yield session


def stops_for(session, seconds):
    """The grader is stopped in the next wait, and told afterwards that its time is over.

    So does epoll: if the process was stopped until after the timeout, it does not look again.
    """
    (box,) = session._boxes.values()
    wait = box._selector.select

    def select(timeout=None):
        box._selector.select = wait
        time.sleep(seconds)
        return []

    box._selector.select = select


def test_what_has_arrived_is_read_before_the_deadline_is_tested(session, monkeypatch):
    monkeypatch.setattr(grader_clock, "_LATE_S", 1000.0)  # the stop itself stays unseen

    def act(student):
        student.m.after(0)
        stops_for(session, 4)
        return student.m.after(0)

    assert once(session, act, seconds=2) == 0
    assert session.overslept == 0


def test_the_time_for_which_the_grader_was_stopped_does_not_count(session):
    def act(student):
        student.m.after(0)
        stops_for(session, 4)
        return student.m.after(5)

    assert once(session, act, seconds=3) == 5
    assert 3 < session.overslept < 4


def test_a_box_that_is_silent_is_no_stopped_grader(session):
    begun = time.monotonic()
    with pytest.raises(StudentTimeout):
        once(session, lambda student: student.m.loop(), seconds=2)
    assert session.overslept < 1
    assert time.monotonic() - begun < 20


#: Grades one submission again and again, and prints the score and the outcomes each time.
GRADER = """
import sys
from pathlib import Path

from autograder.grading.one_submission import grade
from autograder.harness import open_harness
from autograder.sandbox import backend
from autograder.submissions.submission import read_submission

folder = Path(sys.argv[1])
harness = open_harness(folder / "harness.zip", folder / "opened")
submission = read_submission(folder / "alice", harness)
box = backend("bubblewrap")
while True:
    report = grade(harness, submission, box)
    told = {check.id: check.message for check in report.checks if check.message}
    print(f"{report.score:g} of {report.points:g}", told, flush=True)
"""
SLOW = ANSWERS["ops.py"].replace("return", "time.sleep(0.3); return")


@pytest.mark.parametrize("stops", [4, pytest.param(100, marks=pytest.mark.long)])
def test_stops_at_random_moments_cost_honest_work_nothing(tmp_path, stops):
    """Each check may take 1.5 s and works for 0.3 s; most stops are longer than it may take."""
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    rng = random.Random(seed)
    tiny_harness(tmp_path, limits=Limits(seconds=1.5, timeouts=1))
    handed_in(tmp_path / "alice", ANSWERS | {"ops.py": f"import time\n\n{SLOW}"})
    output = tmp_path / "told"
    command = [sys.executable, "-c", GRADER, str(tmp_path)]

    def lines():
        return output.read_text().splitlines()

    with output.open("w") as file, started(command, stdout=file) as grader:
        assert wait_until(lines)
        for _ in range(stops):
            time.sleep(rng.uniform(0, 0.6))
            os.kill(grader.pid, signal.SIGSTOP)
            time.sleep(rng.choice([0.2, 1.6, 2.0]) + rng.uniform(0, 0.3))
            os.kill(grader.pid, signal.SIGCONT)
        graded = len(lines())
        assert wait_until(lambda: len(lines()) > graded)
        assert grader.poll() is None
    assert set(lines()) == {"8 of 8 {}"}
