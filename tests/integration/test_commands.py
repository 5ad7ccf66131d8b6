"""The commands as their users call them: what they print, what they leave, how they end."""

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.commands import plumb_here
from tests.processes import DEADLINE_S, endless_checks, session_of, started, wait_until

PLUMB = Path(sys.executable).parent / "plumb"
RIGHT = "def double(x):\n    return 2 * x\n"
WRONG = "def double(x):\n    print('<b>hello</b>')\n    return x + 1\n"


def plumb(*arguments, **options):
    command = [PLUMB, *map(str, arguments)]
    environment = {**os.environ, "COLUMNS": "120"} | options.pop("env", {})
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env=environment, **options
    )


def table(out):
    return list(csv.DictReader((out / "grades.csv").read_text("utf-8").splitlines()))


@pytest.fixture(scope="session")
def harness(released):
    if released.harness is None:
        released.grade(RIGHT)
    return released.out / "pocket" / "harness.zip"


@pytest.fixture(scope="module")
def graded(harness, tmp_path_factory):
    """A class graded once: its submissions, what the command said, and what it left."""
    folder = tmp_path_factory.mktemp("graded")
    for name, text in (("anna", RIGHT), ("ben", WRONG)):
        package = folder / "class" / name / "pocket"
        package.mkdir(parents=True)
        (package / "arithmetic.py").write_text(text)
    with zipfile.ZipFile(folder / "class" / "cleo.zip", "w") as archive:
        stub = 'def double(x):\n    raise NotImplementedError("TODO: double")\n'
        archive.writestr("top/pocket/arithmetic.py", stub)
    out = folder / "out"
    done = plumb("grade", folder / "class", "--harness", harness, "--out", out, "--workers", 2)
    return folder / "class", done, out


@pytest.fixture
def submissions(graded, tmp_path):
    """A class: one right, one wrong, one untouched as a zip; a test's own, to be changed."""
    return shutil.copytree(graded[0], tmp_path / "class")


@pytest.fixture
def out(graded, tmp_path):
    """What a run over that class left; a test's own, to be added to."""
    return shutil.copytree(graded[2], tmp_path / "out")


def test_grade_leaves_a_report_and_a_page_for_each_and_an_overview(graded):
    _, done, out = graded
    assert done.returncode == 0, done.stderr
    lines = sorted(done.stdout.splitlines())
    assert [line.split()[:2] for line in lines] == [
        ["anna", "4/4"],
        ["ben", "1/4"],
        ["cleo", "0/4"],
    ]
    assert str(out / "index.html") in done.stderr
    for name in ("anna", "ben", "cleo"):
        report = json.loads((out / "reports" / f"{name}.json").read_text())
        assert report["student"] == name
        page = (out / "feedback" / f"{name}.html").read_text()
        assert "Content-Security-Policy" in page
        assert "lurking" not in page
        assert "<b>hello" not in page
    rows = table(out)
    assert [(row["student"], row["score"], row["double"]) for row in rows] == [
        ("anna", "4", "4"), ("ben", "1", "1"), ("cleo", "0", "0"),
    ]  # fmt: skip
    assert "lurking_vector" in (out / "index.html").read_text()


@pytest.mark.long
def test_a_second_run_grades_only_what_is_new(harness, submissions, out):
    command = ("grade", submissions, "--harness", harness, "--out", out)
    first = {path.name: path.read_bytes() for path in (out / "reports").iterdir()}
    (submissions / "ben" / "pocket" / "arithmetic.py").write_text(RIGHT)
    assert "ben" in plumb(*command).stdout
    second = {path.name: path.read_bytes() for path in (out / "reports").iterdir()}
    assert {name for name in first if first[name] != second[name]} == {"ben.json"}


@pytest.mark.long
def test_grading_one_again_keeps_the_others_in_the_table(harness, submissions, out):
    (submissions / "ben" / "pocket" / "arithmetic.py").write_text(RIGHT)
    assert plumb("grade", submissions / "ben", "--harness", harness, "--out", out).returncode == 0
    assert [(row["student"], row["score"]) for row in table(out)] == [
        ("anna", "4"), ("ben", "4"), ("cleo", "0"),
    ]  # fmt: skip
    assert "anna" in (out / "index.html").read_text()


def test_what_cannot_be_read_leaves_a_row_with_the_reason_and_exit_code_3(
    harness, submissions, out
):
    (submissions / "dan.zip").write_bytes(b"this is no archive")
    done = plumb("grade", submissions, "--harness", harness, "--out", out)
    assert done.returncode == 3
    rows = {row["student"]: row for row in table(out)}
    assert set(rows) == {"anna", "ben", "cleo", "dan"}
    assert rows["dan"]["status"] == "unreadable"
    assert "dan.zip" in rows["dan"]["reason"]
    assert rows["anna"]["score"] == "4"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["grade", "nowhere", "--harness", "HARNESS", "--out", "OUT"], "nowhere does not exist"),
        (["grade", ".", "--harness", "missing.zip", "--out", "OUT"], "`plumb release`"),
        (["grade", ".", "--harness", __file__, "--out", "OUT"], "damaged"),
        (["grade", ".", "--harness", "HARNESS", "--out", "OUT", "--sandbox", "jail"], "no sandbox"),
        (["grade", ".", "--harness", "HARNESS", "--out", "OUT", "--sandbox", "none"],
         "--trust-submissions"),
        (["rerun", ".", "dubble", "--harness", "HARNESS"], "did you mean double"),
        (["release", "--assignment", "nowhere"], "nowhere"),
        (["release", "--variant", "nosuch"], "there are"),
    ],
)  # fmt: skip
def test_a_users_mistake_is_a_sentence_not_a_traceback(
    harness, tmp_path, arguments, words, monkeypatch
):
    (tmp_path / "empty").mkdir()
    for name in ("assignment", "solutions"):
        (tmp_path / "empty" / name).symlink_to(Path(__file__).parents[2] / name)
    spelled = [{"HARNESS": str(harness), "OUT": str(tmp_path / "o")}.get(a, a) for a in arguments]
    monkeypatch.chdir(tmp_path / "empty")
    done = plumb_here(*spelled)
    assert done.returncode == 2, done.stdout
    assert words in " ".join(done.stderr.split())


@pytest.mark.long
def test_without_a_sandbox_every_page_says_so(harness, submissions, tmp_path):
    out = tmp_path / "out"
    done = plumb(
        "grade", submissions, "--harness", harness, "--out", out, "--sandbox", "none",
        "--trust-submissions",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "NO SANDBOX" in done.stderr
    report = json.loads((out / "reports" / "anna.json").read_text())
    assert report["score"] == 4
    assert report["sandbox"]["isolated"] is False
    for page in (out / "index.html", out / "feedback" / "anna.html"):
        assert "without a sandbox" in page.read_text().casefold()


def test_without_bubblewrap_it_says_what_to_install(harness, submissions, tmp_path):
    done = plumb(
        "grade", submissions, "--harness", harness, "--out", tmp_path / "o",
        env={"PATH": "/nowhere"},
    )  # fmt: skip
    assert done.returncode == 2
    assert "apt-get install bubblewrap" in done.stderr


@pytest.mark.long
def test_rerun_shows_what_a_teaching_assistant_needs(harness, submissions):
    done = plumb("rerun", submissions / "ben", "lurking_vector", "--harness", harness)
    assert done.returncode == 0, done.stderr
    for words in (
        "double.lurking_vector",
        "not right",
        "0/2",
        "17 of 17 elements differ",
        "out, observed:",
        "out, expected:",
        "<b>hello</b>",
        "Think of other sizes.",
    ):
        assert words in done.stdout  # fmt: skip
    table = plumb("rerun", submissions / "ben", "--harness", harness)
    assert "double.plain_case" in table.stdout
    assert "1 of 4 points" in table.stdout


@pytest.mark.parametrize("command", ["release", "grade", "rerun", "leaderboard", "doctor"])
def test_every_command_has_help_with_an_example(command):
    done = plumb_here(command, "--help")
    assert done.returncode == 0
    assert f"plumb {command}" in done.stdout.partition("Example")[2]


def test_ctrl_c_keeps_what_is_finished_and_leaves_no_process(harness, submissions, tmp_path):
    slow = submissions / "zoe" / "pocket"
    slow.mkdir(parents=True)
    (slow / "arithmetic.py").write_text("def double(x):\n    while True: pass\n")
    out = tmp_path / "out"
    command = [PLUMB, "grade", submissions, "--harness", harness, "--out", out, "--workers", "2"]
    with started(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        for _ in range(3):
            assert running.stdout.readline()
        assert wait_until(lambda: endless_checks(running.pid) == 1)
        running.send_signal(signal.SIGINT)
        _, stderr = running.communicate(timeout=DEADLINE_S)
        assert wait_until(lambda: not session_of(running.pid))  # what was killed has still to end
    assert running.returncode == 130
    assert "3 of 4 reports are finished and kept" in stderr
    assert {row["student"] for row in table(out)} == {
        "anna", "ben", "cleo",
    }  # fmt: skip
