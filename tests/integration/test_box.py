"""A real box: what its code can do, how its end is reported, that nothing is left of it."""

import contextlib
import json
import os
import shutil
import sys
import tempfile
import time
import venv
from pathlib import Path

import numpy as np
import pytest

from autograder import sandbox
from autograder.core.errors import StudentError, WireError
from autograder.errors import BoxError, SandboxUnavailable, StudentKilled, StudentTimeout
from autograder.limits import Limits
from autograder.sandbox.bubblewrap import interpreter_advice
from autograder.sandbox.session import StudentSession

CODE = """
import os, sys, signal, subprocess, threading, time
import numpy as np

state = []

def same(x): return x
def twice(x): return 2 * x
def remember():
    state.append(1)
    for path in ("/tmp/left", "/dev/shm/left"):
        open(path, "w").write("left")
    os.environ["LEFT"] = "1"
    return len(state)
def left():
    return [len(state), "LEFT" in os.environ, os.path.exists("/tmp/left"),
            os.path.exists("/dev/shm/left"), *sorted(p for p in os.listdir("/proc") if p.isdigit())]
def draws():
    import random
    return [random.random(), float(np.random.rand())]
def loop():
    while True: pass
def deaf():
    for number in range(1, 65):
        try: signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError): pass
    while True: pass
def flood():
    while True: print("x" * 100_000)
def chat(): print("to be seen"); print("and this", file=sys.stderr); return 1
def much(): print("y" * 100_000); return 1
def bye(code): os._exit(code)
def leave(): raise SystemExit(4)
def crash(): os.kill(os.getpid(), signal.SIGSEGV)
def everybody(): os.kill(-1, signal.SIGKILL); time.sleep(5)
def parent(): os.kill(os.getppid(), signal.SIGKILL); time.sleep(5)
def daemon():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            while True: time.sleep(1)
        os._exit(0)
    return 1
def garbage():
    for number in range(3, 64):
        try: os.write(number, b"garbage that is no frame" * 9)
        except OSError: pass
    return 1
def closes():
    os.closerange(0, 256)
    return 1
def big(): return np.zeros(10 << 20)
def memory(): return len(bytearray(3 << 30))
def strange(): return np.array([object()])
def bomb():
    while True:
        try: os.fork()
        except OSError: time.sleep(1)
def recursion(n): return recursion(n + 1)
def peek():
    pid = os.getppid()
    found = []
    for name in ("mem", "fd", "environ", "maps"):
        try:
            path = f"/proc/{pid}/{name}"
            os.listdir(path) if name == "fd" else open(path, "rb").read(1)
            found.append(name)
        except OSError:
            pass
    return found
def shape():
    import resource
    return [os.getpriority(os.PRIO_PROCESS, 0), resource.getrlimit(resource.RLIMIT_NOFILE)[0],
            oct(os.stat("/tmp").st_mode), len(os.listxattr("/tmp")), same(1)]
def nice():
    for pid in (1, 0): os.setpriority(os.PRIO_PROCESS, pid, 7)
def limits():
    import resource
    for pid in (1, 0): resource.prlimit(pid, resource.RLIMIT_NOFILE, (20, 20))
def unblock():
    for number in range(3, 64):
        try: os.set_blocking(number, False)
        except OSError: pass
def tag(): os.setxattr("/tmp", "user.message", b"hello")
def close_tmp(): os.chmod("/tmp", 0o700)
def keep_key(text):
    import ctypes
    libc = ctypes.CDLL(None)
    for ring in (-3, -4, -5):
        libc.syscall(248, b"user", b"kept", text.encode(), len(text), ring)
    return find_key()
def find_key():
    import ctypes
    libc = ctypes.CDLL(None)
    return any(libc.syscall(250, 10, ring, b"user", b"kept", 0) > 0 for ring in (-3, -4, -5))
class Hostile(Exception):
    def __str__(self): raise ValueError("no text")
def hostile(): raise Hostile()
"""


@pytest.fixture(scope="module")
def run():
    # Not below pytest's own folder, which is closed to the box's user.
    with tempfile.TemporaryDirectory(prefix="plumb-test-") as name:
        Path(name).chmod(0o755)
        yield from make_run(Path(name))


def make_run(folder):
    package = folder / "run" / "package" / "pocket"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "code.py").write_text(CODE)
    for name in ("numpy", "json", "msgspec", "sitecustomize", "random", "autograder", "conftest"):
        (folder / "run" / "package" / f"{name}.py").write_text("raise SystemExit('shadowed')\n")
    yield folder / "run"


@pytest.fixture(params=["bubblewrap", "none"])
def session(run, request):
    with StudentSession(
        sandbox.backend(request.param), run, "pocket", Limits(answer_mb=8)
    ) as session:
        yield session


@pytest.fixture
def walled(run):
    with StudentSession(
        sandbox.backend("bubblewrap"), run, "pocket", Limits(answer_mb=8)
    ) as session:
        yield session


def ask(session, name, *args, seconds=20.0, seed=0):
    with session.student(seed=seed, seconds=seconds) as student:
        return getattr(student.code, name)(*args)


def test_values_go_in_and_out_and_ours_is_not_shadowed(session):
    x = np.arange(6, dtype=np.float32).reshape(2, 3)
    actual = ask(session, "twice", x)
    assert actual.dtype == np.float32
    assert np.array_equal(actual, 2 * x)
    assert ask(session, "same", "text") == "text"


def test_nothing_is_carried_from_one_check_to_the_next(walled):
    assert ask(walled, "remember") == 1
    assert ask(walled, "daemon") == 1
    assert ask(walled, "left")[:4] == [0, False, False, False]
    # The runner, which is the first process of the namespace, and the check's process.
    assert len(ask(walled, "left")[4:]) == 2


def test_generators_are_seeded_alike(session):
    first, again, other = (ask(session, "draws", seed=seed) for seed in (5, 5, 6))
    assert first == again != other


@pytest.mark.parametrize("name", ["loop", "deaf"])
def test_a_loop_costs_its_seconds_and_no_other_check(session, name):
    begun = time.monotonic()
    with pytest.raises(StudentTimeout, match="did not return within 1 s"):
        ask(session, name, seconds=1)
    assert time.monotonic() - begun < 10
    assert ask(session, "same", 1) == 1


@pytest.mark.parametrize(
    ("name", "args", "limit", "words"),
    [
        ("flood", (), True, "printed more than 32 MiB"),
        ("bye", (0,), False, r"ended its own process \(exit code 0\)"),
        ("bye", (3,), False, r"ended its own process \(exit code 3\)"),
        ("crash", (), False, "crashed"),
        ("garbage", (), False, "broke the protocol"),
        ("closes", (), False, "ended"),
        ("big", (), True, "over 8 MiB|8388608"),
    ],
)
def test_an_end_of_the_codes_own_doing_is_told(session, name, args, limit, words):
    with pytest.raises(StudentKilled, match=words) as info:
        ask(session, name, *args)
    assert ask(session, "same", 1) == 1
    if name != "big":
        assert info.value.limit is limit


@pytest.mark.parametrize("name", ["everybody", "parent"])
def test_killing_what_is_in_the_box_harms_nobody(walled, name):
    """The first process of a namespace ignores signals from inside."""
    with contextlib.suppress(StudentError, StudentKilled):
        ask(walled, name)
    assert ask(walled, "same", 1) == 1


@pytest.mark.parametrize("name", ["nice", "limits", "unblock", "tag", "close_tmp"])
def test_a_box_that_was_tampered_with_is_not_used_again(walled, name):
    before = ask(walled, "shape")
    with contextlib.suppress(StudentError, StudentKilled):
        ask(walled, name)
    assert ask(walled, "shape") == before


def test_no_key_is_kept(walled):
    assert ask(walled, "keep_key", "hello") is False
    assert ask(walled, "find_key") is False


def test_an_exception_is_theirs_even_one_without_a_text(session):
    for name, kind in (("leave", "SystemExit"), ("hostile", "Hostile"), ("memory", "MemoryError")):
        with pytest.raises(StudentError) as info:
            ask(session, name)
        assert info.value.kind == kind
    with pytest.raises(StudentError) as info:
        ask(session, "recursion", 0)
    assert info.value.kind == "RecursionError"
    assert len(info.value.traceback) <= 8000


def test_what_cannot_cross_stays_as_a_handle(session):
    with session.student(seed=0, seconds=20) as student:
        assert "ndarray" in repr(student.code.strange())


def test_what_a_check_sends_wrongly_is_not_the_students_fault(session):
    with pytest.raises(WireError):
        ask(session, "same", object())


def test_printed_text_is_kept_a_check_at_a_time_and_cut(session):
    ask(session, "chat")
    assert session.output == "to be seen\nand this\n"
    ask(session, "much")
    assert session.output.startswith("yyy")
    assert "more bytes were printed" in session.output
    assert len(session.output) < 70_000
    ask(session, "same", 1)
    assert session.output == ""


def test_a_fork_bomb_is_held_and_swept(walled):
    with pytest.raises((StudentTimeout, StudentKilled)):
        ask(walled, "bomb", seconds=2)
    assert ask(walled, "same", 1) == 1


def test_the_first_process_cannot_be_looked_into(walled):
    assert ask(walled, "peek") == []


def test_nothing_is_left_when_the_session_closes(run, session):
    ask(session, "daemon")
    session.close()
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        left = [p for p in Path("/proc").glob("[0-9]*/cmdline") if str(run).encode() in read(p)]
        if not left:
            return
        time.sleep(0.05)
    pytest.fail(f"still there: {left}")


def read(path):
    try:
        return path.read_bytes()
    except OSError:
        return b""


def test_a_box_that_does_not_start_is_our_failure(run, monkeypatch):
    broken = sandbox.backend("bubblewrap")
    monkeypatch.setattr(broken, "_python", "/usr/bin/no-such-python")
    with (
        StudentSession(broken, run, "pocket", Limits()) as session,
        pytest.raises(BoxError, match="not start"),
    ):
        ask(session, "same", 1)


def test_without_bubblewrap_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(SandboxUnavailable, match="apt-get install bubblewrap") as info:
        sandbox.backend("bubblewrap")
    assert "--sandbox none" in str(info.value)
    with pytest.raises(SandboxUnavailable, match="docker is not installed"):
        sandbox.backend("docker")
    with pytest.raises(SandboxUnavailable, match="no sandbox 'jail'"):
        sandbox.backend("jail")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts boxes as another user")
def test_an_interpreter_that_cannot_be_used_is_said_with_what_to_do(tmp_path, monkeypatch):
    empty = tmp_path / "venv"
    venv.create(empty, symlinks=True, with_pip=False)
    monkeypatch.setattr("sys.prefix", str(empty))
    with pytest.raises(SandboxUnavailable, match="No module named 'numpy'") as info:
        sandbox.backend("bubblewrap")
    assert "chmod -R o+rX" in str(info.value)
    assert "pip" in str(info.value)
    assert "make " not in str(info.value)


def test_an_environment_whose_python_is_hidden_in_a_box_is_named():
    advice = interpreter_advice("No such file or directory", hidden=True)
    assert f"{sys.base_prefix}, lies in a folder for temporary files" in advice


SETUP = "%matplotlib inline\n!pip install nothing\nimport numpy as np\nx = 1"
CELLS = [
    {"label": "cell setup", "source": SETUP, "own": False},
    {"label": "cell bad", "source": "y = 1 / 0", "own": False},
    {"label": "cell old", "source": "print 'python 2'", "own": False},
    {"label": "cell answer", "source": "def double(a):\n    return a * 2 * x", "own": False},
    {"label": "cell todo", "source": "raise NotImplementedError('TODO: q')", "own": False},
]


def test_a_notebooks_cells_run_in_the_box_whatever_some_of_them_do(run):
    with tempfile.TemporaryDirectory(prefix="plumb-test-") as name:
        folder = Path(name)
        shutil.copytree(run / "package" / "pocket", folder / "package" / "pocket")
        (folder / "notebooks").mkdir()
        (folder / "notebooks" / "N.json").write_text(json.dumps({"name": "N", "cells": CELLS}))
        look_into_notebook(folder)


def look_into_notebook(folder):
    with StudentSession(sandbox.backend("bubblewrap"), folder, "pocket", Limits()) as session:
        with session.student(seed=0, seconds=20) as student:
            notebook = student.notebook("N")
            assert notebook.double(21) == 42
            assert notebook.x == 1
            with pytest.raises(StudentError, match="cell bad raised ZeroDivisionError"):
                _ = notebook.y
            with pytest.raises(StudentError) as info:
                _ = notebook.anything_else
            assert info.value.unwritten == "q"
        with session.student(seed=0, seconds=20) as student, pytest.raises(StudentError) as info:
            student.notebook("M")
        assert info.value.kind == "FileNotFoundError"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts boxes as another user")
def test_a_temporary_folder_that_is_closed_is_said(run, tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    shutil.copytree(run, closed / "run")
    box = sandbox.backend("bubblewrap")
    with (
        StudentSession(box, closed / "run", "pocket", Limits()) as session,
        pytest.raises(SandboxUnavailable, match="TMPDIR"),
    ):
        ask(session, "same", 1)
