"""A body of a check opens no file but the grader's own, and does not compute without end."""

import contextlib
import itertools
import json
import subprocess
import sys
import threading
import traceback
import warnings
from pathlib import Path

import numpy as np
import pytest

from autograder.core.grader_data import GraderData
from autograder.errors import CheckError, CpuTimeExceeded
from plumb import body_watch
from plumb.body_watch import bounded_body, no_files


@pytest.fixture
def held(tmp_path):
    """A folder of the grader's, with a file; another file lies beside it."""
    (tmp_path / "held").mkdir()
    for folder in (tmp_path, tmp_path / "held"):
        (folder / "a.csv").write_text("1\n2\n")
    return tmp_path / "held"


def run(body, held, *arguments):
    with no_files(body, held):
        return body(*arguments)


def opened(path):
    with open(path) as file:
        return file.read()


@pytest.mark.parametrize(
    "read",
    [
        opened,
        np.loadtxt,
        lambda path: Path(path).read_text(),
        lambda path: list(map(opened, [path])),
        lambda path: np.save(path, np.ones(2)),
    ],
)
def test_a_file_that_a_body_opens_is_refused_whatever_opens_it(read, held):
    def body(path):
        return read(path)

    with pytest.raises(CheckError, match=r"a\.csv\S*' is opened where the grader runs"):
        run(body, held, str(held.parent / "a.csv"))
    assert opened(held.parent / "a.csv") == "1\n2\n"


def test_what_the_grader_has_may_be_read_and_what_python_reads(held, tmp_path, monkeypatch):
    (tmp_path / "imported_by_a_body.py").write_text("x = 3\n")
    monkeypatch.syspath_prepend(tmp_path)

    def body(grader_data):
        import imported_by_a_body

        warnings.formatwarning("a warning shows its line", UserWarning, __file__, 1)
        try:
            raise ValueError
        except ValueError:
            traceback.format_exc()
        opened(json.__file__)
        np.loadtxt(grader_data.path("a.csv"))
        return grader_data.text("a.csv"), imported_by_a_body.x

    assert run(body, held, GraderData(held)) == ("1\n2\n", 3)


def test_another_thread_may_open_files_meanwhile(held):
    seen = []

    def body():
        other = threading.Thread(target=lambda: seen.append(opened(held.parent / "a.csv")))
        other.start()
        other.join()

    run(body, held)
    assert seen == ["1\n2\n"]


@pytest.mark.parametrize(("looks_at_waiting", "is_over"), [(5, False), (0, True)])
def test_waiting_for_the_box_does_not_count_without_a_processor_clock(
    looks_at_waiting, is_over, monkeypatch
):
    clock, looks = itertools.count(0, 10), []

    def asking():
        looks.append(len(looks) < looks_at_waiting)
        return looks[-1]

    monkeypatch.setattr(body_watch, "_processor_clock", lambda thread: None)
    monkeypatch.setattr(body_watch, "OWN_SECONDS", 35)
    monkeypatch.setattr(body_watch.time, "monotonic", lambda: next(clock))
    ends = pytest.raises(CpuTimeExceeded) if is_over else contextlib.nullcontext()
    with ends, bounded_body(asking):
        while len(looks) < looks_at_waiting + (100 if is_over else 2):
            pass


def test_the_bound_on_computing_leaves_nothing_behind():
    """An exception for a thread that was called off made CPython 3.11 stand still here."""
    code = (
        "import sys\n"
        "from plumb.body_watch import bounded_body\n"
        "with bounded_body(lambda: False):\n"
        "    pass\n"
        "def function():\n"
        "    print('done')\n"
        "sys.setprofile(lambda *_: None)\n"
        "function()\n"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "done\n"
