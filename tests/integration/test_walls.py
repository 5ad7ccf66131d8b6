"""Real attacks on real boxes. They fail, and succeed where what stops them is taken away."""

import os
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from autograder.errors import SandboxUnavailable, StudentKilled
from autograder.limits import Limits
from autograder.sandbox import backend, doctor
from autograder.sandbox.attacks import ATTACKS, LIMITS
from autograder.sandbox.cgroups import ControlGroup, find_group_maker
from autograder.sandbox.environment import box_environment, instruction_set, pinned_numerics
from autograder.sandbox.session import StudentSession
from autograder.sandbox.unprivileged import closed_parent, run_as
from tests.boxes import once, run_folder, session_on

ROOT = Path(__file__).parents[2]
NAMES = [attack.name for attack in ATTACKS]
#: Attacks that fail without a sandbox too: by the protocol, by rlimits, by the reader outside.
HELD_ANYWAY = {
    "forge an answer", "take more memory than a process may", "print without end",
    "survive being killed",
}  # fmt: skip
BOUNDED = pytest.mark.skipif(find_group_maker() is None, reason="no control group can be made here")
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="root's rights are what the attack uses")


def usable(name):
    """The backend of that name; skips the test if it cannot be used here."""
    try:
        return backend(name)
    except SandboxUnavailable as error:
        pytest.skip(str(error))


def findings(box):
    return {finding.subject: finding for finding in doctor.run_attacks(box)}


@pytest.fixture(scope="module", params=["bubblewrap", "podman", "docker"])
def walled(request):
    return findings(usable(request.param))


@pytest.mark.parametrize("name", ["run honest code", *NAMES])
def test_every_attack_fails(walled, name):
    finding = walled[name]
    if finding.ok is None:
        pytest.skip(finding.detail)
    assert finding.ok, finding.detail


@pytest.fixture(scope="module")
def bare():
    return findings(backend("none"))


@AS_ROOT
@pytest.mark.parametrize("name", [name for name in NAMES if name not in HELD_ANYWAY])
def test_without_walls_the_attack_succeeds(bare, name):
    if name == "take more memory than the box may":
        assert bare[name].ok is None
        assert "NOT ENFORCED" in bare[name].detail
    else:
        assert bare[name].ok is False
        assert bare[name].detail == next(a.meaning for a in ATTACKS if a.name == name)


ORDINARY = """
from autograder.sandbox import backend, doctor
for finding in doctor.run_attacks(backend("bubblewrap")):
    print(finding.ok, finding.subject, finding.detail)
"""


@AS_ROOT
def test_every_attack_fails_for_an_ordinary_user_too():
    if closed_parent(ROOT / "x") is not None:
        pytest.skip("this clone is closed to other users")
    done = subprocess.run(
        [sys.executable, "-B", "-c", ORDINARY], cwd=ROOT, env={"PATH": os.environ["PATH"]},
        capture_output=True, text=True, check=False, **run_as(61002),
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert len(lines) == len(ATTACKS) + 1, done.stderr
    assert not [line for line in lines if line.startswith("False")]
    # Only root may make a control group.
    assert [line for line in lines if line.startswith("None take more memory than the box may")]


def test_there_are_about_ten_attacks_and_each_says_what_it_means():
    assert len(ATTACKS) >= 15
    assert all(attack.meaning for attack in ATTACKS)
    assert 8 <= sum(attack.quick for attack in ATTACKS) < len(ATTACKS)


@pytest.mark.long
def test_the_doctor_gives_a_line_for_each():
    done = subprocess.run(
        [Path(sys.executable).parent / "plumb", "doctor"], capture_output=True, text=True,
        check=False, env={**os.environ, "COLUMNS": "200"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    lines = ("bubblewrap", "memory of the box", "reach the network", "run honest code", *NAMES)
    assert [name for name in lines if name not in done.stdout] == []


# --- one wall at a time ---------------------------------------------------------------------

PROBE = (ROOT / "autograder" / "sandbox" / "probe.py").read_text()
TOUCH = "def touch(mebibytes):\n    return len(b'x' * (mebibytes << 20))\n"
ALLOW_EVERYTHING = struct.pack("=HBBI", 0x06, 0, 0, 0x7FFF0000)


def ask(box, name, *arguments, limits=LIMITS):
    with run_folder(PROBE) as run, StudentSession(box, run, "pocket", limits) as session:
        return once(session, lambda s: getattr(s.m, name)(*arguments))


def test_without_the_filter_the_calls_go_through(monkeypatch):
    box = backend("bubblewrap")
    assert ask(box, "possible_calls") == ()
    monkeypatch.setattr(box, "_filter", ALLOW_EVERYTHING)
    assert {"ptrace", "memfd_create", "shmget"} <= set(ask(box, "possible_calls"))


@BOUNDED
def test_without_a_control_group_processes_share_out_the_machines_memory(monkeypatch):
    box, limits = backend("bubblewrap"), Limits(memory_mb=192, data_mb=512, processes=40)
    assert ask(box, "start_processes", 6, 64, limits=limits) < 6
    monkeypatch.setattr(box, "_group_maker", None)
    assert ask(box, "start_processes", 6, 64, limits=limits) == 6


@BOUNDED
def test_a_box_that_is_out_of_memory_is_told_as_a_limit():
    with (
        session_on(TOUCH, limits=Limits(memory_mb=192, data_mb=1024)) as session,
        pytest.raises(StudentKilled, match="memory") as info,
    ):
        once(session, lambda s: s.m.touch(512))
    assert info.value.limit


def groups():
    maker = find_group_maker()
    return {g for parent in maker.parents for g in parent.glob("plumb-*")} if maker else set()


def own_groups():
    return {group for group in groups() if f"plumb-{os.getpid()}-" in group.name}


@BOUNDED
def test_every_process_of_a_box_is_in_its_group_and_the_group_goes_with_it():
    with session_on("import os\ndef f():\n    return open('/proc/self/cgroup').read()") as session:
        cgroup = once(session, lambda s: s.m.f())
        found = own_groups()
        assert len(found) == len(find_group_maker().parents)
        (name,) = {group.name for group in found}
        assert cgroup.count(f"/{name}\n") >= len(found)
        assert all((group / "cgroup.procs").read_text() for group in found)
    assert own_groups() == set()


@BOUNDED
def test_the_groups_of_a_grader_that_was_killed_are_cleared_away():
    gone = subprocess.Popen(["/bin/true"])
    gone.wait()
    folder = find_group_maker().parents[0] / f"plumb-{gone.pid}-{'0' * 16}"
    folder.mkdir()
    find_group_maker.cache_clear()
    assert find_group_maker() is not None
    assert not folder.exists()


@BOUNDED
def test_a_group_that_cannot_be_entered_is_our_failure(monkeypatch):
    def refuse(self, pid):
        raise PermissionError("no")

    monkeypatch.setattr(ControlGroup, "enter", refuse)
    with pytest.raises(Exception, match="could not be started"):
        ask(backend("bubblewrap"), "honest")
    assert own_groups() == set()


# --- before grading -------------------------------------------------------------------------


@pytest.fixture
def holed(monkeypatch):
    """A machine whose bubblewrap shows one folder more in the box than it should."""
    with tempfile.TemporaryDirectory(prefix="plumb-test-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        real = subprocess.run(["which", "bwrap"], capture_output=True, text=True, check=True)
        script = (
            f'#!/bin/sh\n[ "$1" = --args ] || exec {real.stdout.strip()} "$@"\n'
            f'a=$2; shift 2\nexec {real.stdout.strip()} --args "$a" --ro-bind {name} {name} "$@"\n'
        )
        (folder / "bin").mkdir()
        (folder / "bin" / "bwrap").write_text(script)
        (folder / "bin" / "bwrap").chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder / 'bin'}:{os.environ['PATH']}")
        monkeypatch.setenv("TMPDIR", name)
        monkeypatch.setattr(tempfile, "tempdir", None)
        yield folder


def test_a_hole_is_found_and_named_with_what_to_do(holed):
    with pytest.raises(SandboxUnavailable, match="does not isolate on this machine") as info:
        doctor.require_isolation(backend("bubblewrap"))
    assert "read a file outside: The box reads files of this machine" in str(info.value)
    assert "plumb doctor" in str(info.value)


def test_nothing_is_graded_in_a_sandbox_with_a_hole(holed, released, tmp_path):
    if released.harness is None:
        released.grade("def double(x):\n    return x + x\n")
    package = tmp_path / "anna" / "pocket"
    package.mkdir(parents=True)
    (package / "arithmetic.py").write_text("def double(x):\n    return x + x\n")
    done = subprocess.run(
        [Path(sys.executable).parent / "plumb", "grade", package.parent,
         "--harness", released.out / "pocket" / "harness.zip", "--out", tmp_path / "graded"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2, done.stdout + done.stderr
    assert "read a file outside" in done.stderr
    assert not (tmp_path / "graded").exists()


def test_a_sandbox_that_holds_is_let_pass():
    doctor.require_isolation(backend("bubblewrap"))


# --- numbers --------------------------------------------------------------------------------

NUMERICS = """
import ctypes, glob, os
import numpy as np

def features():
    return tuple(np.show_config(mode="dicts")["SIMD Extensions"]["found"])

def kernel():
    folder = os.path.join(os.path.dirname(os.path.dirname(np.__file__)), "numpy.libs")
    library = ctypes.CDLL(glob.glob(folder + "/libscipy_openblas64_*")[0])
    library.scipy_openblas_get_corename64_.restype = ctypes.c_char_p
    threads = library.scipy_openblas_get_num_threads64_()
    return library.scipy_openblas_get_corename64_().decode(), threads
"""


@pytest.mark.parametrize("name", ["bubblewrap", "podman", "docker", "none"])
def test_every_backend_pins_the_same_numerics(name):
    usable(name)
    pins = box_environment("/tmp")
    if pins.get("OPENBLAS_CORETYPE") != "Haswell":
        pytest.skip("this processor is another")
    with session_on(NUMERICS, box=name) as session:
        assert once(session, lambda s: s.m.kernel()) == ("Haswell", 1)
        found = once(session, lambda s: s.m.features())
    assert not [feature for feature in found if feature.startswith(("AVX512", "X86_V4"))]
    assert f"OPENBLAS_CORETYPE={pins['OPENBLAS_CORETYPE']}" in pinned_numerics()


def test_processors_are_pinned_to_what_most_have():
    new = {"X86_V2", "X86_V3", "X86_V4"}
    assert instruction_set("x86_64", new, {"AVX512_ICL"}) == {
        "OPENBLAS_CORETYPE": "Haswell", "NPY_DISABLE_CPU_FEATURES": "AVX512_ICL X86_V4",
    }  # fmt: skip
    assert instruction_set("x86_64", {"SSE42"}, set()) == {}
    assert instruction_set("aarch64", {"NEON", "SVE"}, set()) == {
        "OPENBLAS_CORETYPE": "ARMV8", "NPY_DISABLE_CPU_FEATURES": "SVE",
    }  # fmt: skip


def test_a_box_tells_nothing_of_the_student_by_its_mounts():
    read = "def f():\n    return open('/proc/self/mountinfo').read()"
    with (
        run_folder(read) as run,
        StudentSession(backend("bubblewrap"), run, "pocket", Limits()) as session,
    ):
        mounts = once(session, lambda s: s.m.f())
    # The only path of a run is a random name in the temporary folder.
    assert run.name in mounts
    assert str(ROOT) not in mounts.replace(os.path.realpath(sys.prefix), "")
