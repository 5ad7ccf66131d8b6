"""A class as course sites give it, graded: hostile and broken archives are rows with a reason."""

import bz2
import csv
import functools
import gzip
import io
import json
import lzma
import os
import random
import resource
import stat
import subprocess
import sys
import tarfile
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.errors import SubmissionError
from autograder.grading.batch import grade_jobs, report_absent
from autograder.grading.resume import read_reports
from autograder.limits import MIB
from autograder.records import Status
from autograder.sites import SITES
from autograder.submissions.archive import read_files
from autograder.submissions.archive_limits import MAX_MEMBERS, MAX_SMALL, MAX_TOTAL
from autograder.submissions.find_submissions import find_submissions
from autograder.submissions.roster import parse_roster
from tests.tiny import ANSWER_CELL, ANSWERS, notebook, tiny_harness, zipped

PLUMB = Path(sys.executable).parent / "plumb"
WORK = {
    **{f"tiny/{name}": text for name, text in ANSWERS.items()},
    "Tiny.ipynb": notebook({"id": "best", "source": ANSWER_CELL}),
}
RIGHT = zipped(WORK)


def tarred(files=(), odd=(), mode="w:gz"):
    """A tar archive of files, and of members of other kinds: name, type, target."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:
        for name, kind, target in odd:
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, target
            archive.addfile(member)
        for name, data in dict(files).items():
            data = data if isinstance(data, bytes) else data.encode()
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


def patched(data, where, value):
    """The zip with bytes of its first list entry replaced."""
    data = bytearray(data)
    place = data.index(b"PK\x01\x02") + where
    data[place : place + len(value)] = value
    return bytes(data)


def encrypted():
    data = bytearray(patched(RIGHT, 8, b"\x01\x00"))
    data[6] |= 1
    return bytes(data)


def linked_zip():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, target in (("tiny", "/tmp"), ("tiny/ops.py", "/etc/passwd")):
            link = zipfile.ZipInfo(name)
            link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
            archive.writestr(link, target)
    return buffer.getvalue()


LINK, HARD = tarfile.SYMTYPE, tarfile.LNKTYPE
#: What is handed in, and what the reason must say. Large archives are packed where they are used.
HOSTILE = {
    "slip.zip": (zipped({"../../slipped.py": "x", "/slipped.py": "x"}), "leads out"),
    "slip.tar.gz": (tarred({"../../slipped.py": "x", "/slipped.py": "x"}), "leads out"),
    "drive.zip": (zipped({"C:\\slipped\\ops.py": "x", "C:/ops.py": "x"}), "absolute"),
    "symlinks.zip": (linked_zip(), "not a regular file"),
    "symlinks.tar": (tarred(odd=[("ops.py", LINK, "/etc/passwd")], mode="w"), "not a regular"),
    "through.tar": (
        tarred({"out/slipped.txt": "x"}, [("out", LINK, "..")], "w"), "not a regular"
    ),
    "hard.tar.bz2": (tarred(odd=[("ops.py", HARD, "/etc/passwd")], mode="w:bz2"), "not a regular"),
    "fifo.tar.xz": (tarred(odd=[("ops.py", tarfile.FIFOTYPE, "")], mode="w:xz"), "not a regular"),
    "device.tar": (tarred(odd=[("ops.py", tarfile.CHRTYPE, "")], mode="w"), "not a regular"),
    "bomb.zip": (lambda: zipped({"ops.py": bytes(64 * MIB)}), "larger than 1 MiB"),
    "bombs.zip": (
        lambda: zipped({f"{n}.py": bytes(2 * MIB) for n in range(200)}), "are larger than"
    ),
    "nested.zip": (zipped({"in.zip": zipped({"in.zip": RIGHT})}), "holds none of"),
    "ratio.tar.gz": (
        lambda: gzip.compress(bytes(MAX_SMALL + MIB), 9), "unpacked it is larger than"
    ),
    "lying.zip": (patched(RIGHT, 24, (3).to_bytes(4, "little")), "damaged"),
    "many.zip": (
        lambda: zipped({f"{n}.txt": "" for n in range(MAX_MEMBERS + 1)}), "more than 50000 files"
    ),
    "bidi.zip": (zipped({"o\u202eps.py": "x", "ta\x07b.py": "x"}), "control characters"),
    "device_name.zip": (zipped({"con.py": "x", "aux/ops.py": "x"}), "device on Windows"),
    "kinds.zip": (zipped({"a.pth": "import os", "b.so": "x", ".ops.py": "x"}), "holds none of"),
    "clash.zip": (zipped({"x.py": "x", "x.py/ops.pyx": "y"}), "holds none of"),
    "encrypted.zip": (encrypted(), "without a password"),
    "garbage.zip": (b"this is no archive" * 100, "damaged"),
    "garbage.tar.xz": (random.Random(1).randbytes(5000), "damaged"),
    "empty.zip": (b"", "damaged"),
    "rare.zip": (patched(RIGHT, 10, b"\x0c\x00"), "rare method"),
    "cut.zip": (RIGHT[: len(RIGHT) // 2], "damaged"),
    "cut.tar.gz": (tarred(WORK)[:300], "damaged"),
    "headers.tar": (
        tarfile.TarInfo.create_pax_global_header({"comment": "x" * 50_000}) * 9 + bytes(1024),
        "headers of an absurd size",
    ),
}  # fmt: skip


@functools.cache
def hostile(name):
    data = HOSTILE[name][0]
    return data() if callable(data) else data


@pytest.fixture(scope="module")
def harness(tmp_path_factory):
    return tiny_harness(tmp_path_factory.mktemp("tiny"))


def grade(paths, harness, out, roster=None):
    found = find_submissions(paths, harness, SITES, roster)
    done = {f.job.student: f for f in grade_jobs(found.jobs, harness, "none", out, workers=2)}
    return {student: finished.report for student, finished in done.items()}, found


def tree(folder):
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*"))


@pytest.mark.parametrize("site", [pytest.param("folder", marks=pytest.mark.long), "canvas.zip"])
def test_every_hostile_archive_is_a_row_with_a_reason(harness, tmp_path, site):
    files = {name: hostile(name) for name in HOSTILE}
    numbered = {name: f"{name.replace('.', '')}_{n}_{n}_{name}" for n, name in enumerate(files)}
    handed = {(numbered[name] if site != "folder" else name): d for name, d in files.items()}
    honest = "honest_99_99_hw.zip" if site != "folder" else "honest.zip"
    handed[honest] = RIGHT
    room = tmp_path / "room" / "inner"
    room.mkdir(parents=True)
    if site == "folder":
        for name, data in handed.items():
            (room / name).write_bytes(data)
        path = room
    else:
        path = room / site
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in handed.items():
                archive.writestr(name, data)
    before = tree(tmp_path / "room")
    reports, _ = grade([path], harness, tmp_path / "out")
    assert tree(tmp_path / "room") == before
    assert sorted(tree(tmp_path)) == sorted(
        ["out", "out/reports", "room", *(f"room/{name}" for name in before),
         *(f"out/reports/{student}.json" for student in reports)]
    )  # fmt: skip
    by_name = {report.submission.name: report for report in reports.values()}
    assert set(by_name) == set(handed)
    for name, (_, words) in HOSTILE.items():
        report = by_name[name if site == "folder" else numbered[name]]
        assert (name, report.status) == (name, Status.UNREADABLE)
        assert words in report.reason, (name, report.reason)
    assert by_name[honest].score == 8


def test_late_marks_attempts_and_absence_reach_the_reports(harness, tmp_path):
    files = {
        "onestudent_LATE_1001_50009_hw1-1.zip": RIGHT,
        "onestudent_LATE_1001_50001_hw1.zip": b"old",
        "twostudent_1002_50002_hw1.zip": zipped({**WORK, "data/a.npz": "x", "b.npz": "x"}),
    }
    path = tmp_path / "bulk.zip"
    path.write_bytes(zipped(files))
    roster = parse_roster(b"id,name\ns1,Student One\ns2,Student Two\ns3,Student Three\n")
    reports, found = grade([path], harness, tmp_path / "out", roster)
    one = reports["s1"]
    assert (one.score, one.name, one.submission.late) == (8, "Student One", True)
    assert (one.submission.site, one.submission.attempt) == ("Canvas", 2)
    assert one.submission.earlier == ["onestudent_LATE_1001_50001_hw1.zip"]
    assert one.submission.name == "onestudent_LATE_1001_50009_hw1-1.zip"
    assert reports["s2"].submission.unread == {".npz": 2}
    (missing,) = report_absent(found.absent, harness, tmp_path / "out")
    assert (missing.student, missing.status, missing.name) == (
        "s3", Status.ABSENT, "Student Three"
    )  # fmt: skip
    assert {r.student for r in read_reports(tmp_path / "out")} == {"s1", "s2", "s3"}


def test_a_download_is_not_graded_twice_and_changes_are_seen(harness, tmp_path):
    path = tmp_path / "bulk.zip"
    names = ["onestudent_1001_51_hw.zip", "twostudent_1002_52_hw.zip"]

    def again(files):
        path.write_bytes(zipped(files))
        jobs = find_submissions([path], harness, SITES).jobs
        return {f.job.student: f.reused for f in grade_jobs(jobs, harness, "none", tmp_path)}

    first = dict.fromkeys(names, RIGHT)
    assert set(again(first).values()) == {False}
    assert set(again(first).values()) == {True}
    assert again({names[0]: RIGHT, names[1]: zipped({"ops.py": "x"})}) == {
        "onestudent_1001": True, "twostudent_1002": False
    }  # fmt: skip
    late = {names[0].replace("_", "_LATE_", 1): RIGHT, names[1]: zipped({"ops.py": "x"})}
    assert again(late)["onestudent_1001"] is False


def test_a_missing_student_never_replaces_a_graded_one(harness, tmp_path):
    roster = parse_roster(b"id\ns1\ns2\n")
    for name in ("s1.zip", "s2.zip"):
        (tmp_path / name).write_bytes(RIGHT)
    out = tmp_path / "out"
    _, found = grade([tmp_path / "s1.zip"], harness, out, roster)
    assert [r.student for r in report_absent(found.absent, harness, out)] == ["s2"]
    _, found = grade([tmp_path / "s2.zip"], harness, out, roster)
    assert [job.student for job in found.absent] == ["s1"]
    assert report_absent(found.absent, harness, out) == []
    assert {r.student: r.score for r in read_reports(out)} == {"s1": 8, "s2": 8}


def plumb(*arguments):
    return subprocess.run(
        [PLUMB, *map(str, arguments)], capture_output=True, text=True, check=False,
        env={**os.environ, "COLUMNS": "120"},
    )  # fmt: skip


@pytest.mark.long
def test_the_command_grades_a_download_by_the_roster(tmp_path):
    harness = tiny_harness(tmp_path)
    files = {
        "onestudent_LATE_1001_50001_hw.zip": RIGHT,
        "stranger_1009_50002_hw.zip": zipped({"ops.py": ANSWERS["ops.py"]}),
    }
    bulk, roster, out = tmp_path / "bulk.zip", tmp_path / "class.csv", tmp_path / "out"
    bulk.write_bytes(zipped(files))
    roster.write_text("student_id,name\ns1,Student One\ns2,=Two\n")
    common = ("--harness", harness.folder.parent / "harness.zip", "--sandbox", "none",
              "--trust-submissions")  # fmt: skip
    done = plumb("grade", bulk, "--roster", roster, *common, "--out", out)
    assert done.returncode == 0, done.stderr
    assert "stranger_1009_50002_hw.zip is by nobody on the roster" in done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines()][-1] == "s2"
    text = (out / "grades.csv").read_text("utf-8")
    rows = {row["student"]: row for row in csv.DictReader(io.StringIO(text))}
    assert set(rows) == {"s1", "s2", "stranger_1009"}
    assert (rows["s1"]["late"], rows["s1"]["score"], rows["s1"]["name"]) == (
        "yes", "8", "Student One"
    )  # fmt: skip
    assert (rows["s2"]["status"], rows["s2"]["score"], rows["s2"]["name"]) == (
        "absent",
        "",
        "'=Two",
    )
    assert "not handed in" in (out / "index.html").read_text("utf-8")
    assert sorted(p.name for p in (out / "feedback").iterdir()) == ["s1.html", "stranger_1009.html"]
    assert json.loads((out / "reports" / "s1.json").read_bytes())["submission"]["late"] is True

    found = plumb("rerun", bulk, "--student", "s1", "--roster", roster, *common)
    assert "8 of 8 points" in found.stdout, found.stderr
    found = plumb("rerun", bulk, "--student", "s11", "--roster", roster, *common)
    assert found.returncode == 2
    assert "nothing of a student 's11'; did you mean s1?" in " ".join(found.stderr.split())

    roster.write_text("student_id\ns1\ns1\n")
    done = plumb("grade", bulk, "--roster", roster, *common, "--out", out)
    assert done.returncode == 2
    assert "class.csv: line 3: the id s1 stands in line 2 already" in " ".join(done.stderr.split())


# Fuzzing. Whatever it is given, the reader of archives raises SubmissionError alone, holds no more
# than this many bytes in Python and takes no more than so many from the system.
MOST_TRACED = MAX_TOTAL + 64 * MIB
MOST_GROWN = 512 * MIB

names = st.text(st.sampled_from("ab/.\\:\x00\u202eA\uff41 ~"), max_size=12).map(lambda n: n + ".py")
contents = st.one_of(
    st.binary(max_size=60),
    st.just(bytes(MIB + 1)),
    st.just(RIGHT),
)
members = st.lists(st.tuples(st.one_of(names, st.just("in.zip")), contents), max_size=4)


def zip_entry(name):
    """An entry with exactly this name, which `zipfile` would tidy."""
    entry = zipfile.ZipInfo("a")
    entry.filename = entry.orig_filename = name
    return entry


@st.composite
def archives(draw):
    """An archive's name and bytes, some of them spoilt."""
    kind = draw(st.sampled_from(["zip", "tar", "tar.gz", "tar.bz2", "tar.xz"]))
    files = draw(members)
    buffer = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(buffer, "w", draw(st.sampled_from([0, 8]))) as archive:
            for name, data in dict(files).items():
                archive.writestr(zip_entry(name), data)
        data = buffer.getvalue()
    else:
        types = [tarfile.REGTYPE, tarfile.SYMTYPE, tarfile.GNUTYPE_SPARSE, tarfile.XGLTYPE]
        with tarfile.open(fileobj=buffer, mode="w", format=draw(st.integers(0, 2))) as archive:
            for name, data in files:
                member = tarfile.TarInfo(name.replace("\x00", ""))
                member.type, member.size = draw(st.sampled_from(types)), len(data)
                archive.addfile(member, io.BytesIO(data))
        pack = {"tar": bytes, "tar.gz": gzip.compress, "tar.bz2": bz2.compress}
        data = pack.get(kind, lzma.compress)(buffer.getvalue())
    spoilt = bytearray(data)
    for _ in range(draw(st.integers(0, 3))):
        # Most of what can be spoilt stands at the start and at the end.
        at = draw(st.integers(0, min(600, len(spoilt)))) * draw(st.sampled_from([1, -1]))
        noise = draw(st.binary(min_size=1, max_size=12))
        place = at % max(1, len(spoilt))
        spoilt[place : place + len(noise)] = noise
    return f"a.{kind}", bytes(spoilt)


@settings(max_examples=200)
@given(archives())
def test_no_archive_makes_the_reader_raise_anything_else_or_take_much_memory(
    tmp_path_factory, packed
):
    name, data = packed
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(data)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    tracemalloc.start()
    try:
        found = read_files(path)
    except SubmissionError:
        pass
    else:
        assert set(map(type, found.files.values())) <= {bytes}
        assert sum(map(len, found.files.values())) <= MAX_TOTAL
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < MOST_TRACED
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MOST_GROWN // 1024


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_no_hostile_archive_takes_much_memory(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(hostile(name))
    tracemalloc.start()
    try:
        read_files(path)
    except SubmissionError:
        pass
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < MOST_TRACED
