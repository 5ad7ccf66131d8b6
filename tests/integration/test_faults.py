"""Faults of ours and of the machine: nothing is lost, nothing is graded zero for them."""

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from autograder.records import Status, decode
from autograder.scratch import HOLDS
from tests.integration.test_batch import gone, processes_of, room
from tests.tiny import ANSWERS, STUBS, handed_in, tiny_harness

PLUMB = Path(sys.executable).parent / "plumb"
WRONG = "def double(x):\n    return x + 1\n\n\ndef pair(x):\n    return x, x\n"
LEAVES = "import os\n\ndef double(x):\n    os._exit(0)\n\ndef pair(x):\n    return x, -x\n"


@pytest.fixture(scope="module")
def harness(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tiny")
    tiny_harness(folder)
    return folder / "harness.zip"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A class of seven: right, wrong, untouched, hostile, unreadable."""
    folder = tmp_path_factory.mktemp("course")
    for name in ("anna", "ben", "cleo"):
        handed_in(folder / name)
    handed_in(folder / "dan", ANSWERS | {"ops.py": WRONG})
    handed_in(folder / "eve", STUBS, best=None)
    handed_in(folder / "fay", ANSWERS | {"ops.py": LEAVES})
    (folder / "gus.zip").write_bytes(b"garbage")
    return folder


def grade(course, harness, out, scratch, **options):
    """``plumb grade``, begun."""
    environment = {**os.environ, "TMPDIR": str(scratch), "COLUMNS": "200"}
    environment |= options.pop("env", {})
    return subprocess.Popen(
        [PLUMB, "grade", course, "--harness", harness, "--out", out, "--workers", "2"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
        start_new_session=True, **options,
    )  # fmt: skip


def ended(process):
    """Its exit code and what it printed to standard error."""
    _, told = process.communicate(timeout=120)
    assert "Traceback" not in told, told
    return process.returncode, told


def gradebook(out):
    """All that a run leaves that says anything of a grade; no times."""
    reports = {}
    for file in (out / "reports").iterdir():
        report = json.loads(file.read_bytes())
        del report["started"], report["seconds"]
        for question in report["questions"]:
            for check in question["checks"]:
                del check["seconds"]
        reports[file.name] = report
    pages = sorted(path.name for path in (out / "feedback").iterdir())
    return reports, pages, (out / "grades.csv").read_text("utf-8")


@pytest.fixture(scope="module")
def clean(course, harness, tmp_path_factory):
    """The gradebook of a run that nothing disturbed."""
    out = tmp_path_factory.mktemp("clean") / "out"
    with room() as scratch:
        assert ended(grade(course, harness, out, scratch))[0] == 3
        assert list(Path(scratch).iterdir()) == []
    reports = gradebook(out)[0]
    assert {name: report["score"] for name, report in reports.items()} == {
        "anna.json": 8, "ben.json": 8, "cleo.json": 8, "dan.json": 1, "eve.json": 0,
        "fay.json": 2, "gus.json": 0,
    }  # fmt: skip
    return gradebook(out)


def boxes_of(scratch):
    """The processes of boxes whose run folders lie, or lay, in this folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if f"{HOLDS}={scratch}/".encode() in process.joinpath("environ").read_bytes():
                found.append(process.name)
    return found


@pytest.mark.long
def test_fifty_kills_at_random_moments_change_nothing(course, harness, clean, tmp_path):
    """The grader and its workers are killed outright, and the same command goes on each time."""
    moments = random.Random(0)
    kills = finished = 0
    out = tmp_path / "out"
    with room() as scratch:
        while kills < 50:
            process = grade(course, harness, out, scratch)
            time.sleep(moments.uniform(0.2, 2.0))
            started = processes_of(process.pid)
            process.kill()
            process.communicate()
            if process.returncode == -signal.SIGKILL:
                kills += 1
                for file in (out / "reports").glob("*.json"):  # whole, or not there
                    assert decode(file.read_bytes()).status in (Status.GRADED, Status.UNREADABLE)
            if kills % 10 == 0 or process.returncode != -signal.SIGKILL:
                assert ended(grade(course, harness, out, scratch))[0] == 3
                assert gradebook(out) == clean
                gone(started)
                assert list(Path(scratch).iterdir()) == []
                assert boxes_of(scratch) == []
                shutil.rmtree(out)
                finished += 1
    assert finished >= 5


def test_a_worker_killed_in_the_middle_is_replaced(course, harness, clean, tmp_path):
    with room() as scratch:
        process = grade(course, harness, tmp_path, scratch)
        assert process.stdout.readline()
        workers = [p for p, c in processes_of(process.pid).items() if b"spawn_main" in c]
        assert workers
        for worker in workers:
            os.kill(worker, signal.SIGKILL)
        assert ended(process)[0] == 3
        assert gradebook(tmp_path) == clean
        assert list(Path(scratch).iterdir()) == []


def test_without_bubblewrap_nothing_is_graded_and_it_says_what_to_do(course, harness, tmp_path):
    with room() as scratch:
        empty = Path(scratch, "empty")
        empty.mkdir()
        code, told = ended(grade(course, harness, tmp_path, scratch, env={"PATH": str(empty)}))
    assert code == 2
    assert "bubblewrap" in told
    assert list(tmp_path.rglob("*.json")) == []


def test_bubblewrap_that_breaks_midway_grades_nobody_zero(course, harness, clean, tmp_path):
    """It stops, keeps what is finished, and goes on once it is mended."""
    with room() as scratch:
        tools, broken = Path(scratch, "bin"), Path(scratch, "broken")
        tools.mkdir()
        real = shutil.which("bwrap")
        wrapper = tools / "bwrap"
        wrapper.write_text(f'#!/bin/sh\n[ -e {broken} ] && exit 1\nexec {real} "$@"\n')
        wrapper.chmod(0o755)
        path = {"PATH": f"{tools}:{os.environ['PATH']}"}
        process = grade(course, harness, tmp_path, scratch, env=path)
        process.stdout.readline()
        broken.touch()
        code, told = ended(process)
        assert code in (2, 3)
        assert "plumb: " in told or "not graded" in told
        for file in (tmp_path / "reports").glob("*.json"):
            report = json.loads(file.read_bytes())
            same = report["questions"] and report["score"] == clean[0][file.name]["score"]
            assert same or report["status"] in ("not_graded", "partly_graded", "unreadable")
        broken.unlink()
        assert ended(grade(course, harness, tmp_path, scratch, env=path))[0] == 3
        assert gradebook(tmp_path) == clean


needs_mount = pytest.mark.skipif(
    subprocess.run(
        ["unshare", "-rm", "sh", "-c", "mount -t tmpfs none /mnt"], capture_output=True, check=False
    ).returncode
    != 0,
    reason="a small disk can only be made where users may mount in a namespace of theirs",
)


@needs_mount
def test_a_full_disk_stops_the_run_and_loses_nothing(course, harness, clean, tmp_path):
    """The disk that reports are written to fills up; once there is space, the run goes on."""
    script = f"""
        mount -t tmpfs -o size=96k none {tmp_path}/disk
        head -c 56k /dev/zero > {tmp_path}/disk/filler
        run() {{ {PLUMB} grade {course} --harness {harness} --out {tmp_path}/disk/out --workers 2 \\
            --sandbox none --trust-submissions; }}
        run; echo first $?
        ls {tmp_path}/disk/out/reports
        mount -o remount,size=10m {tmp_path}/disk
        run; echo second $?
        cp -r {tmp_path}/disk/out {tmp_path}/copy
    """
    (tmp_path / "disk").mkdir()
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script], capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert "first 2" in done.stdout, done.stdout + done.stderr
    assert "No space left on device" in done.stderr
    assert "second 3" in done.stdout
    reports, pages, table = gradebook(tmp_path / "copy")
    assert {n: r["score"] for n, r in reports.items()} == {
        n: r["score"] for n, r in clean[0].items()
    }
    assert pages == clean[1]
    assert table == clean[2]


@needs_mount
def test_a_full_disk_under_the_submissions_is_no_zero(course, harness, tmp_path):
    """Submissions cannot be laid out: they are not graded, which is no grade at all."""
    script = f"""
        mount -t tmpfs -o size=160k none {tmp_path}/disk
        cp {harness} {tmp_path}/harness.zip
        TMPDIR={tmp_path}/disk {PLUMB} grade {course} --harness {tmp_path}/harness.zip \\
            --out {tmp_path}/out --workers 1 --sandbox none --trust-submissions; echo first $?
    """
    (tmp_path / "disk").mkdir()
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script], capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert "first 3" in done.stdout or "first 2" in done.stdout, done.stdout + done.stderr
    for file in (tmp_path / "out").rglob("*.json"):
        report = json.loads(file.read_bytes())
        assert report["status"] in ("not_graded", "unreadable"), report["status"]
        assert report["graded_points"] == 0


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda files: files.pop("harness.json"), "is no harness"),
        (lambda files: files.update({"harness.json": b"{"}), "build it again"),
        (
            lambda files: files.update(
                {"harness.json": files["harness.json"].replace(b'"format":2', b'"format":1')}
            ),
            "has format 1, this Plumbline reads 2",
        ),
        (
            lambda files: (
                files.update({"expected/values.npz": b"x"})
                or [files.update({n: b"x"}) for n in files if n.startswith("expected/")]
            ),
            "build it again",
        ),
    ],
    ids=["no manifest", "half a manifest", "another version", "expected outputs damaged"],
)
def test_a_harness_that_cannot_be_used_says_why(course, harness, change, told, tmp_path):
    with zipfile.ZipFile(harness) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    with zipfile.ZipFile(tmp_path / "harness.zip", "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    with room() as scratch:
        code, said = ended(grade(course, tmp_path / "harness.zip", tmp_path / "out", scratch))
        assert list(Path(scratch).iterdir()) == []
    assert (code, told in said) == (2, True), said


def test_a_clock_that_jumps_neither_grades_again_nor_differently(course, harness, clean, tmp_path):
    """Reports that say they are of another century, and files that do, are what they were."""
    with room() as scratch:
        assert ended(grade(course, harness, tmp_path, scratch))[0] == 3
        before = {}
        for number, file in enumerate(sorted((tmp_path / "reports").iterdir())):
            report = json.loads(file.read_bytes())
            report["started"] = "2199-01-01T00:00:00+00:00" if number % 2 else "1970-01-01T00:00:00"
            file.write_text(json.dumps(report))
            os.utime(file, (0, 0) if number % 2 else (1 << 33, 1 << 33))
            before[file.name] = file.read_bytes()
        for path in course.rglob("*"):
            os.utime(path, (0, 0))
        assert ended(grade(course, harness, tmp_path, scratch))[0] == 3
    after = {file.name: file.read_bytes() for file in (tmp_path / "reports").iterdir()}
    assert {n for n in after if after[n] != before[n]} <= {"gus.json"}  # unreadable: tried again
    assert gradebook(tmp_path) == clean
