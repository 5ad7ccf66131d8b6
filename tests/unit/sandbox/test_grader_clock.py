"""The grader's clock: time in which the grader was stopped does not count."""

import pytest

from autograder.sandbox import grader_clock
from autograder.sandbox.grader_clock import GraderClock


class Time:
    """Stands for the module `time`; `now` passes, and `computed` of it the grader computed."""

    def __init__(self):
        self.now = self.computed = 100.0

    def monotonic(self):
        return self.now

    def thread_time(self):
        return self.computed


@pytest.fixture
def time(monkeypatch):
    time = Time()
    monkeypatch.setattr(grader_clock, "time", time)
    return time


def passed(time, seconds, computed=0.0):
    time.now += seconds
    time.computed += computed


def test_waiting_as_long_as_was_meant_counts(time):
    clock = GraderClock()
    started = clock.now()
    for _ in range(8):
        passed(time, 0.25)
        clock.tick(0.25)
    assert clock.now() - started == 2.0
    assert clock.overslept == 0


def test_computing_counts_however_long_it_takes(time):
    clock = GraderClock()
    passed(time, 50, computed=50)
    clock.tick()
    assert clock.overslept == 0


def test_a_busy_machine_is_no_stop(time):
    clock = GraderClock()
    passed(time, 0.6)
    clock.tick(0.25)
    assert clock.overslept == 0


def test_a_stop_between_two_ticks_does_not_count(time):
    clock = GraderClock()
    started = clock.now()
    passed(time, 3600.25)
    clock.tick(0.25)
    assert clock.overslept == 3600
    assert clock.now() - started == 0.25
    passed(time, 40, computed=10)
    clock.tick()
    assert clock.overslept == 3630


def test_what_the_grader_waits_for_between_two_series_of_ticks_is_no_stop(time):
    clock = GraderClock()
    passed(time, 20)
    clock.restart()
    clock.tick()
    assert clock.overslept == 0
