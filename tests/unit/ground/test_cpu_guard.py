"""The grader's own processor time for a submission is limited."""

import subprocess
import sys
import time

import pytest

from autograder.cpu_guard import ENDED_BY, limited_cpu_time
from autograder.errors import CpuTimeExceeded
from tests.unheard import UNHEARD

pytestmark = pytest.mark.filterwarnings(UNHEARD)


def compute():
    while True:
        sum(range(1000))


def test_computing_is_stopped_and_waiting_is_not():
    with limited_cpu_time(0.2):
        time.sleep(0.5)
    with pytest.raises(CpuTimeExceeded, match=r"more than 0\.2 s"), limited_cpu_time(0.2):
        compute()


def test_what_is_caught_on_its_way_is_raised_again():
    with pytest.raises(CpuTimeExceeded), limited_cpu_time(0.1):  # noqa: PT012  the second one must come out
        try:
            compute()
        except CpuTimeExceeded:
            compute()


def test_it_waits_while_it_would_do_harm():
    started = time.process_time()
    with (
        pytest.raises(CpuTimeExceeded),
        limited_cpu_time(0.1, lambda: time.process_time() - started < 0.5),
    ):
        compute()
    assert time.process_time() - started >= 0.5


def test_a_single_call_that_no_exception_interrupts_ends_the_process():
    code = (
        "from autograder import cpu_guard\n"
        "cpu_guard.GRACE_S = 0.3\n"
        "with cpu_guard.limited_cpu_time(0.1):\n"
        "    sum(range(10**15))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, timeout=60)
    assert done.returncode == -ENDED_BY


def test_nothing_is_left_of_it():
    with limited_cpu_time(0.1):
        pass
    until = time.process_time() + 0.3
    while time.process_time() < until:
        sum(range(1000))
