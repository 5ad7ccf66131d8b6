"""An installed wheel is enough: a course is released and graded where nothing knows this repo.

The venv lies in a home folder of mode 0700, which the user that boxes run as cannot enter.
"""

import csv
import os
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path

import pytest

from autograder.sandbox.unprivileged import run_as
from tests.installed import build_wheel, installed
from tests.integration.conftest import Pocket

#: An ordinary user, who need not exist; None is the user that we are.
SOMEBODY = 4321
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
ANSWERS = {"right": "return x + x", "wrong": "return x + 1", "untouched": None}


@pytest.fixture(scope="module")
def home():
    """A closed home folder with a venv; not below /tmp, which a box has of its own."""
    with tempfile.TemporaryDirectory(prefix="plumb-home-", dir="/var/tmp") as name:
        folder = Path(name, "home")
        folder.mkdir(mode=0o700)
        Path(name).chmod(0o755)
        installed(build_wheel(Path(name)), folder / "venv")
        yield folder


def call(home, uid, program, *arguments):
    """Run a program of the venv in the course, as a user; what it printed."""
    os.chown(home, *([uid, uid] if uid else [os.geteuid(), os.getegid()]))
    environment = {"HOME": str(home), "PATH": "/usr/bin:/bin", "COLUMNS": "200", "LANG": "C.UTF-8"}
    done = subprocess.run(
        [home / "venv/bin" / program, *arguments],
        cwd=home / "course", env=environment, capture_output=True, text=True, check=False,
        **run_as(uid),
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("uid", [None, pytest.param(SOMEBODY, marks=[AS_ROOT, pytest.mark.long])])
def test_a_course_is_released_and_graded_from_an_installed_wheel(home, uid):
    course = home / "course"
    shutil.rmtree(course, ignore_errors=True)
    Pocket(course)
    give(course, uid)
    released = call(home, uid, "plumb", "release", "--variant", "pocket")
    assert "3 checks, 2 of them hidden" in released
    for name, answer in ANSWERS.items():
        hand_in(course, name, answer)
    give(course, uid)
    harness = "release/pocket/harness.zip"
    call(home, uid, "plumb", "grade", "class", "--harness", harness, "--out", "grades")
    rows = csv.DictReader((course / "grades/grades.csv").read_text("utf-8").splitlines())
    scores = {row["student"]: float(row["score"]) for row in rows}
    assert scores == {"right": 4, "wrong": 1, "untouched": 0}


def hand_in(course, name, answer):
    """Unpack the students' package for somebody and write the answer into it."""
    folder = course / "class" / name
    with zipfile.ZipFile(course / "release/pocket/student.zip") as archive:
        archive.extractall(folder)
    module = folder / "pocket/pocket/arithmetic.py"
    stub = 'raise NotImplementedError("TODO: double")'
    text = module.read_text()
    assert stub in text
    if answer is not None:
        module.write_text(text.replace(stub, answer))


def give(folder, uid):
    """Make a folder and all that is in it a user's own."""
    if uid is not None:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, uid, uid)


HONEST = """
import sys
from pathlib import Path
from autograder.limits import Limits
from autograder.sandbox import backend
from autograder.sandbox.session import StudentSession

with StudentSession(backend("bubblewrap"), Path(sys.argv[1]), "pocket", Limits()) as session:
    with session.student(seed=0, seconds=20) as student:
        print(student.m.prefix())
"""


@pytest.mark.parametrize("uid", [None, pytest.param(SOMEBODY, marks=AS_ROOT)])
def test_a_venv_below_the_folder_for_temporary_files_is_shown_to_the_box(home, uid):
    (home / "course").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="plumb-venv-", dir="/tmp") as name:
        Path(name).chmod(0o755)
        elsewhere = home.rename(Path(name, "home"))
        run = Path(name, "run")
        package = run / "package/pocket"
        package.mkdir(parents=True)
        package.joinpath("__init__.py").touch()
        package.joinpath("m.py").write_text("import sys\ndef prefix(): return sys.prefix\n")
        give(run, uid)
        try:
            printed = call(elsewhere, uid, "python", "-c", HONEST, str(run))
        finally:
            elsewhere.rename(home)
    assert printed.strip() == "/environment"
