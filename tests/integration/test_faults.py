"""Faults of ours and of the machine: nothing is lost, nothing is graded zero for them."""

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import pytest

from autograder.records import Status, decode
from autograder.scratch import SCRATCH_VARIABLE
from tests.commands import plumb_here
from tests.integration.test_batch import room
from tests.processes import gone, processes_of, started
from tests.tiny import ANSWERS, CHECKS, STUBS, handed_in, tiny_harness, zipped

PLUMB = Path(sys.executable).parent / "plumb"
WRONG = "def double(x):\n    return x + 1\n\n\ndef pair(x):\n    return x, x\n"
LEAVES = "import os\n\ndef double(x):\n    os._exit(0)\n\ndef pair(x):\n    return x, -x\n"


@pytest.fixture(scope="module")
def harness(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tiny")
    # All visible: the attacks that precede a grading with hidden checks are tried in test_walls.
    visible = CHECKS.replace(", visible=True", "").replace("seed=", "visible=True, seed=")
    tiny_harness(folder, visible)
    return folder / "harness.zip"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A class of five: right, wrong, untouched, hostile, unreadable."""
    folder = tmp_path_factory.mktemp("course")
    handed_in(folder / "anna")
    handed_in(folder / "dan", ANSWERS | {"ops.py": WRONG})
    handed_in(folder / "eve", STUBS, best=None)
    handed_in(folder / "fay", ANSWERS | {"ops.py": LEAVES})
    (folder / "gus.zip").write_bytes(b"garbage")
    return folder


#: The runs that the test has begun.
BEGUN = contextlib.ExitStack()


@pytest.fixture(autouse=True)
def _end_what_was_begun():
    yield
    BEGUN.close()


def grade(course, harness, out, scratch, **options):
    """``plumb grade``, begun."""
    environment = {**os.environ, "TMPDIR": str(scratch), "COLUMNS": "200"}
    environment |= options.pop("env", {})
    plumb = [*options.pop("through", ()), PLUMB]
    command = [*plumb, "grade", course, "--harness", harness, "--out", out, "--workers", "2"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return BEGUN.enter_context(started(command, env=environment, **pipes, **options))


def ended(process):
    """Its exit code and what it printed to standard error."""
    _, message = process.communicate(timeout=120)
    assert "Traceback" not in message, message
    return process.returncode, message


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
        "anna.json": 8, "dan.json": 1, "eve.json": 0, "fay.json": 2, "gus.json": 0,
    }  # fmt: skip
    return gradebook(out)


def boxes_of(scratch):
    """The processes of boxes whose run folders lie, or lay, in this folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (
                f"{SCRATCH_VARIABLE}={scratch}/".encode()
                in process.joinpath("environ").read_bytes()
            ):
                found.append(process.name)
    return found


@pytest.mark.long
def test_fifty_kills_at_random_moments_change_nothing(course, harness, clean, tmp_path):
    """The grader and its workers are killed outright, and the same command goes on each time.

    What a kill left is also copied and graded to its end: so every one of them is looked at, and
    runs that were killed again and again as well.
    """
    moments = random.Random(0)
    kills, out, copy = 0, tmp_path / "out", tmp_path / "copy"
    with room() as scratch:
        while kills < 50:
            process = grade(course, harness, out, scratch)
            time.sleep(moments.uniform(0.2, 2.0))
            started = processes_of(process.pid)
            process.kill()
            process.communicate()
            for file in (out / "reports").glob("*.json"):  # whole, or not there
                assert decode(file.read_bytes()).status in (Status.GRADED, Status.UNREADABLE)
            kills += process.returncode == -signal.SIGKILL
            out.mkdir(exist_ok=True)
            shutil.copytree(out, copy)
            assert ended(grade(course, harness, copy, scratch))[0] == 3
            assert gradebook(copy) == clean
            gone(started)
            assert list(Path(scratch).iterdir()) == []
            assert boxes_of(scratch) == []
            shutil.rmtree(copy)
            if process.returncode != -signal.SIGKILL:  # it was done before
                shutil.rmtree(out)


@pytest.mark.long
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
        code, message = ended(grade(course, harness, tmp_path, scratch, env={"PATH": str(empty)}))
    assert code == 2
    assert "bubblewrap" in message
    assert list(tmp_path.rglob("*.json")) == []


@pytest.mark.long
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
        code, message = ended(process)
        assert code in (2, 3)
        assert "plumb: " in message or "not graded" in message
        for file in (tmp_path / "reports").glob("*.json"):
            report = json.loads(file.read_bytes())
            same = report["questions"] and report["score"] == clean[0][file.name]["score"]
            assert same or report["status"] in ("not_graded", "partly_graded", "unreadable")
        broken.unlink()
        assert ended(grade(course, harness, tmp_path, scratch, env=path))[0] == 3
        assert gradebook(tmp_path) == clean


def works(*command):
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


MOUNT = ("sh", "-c", "mount -t tmpfs none /mnt")
#: A shell that may mount, and the options that choose the box. Root in a namespace of users has no
#: other user that a box could run as.
DISKS = [
    pytest.param(
        ("unshare", "-rm"),
        "--sandbox none --trust-submissions",
        id="none",
        marks=[
            pytest.mark.long,
            pytest.mark.skipif(
                not works("unshare", "-rm", *MOUNT),
                reason="only users who may mount in namespaces of theirs can make a small disk",
            ),
        ],
    ),
    pytest.param(
        ("unshare", "-m"),
        "",
        id="bubblewrap",
        marks=[
            pytest.mark.long,
            pytest.mark.skipif(
                not works("unshare", "-m", *MOUNT),
                reason="only root can mount a small disk for a box",
            ),
        ],
    ),
]


def scripted(shell, script, scratch):
    """What a script printed, and the errors; there is no traceback among them."""
    environment = {**os.environ, "TMPDIR": str(scratch), "COLUMNS": "200"}
    done = subprocess.run(
        [*shell, "sh", "-c", script], capture_output=True, text=True, check=False, env=environment
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout, done.stderr


@pytest.mark.long
@pytest.mark.parametrize(("shell", "box"), DISKS)
def test_a_full_disk_stops_the_run_and_loses_nothing(course, harness, clean, shell, box, tmp_path):
    """The disk that reports are written to fills up; once there is space, the run goes on."""
    script = f"""
        mount -t tmpfs -o size=96k none {tmp_path}/disk
        head -c 56k /dev/zero > {tmp_path}/disk/filler
        run() {{ {PLUMB} grade {course} --harness {harness} --out {tmp_path}/disk/out --workers 2 \\
            {box}; }}
        run; echo first $?
        cp -r {tmp_path}/disk/out {tmp_path}/early
        mount -o remount,size=10m {tmp_path}/disk
        run; echo second $?
        cp -r {tmp_path}/disk/out {tmp_path}/copy
    """
    (tmp_path / "disk").mkdir()
    with room() as scratch:
        said, message = scripted(shell, script, scratch)
        assert list(Path(scratch).iterdir()) == []
    assert "first 2" in said, said + message
    assert "No space left on device" in message
    assert "second 3" in said
    same(tmp_path / "copy", clean, box)
    for file in (tmp_path / "early" / "reports").glob("*.json"):  # whole, and kept
        if decode(file.read_bytes()).status is Status.GRADED:
            assert file.read_bytes() == (tmp_path / "copy" / "reports" / file.name).read_bytes()


@pytest.mark.parametrize(("shell", "box"), DISKS)
def test_a_full_disk_under_the_submissions_is_no_zero(course, harness, clean, shell, box, tmp_path):
    """There is room for the harness and none for a box: nothing is graded, which is no grade."""
    script = f"""
        mount -t tmpfs -o size=160k none $TMPDIR
        run() {{ {PLUMB} grade {course} --harness {harness} --out {tmp_path}/out --workers 1 \\
            {box}; }}
        run; echo first $?
        cp -r {tmp_path}/out {tmp_path}/early
        mount -o remount,size=100m $TMPDIR
        run; echo second $?
        ls -A $TMPDIR
    """
    with room() as scratch:
        said, message = scripted(shell, script, scratch)
    assert "first 3" in said or "first 2" in said, said + message
    assert said.endswith("second 3\n"), said + message
    assert "No space left on device" in said + message
    for file in (tmp_path / "early").rglob("*.json"):
        report = decode(file.read_bytes())
        assert report.status in (Status.NOT_GRADED, Status.UNREADABLE), report.status
        assert report.graded_points == 0
    same(tmp_path / "out", clean, box)


@pytest.mark.long
@pytest.mark.parametrize(("shell", "box"), DISKS[1:])  # without one, students' files lie there too
def test_a_disk_that_fills_up_midway_is_no_zero(course, harness, clean, shell, box, tmp_path):
    """Who was graded before stays so, to the byte; who was not is not graded, and says why.

    What a submission leaves free is taken at once.
    """
    script = f"""
        mount -t tmpfs -o size=20m none $TMPDIR
        run() {{ {PLUMB} grade {course} --harness {harness} --out {tmp_path}/out --workers 1 \\
            {box}; }}
        run > {tmp_path}/lines & first=$!
        until [ -s {tmp_path}/lines ]; do sleep 0.02; done
        while kill -0 $first; do cat /dev/zero >> $TMPDIR/filler; sleep 0.01; done 2> /dev/null
        wait $first; echo first $?
        cp -r {tmp_path}/out {tmp_path}/early
        rm $TMPDIR/filler
        run; echo second $?
        ls -A $TMPDIR
    """
    with room() as scratch:
        said, message = scripted(shell, script, scratch)
    assert "first 3" in said, said + message
    assert said.endswith("second 3\n"), said + message
    statuses = set()
    for file in (tmp_path / "early" / "reports").iterdir():
        report = decode(file.read_bytes())
        statuses.add(report.status)
        if report.status is Status.GRADED:
            assert file.read_bytes() == (tmp_path / "out" / "reports" / file.name).read_bytes()
        elif report.status is not Status.UNREADABLE:
            assert report.score == report.graded_points == 0 or report.percent == 100
            assert "No space left on device" in report.reason
    assert {Status.GRADED, Status.NOT_GRADED} <= statuses
    same(tmp_path / "out", clean, box)


def same(out, clean, box):
    """Whether a gradebook is that of the clean run, but for the box that it tells of."""
    reports, pages, table = gradebook(out)
    if not box:
        assert reports == clean[0]
    assert {n: r["score"] for n, r in reports.items()} == {
        n: r["score"] for n, r in clean[0].items()
    }
    assert (pages, table) == clean[1:]


def packed(files):
    return zipped({name: data for name, data in files.items() if data is not None})


def spoilt(harness):
    """Its bytes, of which some inside a packed member are others."""
    data = bytearray(harness.read_bytes())
    with zipfile.ZipFile(harness) as archive:
        member = max(archive.infolist(), key=lambda one: one.compress_size)
    start = member.header_offset + 30 + len(member.filename)
    data[start + 20 : start + member.compress_size] = b"\xff" * (member.compress_size - 20)
    return bytes(data)


def otherwise(harness, method):
    """Its bytes, in which the first member's method of packing is another."""
    data = bytearray(harness.read_bytes())
    for magic, place in ((b"PK\3\4", 8), (b"PK\1\2", 10)):
        start = data.index(magic) + place
        data[start : start + 2] = method.to_bytes(2, "little")
    return bytes(data)


#: How a harness is broken: from its file and its members to the bytes of another.
BROKEN = {
    "no manifest": (lambda _, files: packed(files | {"harness.json": None}), "is no harness"),
    "half a manifest": (lambda _, files: packed(files | {"harness.json": b"{"}), "build it again"),
    "another version": (
        lambda _, files: packed(
            files | {"harness.json": files["harness.json"].replace(b'"format":4', b'"format":3')}
        ),
        "has format 3, this Plumbline reads 4",
    ),
    "expected outputs damaged": (
        lambda _, files: packed(
            {n: b"x" if n.startswith("expected/") else data for n, data in files.items()}
        ),
        "build it again",
    ),
    "garbage": (
        lambda _, files: random.Random(0).randbytes(9000),
        "harness.zip is damaged (File is not a zip file); build it again",
    ),
    "an empty file": (lambda _, files: b"", "harness.zip is damaged (File is not a zip file)"),
    "cut off": (
        lambda path, _: path.read_bytes()[:-100],
        "harness.zip is damaged (File is not a zip file); build it again",
    ),
    "spoilt on its way": (
        lambda path, _: spoilt(path),
        "harness.zip is damaged (Error -3 while decompressing data: ",
    ),
    "packed in a way it was not": (
        lambda path, _: otherwise(path, zipfile.ZIP_BZIP2),
        "harness.zip is damaged (Invalid data stream); build it again",
    ),
    "a member that leads out": (
        lambda _, files: packed(files | {"../out.py": b""}),
        "unexpected member '../out.py'",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_harness_that_cannot_be_used_says_why(course, harness, name, tmp_path, monkeypatch):
    change, message = BROKEN[name]
    with zipfile.ZipFile(harness) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    (tmp_path / "harness.zip").write_bytes(change(harness, files))
    with room() as scratch:
        monkeypatch.setattr(tempfile, "tempdir", scratch)
        done = plumb_here(
            "grade", course, "--harness", tmp_path / "harness.zip", "--out", tmp_path / "out",
            COLUMNS="200",
        )  # fmt: skip
        assert list(Path(scratch).iterdir()) == []
    assert (done.returncode, message in done.stderr) == (2, True), done.stderr
    assert not (tmp_path / "out").exists()


def test_a_harness_that_may_not_be_read_says_so(course, harness, tmp_path):
    closed = tmp_path / "harness.zip"
    closed.write_bytes(harness.read_bytes())
    closed.chmod(0)
    # Root keeps its files and loses the rights that let it read any other way.
    weak = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
    with room() as scratch:
        process = grade(course, closed, tmp_path / "out", scratch, through=weak)
        code, said = ended(process)
        assert list(Path(scratch).iterdir()) == []
    assert code == 2
    assert "harness.zip" in said
    assert "not readable" in said
    assert not (tmp_path / "out").exists()


def moved_over(path, data):
    path.with_suffix(".new").write_bytes(data)
    path.with_suffix(".new").replace(path)


@pytest.mark.parametrize(
    "replace",
    [
        pytest.param(moved_over, marks=pytest.mark.long),
        Path.write_bytes,
        pytest.param(lambda path, _: path.unlink(), marks=pytest.mark.long),
    ],
    ids=["moved over", "written over", "deleted"],
)
def test_a_harness_replaced_during_a_run_is_not_mixed_in(course, harness, clean, replace, tmp_path):
    """The run ends with the harness that it began with; the next one grades all by the other."""
    path, out = tmp_path / "harness.zip", tmp_path / "out"
    path.write_bytes(harness.read_bytes())
    with zipfile.ZipFile(harness) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files["checks/all.py"] = files["checks/all.py"].replace(b"points=2", b"points=9")
    with room() as scratch:
        process = grade(course, path, out, scratch)
        assert process.stdout.readline()
        replace(path, packed(files))
        assert ended(process)[0] == 3
        assert gradebook(out) == clean
        if replace is moved_over:
            assert ended(grade(course, path, out, scratch))[0] == 3
            points = {report["points"] for report in gradebook(out)[0].values()}
            assert points == {15}


@pytest.mark.long
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


#: Loaded before the C library: whoever asks for the time of day is told another century each time
#: that the clock that never jumps has gone on by 0.2 s.
JUMPING = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sys/time.h>
#include <time.h>
int clock_gettime(clockid_t which, struct timespec *told) {
    static int (*real)(clockid_t, struct timespec *);
    struct timespec steady;
    if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    int result = real(which, told);
    real(CLOCK_MONOTONIC, &steady);
    if (which == CLOCK_REALTIME && !result)
        told->tv_sec += (steady.tv_nsec / 200000000) % 2 ? 3000000000L : -900000000L;
    return result;
}
time_t time(time_t *told) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (told) *told = now.tv_sec;
    return now.tv_sec;
}
int gettimeofday(struct timeval *restrict told, void *restrict zone) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    told->tv_sec = now.tv_sec;
    told->tv_usec = now.tv_nsec / 1000;
    return 0;
}
"""


@pytest.mark.long
@pytest.mark.skipif(not shutil.which("cc"), reason="the clock is set by a library made here")
def test_a_clock_set_back_and_forward_during_a_run_changes_nothing(
    course, harness, clean, tmp_path
):
    """A run in the middle of which the clock is set, again and again; killed, and gone on with."""
    (tmp_path / "jumping.c").write_text(JUMPING)
    library = tmp_path / "jumping.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, tmp_path / "jumping.c"], check=True)
    jumping = {"LD_PRELOAD": str(library)}
    asked = "import time\nfor _ in range(9): print(int(time.time())); time.sleep(0.1)"
    done = subprocess.run(
        [sys.executable, "-c", asked], env=os.environ | jumping, capture_output=True, check=True
    )
    assert max(map(int, done.stdout.split())) - min(map(int, done.stdout.split())) > 3_000_000_000
    out = tmp_path / "out"
    with room() as scratch:
        began = time.monotonic()
        process = grade(course, harness, out, scratch, env=jumping)
        assert process.stdout.readline()
        assert process.stdout.readline()
        process.kill()
        process.communicate()
        early = {file.name: file.read_bytes() for file in (out / "reports").glob("*.json")}
        assert ended(grade(course, harness, out, scratch, env=jumping))[0] == 3
        took = time.monotonic() - began
        assert list(Path(scratch).iterdir()) == []
    assert gradebook(out) == clean
    after = {file.name: file.read_bytes() for file in (out / "reports").iterdir()}
    assert len(early) >= 2
    assert {n for n in early if early[n] != after[n]} <= {"gus.json"}  # unreadable: tried again
    for data in after.values():
        report = decode(data)
        assert abs(int(report.started[:4]) - time.gmtime().tm_year) > 20
        spans = [check.seconds for check in report.checks]
        assert min([report.seconds, *spans]) >= 0
        assert sum(spans) <= report.seconds + 0.1 <= took + 0.2
