"""``plumb leaderboard`` as its users call it: a class in, a ranked page and tables out."""

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import msgspec
import numpy as np
import pytest

from autograder.harness import Leaderboard
from tests.commands import plumb_here
from tests.processes import DEADLINE_S, started, wait_until
from tests.tiny import MANIFEST, handed_in, tiny_harness, zipped

PLUMB = Path(sys.executable).parent / "plumb"
LABELS = np.arange(20) % 10


def plumb(*arguments):
    environment = {**os.environ, "COLUMNS": "100"}
    return subprocess.run(
        [PLUMB, *map(str, arguments)], capture_output=True, text=True, check=False, env=environment
    )


def npy(array):
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def right(count):
    """Predictions of which so many are right."""
    return npy(np.where(np.arange(20) < count, LABELS, (LABELS + 1) % 10))


# The default is frozen, and so no trap.
def harness_with(folder, labels=LABELS, form=Leaderboard(phases=2, classes=10), data=b""):  # noqa: B008
    """The tiny harness with a leaderboard in it, as a zip."""
    folder.mkdir(parents=True)
    tiny_harness(folder)
    path = folder / "harness.zip"
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = msgspec.structs.replace(MANIFEST, leaderboard=form)
    if data:
        manifest = msgspec.structs.replace(manifest, data="small")
        files["grader_data/small.npz"] = data
    files["harness.json"] = msgspec.json.encode(manifest)
    if labels is not None:
        files["leaderboard/labels.npy"] = npy(labels)
    path.write_bytes(zipped(files))
    return path


@pytest.fixture(scope="session")
def harness(tmp_path_factory):
    return harness_with(tmp_path_factory.mktemp("board") / "harness")


@pytest.fixture
def submissions(tmp_path):
    """A folder, a zip of the course folder, a tar, a bare zip."""
    folder = tmp_path / "class"
    anna = handed_in(folder / "anna")
    (anna / "output" / "phase_1").mkdir(parents=True)
    (anna / "output" / "phase_1" / "prediction.npy").write_bytes(right(15))
    (anna / "output" / "nickname.txt").write_text("lion\n")
    (folder / "ben.zip").write_bytes(zipped({
        "hw/tiny/ops.py": "raise SystemExit", "hw/output/phase_1/prediction.npy": right(18),
        "hw/output/phase_2/prediction.npy": right(3), "hw/output/nickname.txt": "<i>Ｌion</i>",
    }))  # fmt: skip
    with tarfile.open(folder / "cleo.tar.gz", "w:gz") as archive:
        for name, data in (("phase_1/prediction.npy", right(15)), ("nickname.txt", b"LION")):
            member = tarfile.TarInfo(f"hw/output/{name}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    bare = zipped({"prediction.npy": right(7)})
    (folder / "dan_prediction_phase_1.zip").write_bytes(bare)
    return folder


def table(out, name="leaderboard.csv"):
    return list(csv.DictReader((out / name).read_text("utf-8").splitlines()))


def ranked(out, phase="1"):
    rows = [row for row in table(out, "leaderboard-staff.csv") if row["phase"] == phase]
    return [(row["rank"], row["student"], row["right"], row["entries"]) for row in rows]


def test_a_class_is_ranked_on_a_page_and_in_tables(harness, submissions, tmp_path):
    out = tmp_path / "out"
    done = plumb("leaderboard", submissions, "--harness", harness, "--out", out)
    assert done.returncode == 0, done.stderr
    first, *others = done.stdout.splitlines()
    assert first == "Phase 1"
    assert others[0].split() == [
        "1",
        "<i>Ｌion</i>",
        "90",
        "%",
        "18/20",
        "1",
        "entry",
    ]
    assert [line.split()[:3] for line in others[1:3]] == [["2", "lion", "75"], ["2", "LION", "(2)"]]
    assert others[3].startswith("   4  anonymous ")
    assert ranked(out) == [
        ("1", "ben", "18", "1"), ("2", "anna", "15", "1"), ("2", "cleo", "15", "1"),
        ("4", "dan", "7", "1"),
    ]  # fmt: skip
    assert ranked(out, "2") == [("1", "ben", "3", "1")]
    rows = table(out)
    assert [row["nickname"] for row in rows][:3] == ["<i>Ｌion</i>", "lion", "LION (2)"]
    assert rows[0]["accuracy"] == "0.9"
    page = (out / "leaderboard.html").read_text("utf-8")
    assert "&lt;i&gt;Ｌion&lt;/i&gt;" in page
    assert "Content-Security-Policy" in page
    public = page + (out / "leaderboard.csv").read_text("utf-8") + done.stdout
    for student in ("anna", "ben", "cleo", "dan"):
        assert student not in public
    assert str(out / "leaderboard.html") in done.stderr


def test_a_course_site_s_download_is_ranked_by_the_roster_s_ids(harness, tmp_path):
    download = tmp_path / "submissions.zip"
    zips = {
        "lovelaceada_21_801_hw.zip": zipped({"hw/output/phase_1/prediction.npy": right(15)}),
        "byronanna_LATE_22_802_prediction_phase_1.zip": zipped({"prediction.npy": right(18)}),
    }
    download.write_bytes(zipped(zips))
    roster = tmp_path / "class.csv"
    roster.write_text("student_id,name\ns-1,Ada Lovelace\ns-2,Anna Byron\ns-3,Nobody\n")
    done = plumb(
        "leaderboard", download, "--roster", roster, "--harness", harness, "--out", tmp_path / "b"
    )
    assert done.returncode == 0, done.stderr
    assert ranked(tmp_path / "b") == [("1", "s-2", "18", "1"), ("2", "s-1", "15", "1")]
    assert "1 of the roster handed in nothing" in done.stderr


def test_faults_are_sentences_and_stop_nobody(harness, submissions, tmp_path):
    bad = {
        "eve.zip": zipped({"output/phase_1/prediction.npy": npy(np.arange(20) / 1.0)}),
        "fay.zip": b"this is no archive",
        "gil.zip": zipped({"tiny/ops.py": ""}),
        "hal.zip": zipped({"output/phase_1/prediction.npy": right(20),
                           "output/phase_2/prediction.npy": right(20)[:-3]}),
    }  # fmt: skip
    for name, data in bad.items():
        (submissions / name).write_bytes(data)
    out = tmp_path / "out"
    done = plumb("leaderboard", submissions, "--harness", harness, "--out", out)
    assert done.returncode == 3
    lines = done.stderr.splitlines()
    assert lines[0] == (
        "eve.zip: phase 1: it holds float64 numbers; save integers: preds.astype(int)"
    )
    assert lines[1].startswith("fay.zip: the archive is damaged")
    assert lines[2].startswith("gil.zip: it holds no predictions; they belong in output/phase_1/")
    assert lines[3].startswith("hal.zip: phase 2: it is cut off")
    assert "Traceback" not in done.stderr
    assert len(lines) == 5
    assert ranked(out)[:2] == [("1", "hal", "20", "1"), ("2", "ben", "18", "1")]
    faults = {(r["phase"], r["student"]): r["fault"] for r in table(out, "leaderboard-staff.csv")}
    assert "astype(int)" in faults["1", "eve"]
    assert "damaged" in faults["", "fay"]
    assert "cut off" in faults["2", "hal"]
    assert faults["1", "hal"] == ""


def without_minute(out):
    """The files of a board, without the minute of the run, which is on the page."""
    minute = rb"Ranked \d{4}-\d\d-\d\d \d\d:\d\d UTC"
    page = out / "leaderboard.html"
    assert len(re.findall(minute, page.read_bytes())) == 1
    return {path.name: re.sub(minute, b"", path.read_bytes()) for path in out.iterdir()}


def test_later_runs_keep_the_best_and_the_names(harness, submissions, tmp_path):
    out = tmp_path / "out"
    command = ("leaderboard", submissions, "--harness", harness, "--out", out)
    assert plumb(*command).returncode == 0
    first = without_minute(out)
    assert plumb(*command).returncode == 0
    assert without_minute(out) == first
    prediction = submissions / "anna" / "output" / "phase_1" / "prediction.npy"
    prediction.write_bytes(right(19))
    (submissions / "ben.zip").write_bytes(zipped({"output/phase_1/prediction.npy": right(2)}))
    (submissions / "cleo.tar.gz").unlink()
    assert plumb(*command).returncode == 0
    assert ranked(out) == [
        ("1", "anna", "19", "2"), ("2", "ben", "18", "2"), ("3", "cleo", "15", "1"),
        ("4", "dan", "7", "1"),
    ]  # fmt: skip
    assert [row["nickname"] for row in table(out)][:3] == ["lion", "<i>Ｌion</i>", "LION (2)"]
    assert json.loads((out / "leaderboard.json").read_text())["students"]["anna"]["best"]["1"][
        "right"
    ] == 19  # fmt: skip


@pytest.mark.parametrize(("shape", "words"), [((1, 2, 2), "20 images"), ((3,), "20 examples")])
def test_the_page_says_what_is_predicted(submissions, tmp_path, shape, words):
    parts = {f"{x}_{part}": np.zeros((10, *shape) if x == "X" else 10, np.uint8)
             for x in "Xy" for part in ("train", "val", "test")}  # fmt: skip
    stream = io.BytesIO()
    np.savez(stream, **parts)
    harness = harness_with(tmp_path / "harness", data=stream.getvalue())
    done = plumb_here("leaderboard", submissions, "--harness", harness, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert words in (tmp_path / "out" / "leaderboard.html").read_text("utf-8")


def test_numbers_are_ranked_by_their_error(tmp_path):
    labels = np.linspace(0, 1, 20)
    harness = harness_with(tmp_path / "harness", labels=labels, form=Leaderboard())
    crowd, out = tmp_path / "class", tmp_path / "out"
    crowd.mkdir()
    entries = {
        "anna": labels + 0.5, "ben": labels - 0.25, "cleo": (labels + 0.5).astype(np.float32),
        "dan": np.where(labels == 1, np.nan, labels), "eve": labels.reshape(20, 1),
    }  # fmt: skip
    for name, array in entries.items():
        content = zipped({"output/phase_1/prediction.npy": npy(array)})
        (crowd / f"{name}.zip").write_bytes(content)
    command = ("leaderboard", crowd, "--harness", harness, "--out", out)
    done = plumb_here(*command, COLUMNS="100")
    assert done.returncode == 3
    assert "dan.zip: phase 1: prediction 19 is not finite (1 of 20 are not)" in done.stderr
    assert "eve.zip: phase 1: its shape is (20, 1), not (20,); preds.reshape(20,)" in done.stderr
    assert done.stdout.splitlines()[0] == "Phase 1: RMSE, the smaller the better"
    rows = table(out, "leaderboard-staff.csv")
    assert {row["student"]: (row["rank"], row["rmse"]) for row in rows} == {
        "ben": ("1", "0.25"), "anna": ("2", "0.5"), "cleo": ("2", "0.5"),
        "dan": ("", ""), "eve": ("", ""),
    }  # fmt: skip
    assert rows[0]["student"] == "ben"
    assert "20 examples" in (out / "leaderboard.html").read_text("utf-8")
    better = zipped({"output/phase_1/prediction.npy": npy(labels + 0.125)})
    (crowd / "anna.zip").write_bytes(better)
    assert plumb_here(*command, COLUMNS="100").returncode == 3
    first = table(out, "leaderboard-staff.csv")[0]
    assert (first["student"], first["rmse"], first["entries"]) == ("anna", "0.125", "2")


def test_a_submission_can_be_named_itself(harness, submissions, tmp_path):
    named = [submissions / "anna", submissions / "dan_prediction_phase_1.zip"]
    done = plumb("leaderboard", *named, "--harness", harness, "--out", tmp_path / "o")
    assert done.returncode == 0, done.stderr
    assert [student for _, student, _, _ in ranked(tmp_path / "o")] == ["anna", "dan"]


def test_a_users_mistake_is_a_sentence(harness, submissions, tmp_path):
    out = tmp_path / "out"

    def fails(words, harness=harness, path=submissions):
        done = plumb_here("leaderboard", path, "--harness", harness, "--out", out, COLUMNS="100")
        assert done.returncode == 2, done.stdout
        assert words in done.stderr

    fails("this variant has no leaderboard", harness_with(tmp_path / "a", form=None))
    fails("build the harness again", harness_with(tmp_path / "b", labels=None))
    fails("build the harness again", harness_with(tmp_path / "c", labels=LABELS * 1j))
    fails("does not exist", path=tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    assert not out.exists()
    assert plumb("leaderboard", submissions, "--harness", harness, "--out", out).returncode == 0
    before = (out / "leaderboard.json").read_bytes()
    fails("other labels", harness_with(tmp_path / "d", labels=LABELS[::-1]))
    assert (out / "leaderboard.json").read_bytes() == before


def test_ctrl_c_keeps_what_was_scored(harness, tmp_path):
    crowd = tmp_path / "crowd"
    crowd.mkdir()
    for number in range(1500):
        archive = zipped({"output/phase_1/prediction.npy": right(number % 20)})
        (crowd / f"s{number:04}.zip").write_bytes(archive)
    out = tmp_path / "out"
    command = [PLUMB, "leaderboard", crowd, "--harness", harness, "--out", out]
    with started(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert wait_until((out / "leaderboard.json").is_file)
        running.send_signal(signal.SIGINT)
        _, stderr = running.communicate(timeout=DEADLINE_S)
    assert running.returncode == 130
    assert "is kept in" in stderr
    kept = json.loads((out / "leaderboard.json").read_text())
    assert 0 < len(kept["students"]) < 1500
    assert len(table(out)) == len(kept["students"])
    assert not list(out.glob(".*"))


def test_the_command_has_help_with_an_example():
    done = plumb_here("leaderboard", "--help")
    assert done.returncode == 0
    assert "plumb leaderboard" in done.stdout.partition("Example")[2]
