"""The runner in a real box: values, ends of checks, what is cleaned up, what is isolated."""

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from autograder.core.errors import StudentError, StudentFault
from autograder.errors import BoxError, StudentKilled, StudentTimeout
from autograder.limits import Limits
from autograder.records import Enforcement
from autograder.sandbox import backend
from autograder.sandbox.box import Box
from autograder.sandbox.box_process import BoxProcess
from autograder.sandbox.cgroups import find_group_maker
from autograder.sandbox.environment import box_environment
from autograder.sandbox.session import StudentSession
from autograder.sandbox.unprivileged import closed_parent, run_as
from tests.boxes import once, processes_of, run_folder, session_on

ROOT = Path(__file__).parents[2]
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")

MODULE = """
import ctypes, os, pathlib, resource, signal, subprocess, sys, threading, time
import numpy as np

home = os.environ["HOME"]
libc = ctypes.CDLL(None)

def same(x): return x
def twice(x): return 2 * x
def type_of(x): return type(x).__name__
def zeros_of(dtype): return np.zeros(3, dtype)
def spoil(x): x[...] = 7
def fail(): raise ValueError("no")
def odd_text(): return "\\ud800 \\0 \\x1b[31m \\u202e"
def odd_error(): raise type("\\udcffError", (Exception,), {})("\\udcff" * 100_000)
def long_double(): return np.longdouble(1)
def big(): return 10 ** 5000
def huge(): return np.zeros(10 << 20)
class Liar(int):
    def __int__(self): return 4
    __index__ = __int__
def liar(): return Liar(3)

def interrupt(): raise KeyboardInterrupt
def kill(number): os.kill(os.getpid(), number)
def stop_everyone():
    os.kill(-1, signal.SIGSTOP)
    return 1
def loop():
    while True: pass
def close_streams():
    for number in (0, 1, 2): os.close(number)
    return "quiet"
def write_everywhere(text):
    for number in range(3, 128):
        try: os.write(number, text.encode("latin-1"))
        except OSError: pass
    return 1
def write_later():
    def write():
        time.sleep(0.2)
        print("late")
        write_everywhere("PLM1 and more")
    threading.Thread(target=write).start()
def answer_twice(): os.fork()

def daemon():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            time.sleep(300)
        os._exit(0)
    time.sleep(0.05)
    return 1
def fork_bomb():
    made = 0
    try:
        while made < 1000:
            if os.fork() == 0: time.sleep(300)
            made += 1
    except OSError:
        pass
    return made
def thread_bomb():
    made = 0
    try:
        while made < 1000:
            threading.Thread(target=time.sleep, args=(300,), daemon=True).start()
            made += 1
    except RuntimeError:
        pass
    return made
def pids(): return tuple(sorted(int(name) for name in os.listdir("/proc") if name.isdigit()))

def read(path): return pathlib.Path(path).read_text(errors="replace")
def write(path): return pathlib.Path(path).write_text("left")
def exists(path): return os.path.lexists(path)
def listing(path): return tuple(sorted(os.listdir(path)))
def fill(path, mebibytes):
    with open(path, "wb") as file:
        for _ in range(mebibytes): file.write(bytes(1 << 20))
def locked_folder():
    os.makedirs(home + "/a/b")
    write(home + "/a/b/c")
    os.chmod(home + "/a/b", 0)
    os.chmod(home + "/a", 0)
def deep_folder():
    os.chdir(home)
    for _ in range(3000 if home == "/tmp" else 300):  # the bare process's folder is on a disk
        os.mkdir("d")
        os.chdir("d")
def share(create): return libc.shmget(4711, 4096, (0o1000 if create else 0) | 0o600) >= 0
def environment(): return repr(sorted(os.environ))
def open_files():
    found = ""
    for name in os.listdir("/proc/self/fd"):
        try: found += os.readlink(f"/proc/self/fd/{name}") + " "
        except OSError: pass
    return found
def user(): return os.getuid(), os.getgid()
def raise_limit(): resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
def new_namespace():
    return subprocess.run(["unshare", "-U", "true"], capture_output=True).returncode
def origin(name): return getattr(sys.modules[name], "__file__", None) or ""
"""


@pytest.fixture(scope="module")
def session():
    with session_on(MODULE, limits=Limits(answer_mb=64)) as session:
        yield session


@pytest.fixture(params=["bubblewrap", "none"])
def either(request):
    with session_on(MODULE, box=request.param) as session:
        yield session


def works(session):
    return once(session, lambda s: s.m.twice(21)) == 42


# --- what crosses ---------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(0,), (0, 3072), (2, 0, 100_000), ()])
def test_empty_arrays_cross(session, shape):
    actual = once(session, lambda s: s.m.same(np.zeros(shape, np.float32)))
    assert (actual.shape, actual.dtype) == (shape, np.float32)


def test_a_large_array_crosses_both_ways(session):
    x = np.arange(3e6)
    assert np.array_equal(once(session, lambda s: s.m.twice(x)), 2 * x)
    assert np.array_equal(once(session, lambda s: s.m.twice(x.reshape(-1, 3).T)).T.ravel(), 2 * x)


@pytest.mark.parametrize(
    "number", [np.float32(1.5), np.float64(2.5), np.int64(3), np.bool_(True), 2.5, 2, True]
)
def test_a_number_keeps_its_type(session, number):
    assert once(session, lambda s: s.m.type_of(number)) == type(number).__name__


@pytest.mark.parametrize("dtype", [np.float32, np.int64, "float64"])
def test_a_dtype_can_be_given_as_numpy_names_it(session, dtype):
    assert once(session, lambda s: s.m.zeros_of(dtype)).dtype == dtype


def test_a_handle_shows_what_was_changed_in_place(session):
    with session.student(seed=0, seconds=20) as student:
        x = student.put(np.zeros(3))
        student.m.spoil(x)
        assert student.get(x).tolist() == [7, 7, 7]


def test_odd_text_arrives_as_text_that_can_be_written(session):
    assert once(session, lambda s: s.m.odd_text()).startswith("\\ud800 \0")
    with pytest.raises(StudentError) as info:
        once(session, lambda s: s.m.odd_error())
    for text in (info.value.kind, info.value.message, info.value.traceback):
        assert len(text.encode()) < 20_000


@pytest.mark.parametrize("name", ["long_double", "big"])
def test_a_result_that_cannot_cross_is_the_students_error(session, name):
    with pytest.raises(StudentError, match=r"TypeError|OverflowError: an integer of more"):
        once(session, lambda s: getattr(s.m, name)())


def test_a_number_cannot_lie_about_its_value(session):
    assert once(session, lambda s: s.m.liar()) == 3


def test_an_exception_does_not_end_the_check(session):
    with session.student(seed=0, seconds=20) as student:
        with pytest.raises(StudentError, match="ValueError: no") as info:
            student.m.fail()
        assert "runner" not in info.value.traceback
        assert student.m.twice(4) == 8


@pytest.mark.parametrize("act", [lambda s: s.m.missing(1), lambda s: s.nowhere.missing(1)])
def test_what_is_not_defined_is_an_attribute_error(session, act):
    with pytest.raises(StudentError) as info:
        once(session, act)
    assert info.value.kind == "AttributeError"


def test_a_module_may_exit_when_it_is_imported():
    with (
        session_on("import sys; sys.exit(3)") as session,
        pytest.raises(StudentError, match="SystemExit: 3"),
    ):
        once(session, lambda s: s.m.f())


# --- how a check ends -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "words", "limit"),
    [
        (lambda s: s.m.kill(6), "SIGABRT", False),
        (lambda s: s.m.kill(9), "killed", True),
        (lambda s: s.m.kill(24), "limit", True),
        (lambda s: s.m.interrupt(), "SIGINT", False),
        (lambda s: s.m.huge(), "over 64 MiB", True),
    ],
    ids=["abort", "kill", "cpu", "interrupt", "huge"],
)
def test_an_end_is_told_and_costs_no_other_check(session, act, words, limit):
    with pytest.raises(StudentKilled, match=words) as info:
        once(session, act)
    assert info.value.limit is limit
    assert works(session)


def test_a_stopped_runner_costs_a_few_seconds_at_most(session):
    begun = time.monotonic()
    with contextlib.suppress(StudentError):
        once(session, lambda s: s.m.stop_everyone())
    assert works(session)
    assert time.monotonic() - begun < 8


def test_the_checks_own_time_is_not_the_students(session):
    with session.student(seed=0, seconds=0.5) as student:
        student.m.twice(1)
        time.sleep(0.7)
        assert student.m.twice(1) == 2
        with pytest.raises(StudentTimeout):
            student.m.loop()


@pytest.mark.parametrize(
    "text",
    ["garbage", "PLM1" + "\0" * 12, "PLM1" + "\xff" * 12, "\0" * 1000, "x" * 60_000],
    ids=["text", "empty frame", "endless frame", "zeros", "much"],
)
def test_garbage_on_every_descriptor_is_the_students_loss_alone(session, text):
    def act(student):
        student.m.write_everywhere(text)
        student.m.twice(1)

    with pytest.raises(StudentKilled):
        once(session, act)
    assert works(session)


def test_what_is_written_after_the_last_answer_stays_with_its_check(session):
    with session.student(seed=0, seconds=5) as student:
        student.m.write_later()
        time.sleep(0.5)
    assert "late" in session.output
    assert works(session)
    assert session.output == ""


def test_a_second_answer_is_against_the_protocol(session):
    def act(student):
        student.m.answer_twice()
        time.sleep(0.2)
        student.m.twice(1)

    with pytest.raises(StudentKilled, match="protocol"):
        once(session, act)
    assert works(session)


def test_closed_streams_harm_nothing(session):
    assert once(session, lambda s: s.m.close_streams()) == "quiet"
    assert works(session)


@pytest.mark.parametrize("name", ["fork_bomb", "thread_bomb"])
def test_processes_and_threads_are_bounded_and_swept_away(session, name):
    assert once(session, lambda s: getattr(s.m, name)()) < Limits().processes
    # The runner, which is the first process of the namespace, and the check's process.
    assert len(once(session, lambda s: s.m.pids())) == 2


# --- nothing is carried over, nothing is left -----------------------------------------------


def test_a_daemon_that_holds_the_pipes_ends_with_its_check(either):
    begun = time.monotonic()
    assert once(either, lambda s: s.m.daemon()) == 1
    assert works(either)
    assert time.monotonic() - begun < 5


def test_files_in_the_home_folder_are_gone(either):
    home = once(either, lambda s: s.get(s.m.home))
    once(either, lambda s: s.m.write(f"{home}/left"))
    assert once(either, lambda s: s.m.exists(f"{home}/left")) is False


@pytest.mark.parametrize("name", ["locked_folder", "deep_folder"])
def test_folders_that_resist_are_gone_too(either, name):
    once(either, lambda s: getattr(s.m, name)())
    assert once(either, lambda s: s.m.listing(s.get(s.m.home))) == ()


def test_shared_memory_of_system_v_is_not_to_be_had(session):
    assert once(session, lambda s: s.m.share(True)) is False


@pytest.mark.parametrize("box", ["bubblewrap", "none"])
@pytest.mark.parametrize("ending", ["a check", "a timeout"])
def test_no_process_is_left(box, ending):
    with run_folder(MODULE) as run:
        with StudentSession(backend(box), run, "pocket", Limits()) as session:
            if ending == "a check":
                once(session, lambda s: s.m.daemon())
                assert processes_of(run)
            else:
                once(session, lambda s: s.m.twice(1))
                with session.student(seed=0, seconds=2) as student:
                    student.m.daemon()
                    assert len(processes_of(run)) >= 3
                    with pytest.raises(StudentTimeout):
                        student.m.loop()
        assert processes_of(run) == set()


@pytest.mark.parametrize(
    "moment", [(BoxProcess, "_first_process"), (Box, "_expect")], ids=["early", "late"]
)
def test_a_box_that_is_interrupted_while_it_starts_is_ended(monkeypatch, moment):
    def interrupted(*_):
        raise SystemExit

    with run_folder(MODULE) as run:
        monkeypatch.setattr(*moment, interrupted)
        with pytest.raises(SystemExit):
            Box(backend("bubblewrap"), run, "pocket", Limits())
        assert processes_of(run) == set()


def test_no_descriptor_is_left():
    def use():
        with session_on(MODULE) as session:
            for act in (lambda s: s.m.twice(1), lambda s: s.m.kill(9), lambda s: s.m.fail()):
                with contextlib.suppress(StudentFault):
                    once(session, act)

    use()
    before = len(os.listdir("/proc/self/fd"))
    use()
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_session_can_be_closed_twice_and_used_again():
    with session_on(MODULE) as session:
        assert works(session)
        session.close()
        session.close()
        assert works(session)


# --- the walls ------------------------------------------------------------------------------


def test_only_little_of_the_disk_is_there(session):
    # Empty folders lead to the interpreter.
    prefixes = (sys.prefix, sys.base_prefix, os.path.realpath(sys.prefix))
    top = set(once(session, lambda s: s.m.listing("/"))) - {Path(p).parts[1] for p in prefixes}
    assert not top & {"boot", "etc", "home", "media", "mnt", "root", "run", "srv", "sys", "var"}
    ours = "/submission/box_modules/autograder"
    rooms = once(session, lambda s: s.m.listing(ours))
    assert set(rooms) == {"__init__.py", "__pycache__", "box", "core"}
    modules = once(session, lambda s: s.m.listing(f"{ours}/box"))
    bytecode = once(session, lambda s: s.m.listing(f"{ours}/box/__pycache__"))
    assert {name.partition(".")[0] + ".py" for name in bytecode} == set(modules) - {"__pycache__"}
    with pytest.raises(StudentError):
        once(session, lambda s: s.m.read(__file__))


@pytest.mark.parametrize(
    "path",
    ["/x", "/usr/x", "/dev/x", "/submission/x", "/submission/package/pocket/m.py",
     "/submission/box_modules/autograder/box/wire.py", "/proc/sys/kernel/hostname", "/proc/1/mem",
     "/proc/2/mem", "/proc/self/oom_score_adj"],
)  # fmt: skip
def test_nothing_but_the_scratch_folders_can_be_written(session, path):
    with pytest.raises(StudentError):
        once(session, lambda s: s.m.write(path))


@pytest.mark.parametrize(("folder", "files"), [("/tmp", 2), ("/dev/shm", 1)])
def test_the_scratch_folders_have_an_end(session, folder, files):
    with pytest.raises(StudentError, match="OSError"):
        once(session, lambda s: [s.m.fill(f"{folder}/{n}", 50) for n in range(files)])


def test_nothing_of_our_own_is_told(session, monkeypatch):
    monkeypatch.setenv("CANARY", "x")
    with (
        run_folder(MODULE) as run,
        StudentSession(backend("bubblewrap"), run, "pocket", Limits()) as fresh,
    ):
        assert "CANARY" not in once(fresh, lambda s: s.m.environment())
        with pytest.raises(StudentError, match="PermissionError"):
            once(fresh, lambda s: s.m.read("/proc/1/environ"))
        assert str(run) not in once(fresh, lambda s: s.m.read("/proc/1/cmdline"))
        # Pipes and /dev/null: no file, no memory, no socket of ours.
        opened = once(fresh, lambda s: s.m.open_files()).split()
        assert {name.partition(":")[0] for name in opened} <= {"pipe", "/dev/null"}


def test_nobody_is_anybody_and_cannot_change_that(session):
    assert once(session, lambda s: s.m.user()) == (65534, 65534)
    assert once(session, lambda s: s.m.new_namespace()) != 0
    with pytest.raises(StudentError):
        once(session, lambda s: s.m.raise_limit())


def test_no_process_of_a_box_is_roots():
    with (
        run_folder(MODULE) as run,
        StudentSession(backend("bubblewrap"), run, "pocket", Limits()) as session,
    ):
        assert works(session)
        owners = {Path(f"/proc/{pid}/status").read_text() for pid in processes_of(run)}
        users = {line for text in owners for line in text.splitlines() if line.startswith("Uid:")}
        assert users
        assert "Uid:\t0\t0\t0\t0" not in users


SHADOWS = dict.fromkeys(
    ("autograder/__init__.py", "autograder/box/wire.py", "numpy/__init__.py", "IPython.py",
     "usercustomize.py", "msgspec/__init__.py", "traitlets.py"),
    "raise SystemExit('shadowed')\n",
)  # fmt: skip


@pytest.mark.parametrize("box", ["bubblewrap", "none"])
def test_packages_of_a_submission_never_replace_ours(box):
    cells = {"N": {"c": "import json, numpy\nx = json.dumps(1)"}}
    with session_on(MODULE, box=box, files=SHADOWS, notebooks=cells) as session:
        assert once(session, lambda s: s.notebook("N").x) == "1"
        for name in ("numpy", "msgspec", "autograder.box.wire"):
            assert "/package/" not in once(session, lambda s, n=name: s.m.origin(n))


# --- starting -------------------------------------------------------------------------------


def test_an_installed_package_is_not_graded_in_the_place_of_the_submission():
    with (
        run_folder(files={"json/__init__.py": ""}) as run,
        StudentSession(backend("bubblewrap"), run, "json", Limits()) as session,
        pytest.raises(BoxError, match="json is installed"),
    ):
        once(session, lambda s: s.decoder.JSONDecoder())


def test_a_box_starts_whatever_our_umask_is():
    before = os.umask(0o077)
    try:
        with session_on(MODULE) as session:
            assert works(session)
    finally:
        os.umask(before)


@pytest.mark.parametrize("box", ["bubblewrap", "none"])
def test_a_box_that_died_between_two_checks_is_replaced(box):
    with (
        run_folder(MODULE) as run,
        StudentSession(backend(box), run, "pocket", Limits()) as session,
    ):
        assert works(session)
        for pid in processes_of(run):
            os.kill(pid, 9)
        assert works(session)


@AS_ROOT
def test_forbidden_namespaces_are_named_with_what_to_do():
    code = "from autograder.sandbox import backend; backend('bubblewrap')"
    # In a namespace that allows no further ones, as on a hardened machine.
    inside = [
        "bwrap",
        "--dev-bind",
        "/",
        "/",
        "--unshare-user",
        "--disable-userns",
        "--uid",
        "1000",
    ]
    done = subprocess.run(
        [*inside, sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "SandboxUnavailable: bubblewrap cannot make a sandbox here" in done.stderr
    assert "max_user_namespaces" in done.stderr
    assert "--sandbox none" in done.stderr


ORDINARY = """
from tests.boxes import once, session_on
with session_on("def f(): return 1") as session:
    assert once(session, lambda s: s.m.f()) == 1
    print("it", "works")
"""


@AS_ROOT
def test_an_ordinary_user_needs_no_root():
    if closed_parent(ROOT / "x") is not None:
        pytest.skip("this clone is closed to other users")
    done = subprocess.run(
        [sys.executable, "-B", "-c", ORDINARY], cwd=ROOT, env={"PATH": os.environ["PATH"]},
        capture_output=True, text=True, check=False, **run_as(61001),
    )  # fmt: skip
    assert "it works" in done.stdout, done.stderr


def test_the_limits_are_told_with_what_enforces_them():
    described = backend("bubblewrap").describe(Limits(data_mb=77, memory_mb=99))
    assert described["memory of a process"] == Enforcement(True, "77 MiB; by rlimit")
    if find_group_maker() is None:
        assert not described["memory of the box"].enforced
    else:
        assert described["memory of the box"].by.startswith("99 MiB; by cgroup v")
    assert "seccomp" in described["system calls"].by
    described = backend("none").describe(Limits())
    for limit in ("files", "network", "processes", "memory of the box", "system calls"):
        assert not described[limit].enforced


def test_numpy_does_not_warn_of_the_instruction_set_asked_for():
    run = [sys.executable, "-W", "error", "-c", "import numpy"]
    subprocess.run(run, env=box_environment("/tmp"), check=True)


# --- notebooks ------------------------------------------------------------------------------

CELLS = {
    "magics": "%nosuch\n%matplotlib inline\n%load_ext autoreload\n%autoreload 2\n!ls\nmagic = 1",
    "captured": "files = !ls",
    "timed": "%%time\nspan = 5",
    "timed_line": "%time lap = 7",
    "foreign": "%%nosuch\n<b>no Python</b>",
    "asks": "answer = input('?')",
    "broken": "before = 1\nratio = 1 / 0",
    "imports": "from errno import no_such_name, EPERM",
    "syntax": "def unparsed(:\n    pass",
    "todo": "rate = None\nraise NotImplementedError('TODO: rate')",
    "stub": "def best():\n    raise NotImplementedError('TODO: best')",
    "leaves": "import sys\nsys.exit(3)",
    "interrupts": "raise KeyboardInterrupt",
    "late": "def inverse(x):\n    return 1 / x\nlast = 9",
}


@pytest.fixture(scope="module")
def notebook():
    with (
        session_on(notebooks={"N": CELLS}) as session,
        session.student(seed=0, seconds=60) as student,
    ):
        yield student.notebook("N")
    for text in ("\x1b", "Traceback"):
        assert text not in session.output


@pytest.mark.parametrize(
    ("name", "value"),
    [("magic", 1), ("files", []), ("span", 5), ("lap", 7), ("before", 1), ("rate", None),
     ("last", 9), ("EPERM", 1)],
)  # fmt: skip
def test_cells_run_whatever_other_cells_and_magics_do(notebook, name, value):
    assert getattr(notebook, name) == value


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("answer", "cell asks raised EOFError"),
        ("no_such_name", "cell imports raised ImportError"),
        ("ratio", "cell broken raised ZeroDivisionError"),
        ("unparsed", "cell syntax raised SyntaxError"),
    ],
)
def test_a_missing_name_is_blamed_on_the_cell_that_would_define_it(notebook, name, words):
    with pytest.raises(StudentError, match=words) as info:
        getattr(notebook, name)
    assert info.value.kind == "NameError"
    assert "IPython" not in info.value.traceback


def test_an_untouched_stub_reads_as_such(notebook):
    with pytest.raises(StudentError) as info:
        notebook.best()
    assert info.value.unwritten == "best"
    with pytest.raises(StudentError) as info:
        _ = notebook.nowhere_named
    assert info.value.unwritten == "rate"


def test_a_traceback_shows_the_cells_lines(notebook):
    with pytest.raises(StudentError) as info:
        notebook.inverse(0)
    assert "N.ipynb, cell late" in info.value.traceback
    assert "return 1 / x" in info.value.traceback


def test_drawing_needs_no_screen_and_leaves_nothing():
    cells = {"draw": "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\ndone = 1"}
    with session_on(notebooks={"N": cells}) as session:
        for _ in range(2):
            assert once(session, lambda s: s.notebook("N").done) == 1


SEES = """
import builtins, os, sys

def seen():
    ipython = sys.modules.get("IPython")
    return [
        bool(ipython and ipython.get_ipython()),
        "get_ipython" in vars(sys.modules["__main__"]),
        sorted({"display", "__IPYTHON__"} & set(vars(builtins))),
        os.listdir(os.environ["HOME"]),
    ]
"""
SHELL = {
    "Shell": {
        1: "import sys, IPython\nhere = globals() is vars(sys.modules['__main__'])",
        2: "found = here and IPython.get_ipython() is get_ipython()",
    }
}


def test_a_shell_that_was_made_before_the_fork_is_seen_where_a_notebook_runs_alone():
    with session_on(SEES, notebooks=SHELL) as session:
        for _ in range(2):
            assert once(session, lambda student: student.notebook("Shell").found) is True
            assert once(session, lambda student: list(student.m.seen())) == [False, False, [], []]
