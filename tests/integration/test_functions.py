"""Functions as arguments of a student's code: called back in a box, without one, and by name."""

import math
import os
import select
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from autograder.core.compare import compare
from autograder.core.errors import CheckError, StudentError
from autograder.core.functions import FunctionUse
from autograder.core.local import local_student
from autograder.core.plain import plain
from autograder.core.tables import Table
from autograder.core.tolerances import EXACT
from autograder.errors import StudentKilled, StudentTimeout
from autograder.limits import Limits
from autograder.sandbox.plain_process import PlainProcess
from autograder.sandbox.session import StudentSession
from tests.boxes import run_folder, session_on

CODE = '''
import os, select, threading, time
import numpy as np
from autograder.box.wire import Message

kept = []


def bisection(f, low, high, eps):
    while high - low > eps:
        middle = (low + high) / 2
        if f(low) * f(middle) <= 0:
            high = middle
        else:
            low = middle
    return (low + high) / 2


def wrong(f, low, high, eps):
    return (low + high) / 2


def steps(f, low, high, eps):
    """Right, and calls far too often."""
    xs = np.linspace(low, high, 501).tolist()
    return min(xs, key=lambda x: abs(f(x)))


def call(f, *args, **kwargs):
    return f(*args, **kwargs)


def caught(f, *args):
    try:
        f(*args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def keep(f):
    kept.append(f)
    return f


def call_kept(x):
    return kept[0](x)


def both(pair, table):
    return pair[0](1.0) + pair[1](1.0) + table["f"](1.0)


def endless(f):
    n = 0
    while True:
        try:
            f(1.0)
        except RuntimeError:
            n += 1
            if n == 3:
                return n


class Solver:
    def __init__(self, f):
        self.f = f

    def solve(self):
        return self.f(3.0)


def name_of(f):
    return f"{f.__name__} {callable(f)}"


def in_thread(f):
    said = []
    thread = threading.Thread(target=lambda: said.append(caught(f, 1.0)))
    thread.start()
    thread.join()
    return said[0]


def same(f, g):
    return f is g


def integers(f):
    return f(np.int64(2)) + f(2) + f(np.arange(3)).sum()


def leaves_the_answer(f):
    calls = next(c.cell_contents for c in f.__closure__ if hasattr(c.cell_contents, "_call_back"))
    calls = calls._call_back
    calls._send(Message("function", calls.nonce, [0, [1.0], {}]))
    select.select([calls._receive.__self__._reading], [], [])
    calls._send(Message("value", calls.nonce, [1]))
    time.sleep(60)


def is_like(f, value):
    got = f(value)
    return type(got) is type(value) and bool(np.all(got == value))


def frame_of(f, frame):
    got = f(frame)
    return type(got["frame"]).__name__, got["mean"], got["names"]


def prints(f, x):
    print("f(x) =", f(x))


def plots(f):
    import matplotlib.pyplot as plt

    plt.plot([0.0, 1.0], [f(0.0), f(1.0)])


def of_a_generator(f):
    return caught(f, (n for n in range(3)))


def of_many(f):
    return caught(f, [1.0] * 100_001)


def slow_and_call(f):
    for _ in range(3):
        time.sleep(0.8)
        f(1.0)
    return 1


def types(f):
    return [type(f(x)).__name__ for x in (1, 1.0, np.float64(1), np.float32(1), np.ones(2), True)]
'''


GRADER = """
import time
from autograder.core.functions import Functions
from autograder.sandbox.function_helper import FunctionHelper
from autograder.sandbox.grader_clock import GraderClock

functions = Functions()
functions.add(lambda: time.sleep(120))
helper = FunctionHelper(functions, 120, GraderClock())
helper._start()
print(helper._pid, flush=True)
helper.answer([0, [], {}])
"""


def cube(x):
    return x**3 - 2


@pytest.fixture(scope="module")
def sessions():
    with (
        session_on(CODE) as walled,
        session_on(CODE, box="none") as bare,
        run_folder(CODE) as run,
        StudentSession(PlainProcess(), run, "pocket", Limits()) as plain,
    ):
        yield {"bubblewrap": walled, "none": bare, "plain process": plain}


@pytest.fixture(params=["bubblewrap", "none", "plain process", "local"])
def student_of(request, sessions, tmp_path, monkeypatch):
    """Makes students whose code runs in a box, in one without walls, without Linux, and here."""

    @contextmanager
    def make(use=None, seconds=20.0):
        if request.param != "local":
            with sessions[request.param].student(seed=0, seconds=seconds, use=use) as student:
                yield student
            return
        with run_folder(CODE) as run:
            monkeypatch.syspath_prepend(run / "package")
            for name in ("pocket", "pocket.m"):
                monkeypatch.delitem(sys.modules, name, raising=False)
            yield local_student("pocket", 0, use=use)

    return make


def test_a_function_of_a_check_is_called_back(student_of):
    with student_of() as student:
        f = student.function(lambda x: x**3 - 2)
        root = student.m.bisection(f, 0, 2, 1e-9)
        again = student.m.bisection(lambda x: x**3 - 2, 0, 2, 1e-9)
        assert f(2) == 6
        use = student.function_use
    assert abs(root - 2 ** (1 / 3)) < 1e-8
    assert again == root
    assert f.calls == 62
    assert use == FunctionUse(124, {"number": 64, "values": 1})


def test_a_wrong_root_and_too_many_calls_are_seen(student_of):
    with student_of(FunctionUse(62, {"number": 64, "values": 1})) as student:
        f = student.function(cube)
        assert student.m.wrong(f, 0, 2, 1e-9) == 1
        assert f.calls == 0
        student.m.steps(f, 0, 2, 1e-9)
        assert f.calls == 501


def test_functions_of_numpy_and_math_go_by_name(student_of):
    with student_of() as student:
        assert student.m.call(np.sin, 0.5) == np.sin(0.5)
        assert student.m.call(math.gamma, 5) == 24
        assert student.m.call(np.linalg.norm, np.array([3.0, 4.0])) == 5
        assert student.m.name_of(np.sin) == "sin True"
        assert student.function_use.calls == 0


def test_a_function_in_a_list_or_dictionary_and_one_that_is_kept(student_of):
    with student_of() as student:
        out = student.m.both([lambda x: x, np.cos], {"f": lambda x: x + 10})
        assert out == 1 + np.cos(1.0) + 11
        f = student.function(cube)
        given = student.m.keep(f)
        assert student.m.call_kept(2.0) == 6
        assert student.m.call(given, 3.0) == 25
        solver = student.m.Solver(f)
        assert solver.solve() == 25
        assert student.m.same(f, cube)
        assert f.calls == 3


def test_an_exception_of_the_function_counts_as_the_students(student_of):
    class OwnError(ZeroDivisionError):
        pass

    def raises(error):
        def function(x):
            raise error

        return function

    with student_of() as student:
        with pytest.raises(StudentError) as caught:
            student.m.call(lambda x: 1 / x, 0)
        assert caught.value.kind == "ZeroDivisionError"
        assert (
            caught.value.traceback.rstrip().splitlines()[-2].strip().startswith(("return f(", "^"))
        )
        assert student.m.caught(raises(OwnError("zero")), 1) == "ZeroDivisionError: zero"
        assert student.m.caught(raises(KeyError("k")), 1) == "KeyError: 'k'"
        assert student.m.caught(raises(np.linalg.LinAlgError("singular")), 1) == (
            "ValueError: singular"
        )
        assert "object" in student.m.caught(lambda x: object(), 1)
        assert student.m.caught(lambda x: x, 1, 2).startswith("TypeError: ")


def test_arguments_are_plain_values_of_the_kinds_that_the_reference_sent(student_of):
    numbers = FunctionUse(1, {"number": 64, "values": 1})
    with student_of(numbers) as student:
        assert "array" in student.m.caught(cube, np.ones(2))
        assert "object" in student.m.caught(cube, student.m.Solver(1)) or "Solver" in (
            student.m.caught(cube, student.m.Solver(1))
        )
        assert "text" in student.m.caught(cube, "x")
        assert student.m.call(cube, np.float32(2)) == 6
    arrays = FunctionUse(1, {"array": 3, "number": 64, "values": 1})
    with student_of(arrays) as student:
        assert student.m.integers(np.negative) == -7
        assert student.m.integers(lambda x: -x) == -7
        assert np.array_equal(student.m.call(cube, np.ones(1000)), -np.ones(1000))
        assert "large" in student.m.caught(cube, np.ones(1001))
    with student_of(FunctionUse()) as student:
        assert student.m.caught(cube, 1).startswith("TypeError: ")


def test_a_value_keeps_its_type(student_of):
    with student_of() as student:
        types = list(student.m.types(lambda x: x))
    assert types == ["int", "float", "float64", "float32", "ndarray", "bool"]


VALUES = [
    1 << 70, 1 + 2j, Decimal("1.50"), Fraction(1, 3), b"ab", "text", None, True, range(10**30),
    date(2024, 2, 29), datetime(2024, 2, 29, 12), timedelta(days=-1), np.datetime64("2024-02-29"),
    np.array(["a", "bc"]), {1, 2}, frozenset({"a"}), {(1, 2): [3.0, (None,)], 4: {"x": {5}}},
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_callback_takes_and_returns_a_value_of_every_kind(sessions, value):
    """The second student is one whose reference sent the same."""
    seen = []

    def same(given):
        seen.append(given)
        return given

    use = None
    for _ in range(2):
        with sessions["plain process"].student(seed=0, seconds=20, use=use) as student:
            assert student.m.is_like(same, value)
            use = student.function_use
    assert use.calls == 1
    assert len(seen) == 2
    assert compare(seen[0], plain(value), EXACT).share == 1
    with sessions["bubblewrap"].student(seed=0, seconds=20, use=use) as student:
        assert student.m.is_like(lambda given: given, value)


def test_a_table_is_one_of_pandas_in_the_students_code_alone(student_of):
    frame = pd.DataFrame({"x": [1.5, 2.5], "name": ["a", "b"]})

    def mean(table):
        assert type(table) is Table
        return {"mean": float(np.mean(table["x"])), "frame": frame, "names": table.names}

    with student_of() as student:
        assert student.m.frame_of(mean, frame) == ("DataFrame", 2.0, ["x", "name"])


def test_a_callback_is_called_while_something_else_than_a_result_is_asked_for(student_of):
    with student_of() as student:
        assert student.printed(student.m.prints, cube, 2) == "f(x) = 6\n"
        raised = student.raises(student.m.call, lambda x: 1 / x, 0)
        assert (raised, raised.text) == ("ZeroDivisionError", "division by zero")
        assert student.raises(student.m.call, cube, 0) == "nothing"
        figure = student.figure(student.m.plots, cube)
        assert list(figure.axes[0].lines[0].y) == [-2, -1]
        assert student.function_use.calls == 5


def test_what_is_inside_of_containers_counts(student_of):
    with student_of(FunctionUse(1, {"set": 3, "dictionary": 1, "text": 1, "values": 9})) as student:
        f = student.function(lambda value: None)
        assert student.m.caught(f, {"a"}) is None
        assert ": number; it takes these: " in student.m.caught(f, {1})
        assert ": number; " in student.m.caught(f, {1: "a"})
        assert student.m.caught(f, {"x" * 2000}).endswith("so large a value: text")
        assert "plain values, not a generator" in student.m.of_a_generator(f)
        assert "more than 100000 values" in student.m.of_many(f)
    with student_of(FunctionUse(1, {"table": 2, "values": 3})) as student:
        f = student.function(lambda table: None)
        assert student.m.caught(f, pd.DataFrame({"x": ["a"]}, index=[7])) is None
        assert "so large a value: table" in student.m.caught(f, pd.DataFrame({"x": range(10**5)}))
        assert ": none; " in student.m.caught(f, pd.Series([(1, 2), None]))


def test_calls_have_a_maximum(student_of):
    with student_of(FunctionUse(2, {"number": 64, "values": 1})) as student:
        f = student.function(cube)
        assert student.m.endless(f) == 3
        assert f.calls == 1000


def test_a_function_that_asks_for_the_students_code_breaks_the_check(student_of):
    def nested(x):
        try:
            return student.m.call(np.sin, x)
        except Exception:
            return 0.0

    with student_of() as student, pytest.raises(CheckError) as caught:
        student.m.caught(nested, 1.0)
    assert str(caught.value).startswith(f"{__file__}:{nested.__code__.co_firstlineno}: ")


def test_a_function_sees_the_variables_of_the_check_as_they_are(student_of):
    with student_of() as student:
        a = 2
        f = student.function(lambda x: a * x)
        first = student.m.call(f, 1)
        a = 3
        assert (first, student.m.call(f, 1)) == (2, 3)


@pytest.mark.parametrize("box", ["bubblewrap", "none"])
class TestInABox:
    def test_the_students_clock_stands_still_while_a_function_computes(self, sessions, box):
        def slow(x):
            time.sleep(1.2)
            return x

        # Together they take longer than that; each alone has some seconds to spare.
        with sessions[box].student(seed=0, seconds=5.0) as student:
            assert student.m.slow_and_call(slow) == 1

    def test_the_time_of_a_function_is_bounded(self, sessions, box):
        with (
            sessions[box].student(seed=0, seconds=0.5) as student,
            pytest.raises(StudentTimeout, match="a callback"),
        ):
            student.m.call(lambda n: 2**n, 1 << 40)
        with sessions[box].student(seed=0, seconds=5) as student:
            assert student.m.call(cube, 2) == 6

    def test_the_memory_of_a_function_is_bounded(self, sessions, box):
        with sessions[box].student(seed=0, seconds=20) as student:
            assert student.m.caught(lambda n: [0] * n, 1 << 40) == "MemoryError: "
            assert student.m.caught(lambda n: np.ones(n), 1 << 28).startswith("MemoryError")

    def test_a_function_that_crashes_ends_the_box(self, sessions, box):
        def crash(x):
            os.kill(os.getpid(), signal.SIGSEGV)

        with sessions[box].student(seed=0, seconds=5) as student, pytest.raises(StudentKilled):
            student.m.caught(crash, 1.0)

    def test_no_other_thread_of_the_students_code_calls_a_function(self, sessions, box):
        with sessions[box].student(seed=0, seconds=5) as student:
            f = student.function(cube)
            assert "another thread" in student.m.in_thread(f)
            assert f.calls == 0

    def test_the_process_of_a_function_reaches_nothing(self, sessions, box, tmp_path):
        file = tmp_path / "secret"
        file.write_text("secret")

        def reads(x):
            return file.read_text()

        def writes(x):
            return str(os.mkdir(tmp_path / "made"))

        def looks(x):
            return [*map(int, os.environ), os.getppid()]

        with sessions[box].student(seed=0, seconds=5) as student:
            assert student.m.caught(reads, 1).startswith("OSError")
            assert student.m.caught(writes, 1).startswith("PermissionError")
            assert list(student.m.call(looks, 1)) == [os.getpid()]
        assert [path.name for path in tmp_path.iterdir()] == ["secret"]


def test_an_answer_that_was_not_read_is_not_left_for_the_next_check(sessions):
    session = sessions["bubblewrap"]
    with session.student(seed=0, seconds=20) as student:
        assert student.m.leaves_the_answer(cube) == 1
    with session.student(seed=0, seconds=20) as student:
        assert student.m.call(cube, 2.0) == 6


def test_the_process_of_a_function_ends_with_the_grader():
    with subprocess.Popen(
        [sys.executable, "-c", GRADER], stdout=subprocess.PIPE, text=True
    ) as grader:
        helper = os.pidfd_open(int(grader.stdout.readline()))
        try:
            assert not select.select([helper], [], [], 0)[0]
            grader.kill()
            assert select.select([helper], [], [], 20)[0]
        finally:
            os.close(helper)


def test_no_process_and_no_descriptor_of_a_function_is_left(sessions):
    session = sessions["bubblewrap"]
    with session.student(seed=0, seconds=20) as student:
        student.m.call(cube, 2.0)
        before = sorted(os.listdir("/proc/self/fd"))
        for _ in range(3):
            student.m.call(cube, 2.0)
        assert sorted(os.listdir("/proc/self/fd")) == before
        children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
        names = [Path(f"/proc/{child}/cmdline").read_bytes() for child in children]
        assert Path("/proc/self/cmdline").read_bytes() not in names
