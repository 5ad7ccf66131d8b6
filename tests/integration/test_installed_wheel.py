"""An installed wheel is enough: a course is released and graded where nothing knows this repo.

The venv lies in a home folder of mode 0700, which the user that boxes run as cannot enter.
"""

import csv
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from autograder.sandbox.unprivileged import run_as
from tests.hand_ins import hand_in
from tests.installed import build_wheel, installed, needed_distributions
from tests.numerics import WEEKS, hand_in_week, lay_out_course, wrong_verdicts

#: An ordinary user, who need not exist; None is the user that we are.
SOMEBODY = 4321
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


@pytest.fixture(scope="module")
def home():
    """A closed home folder with a venv; not below /tmp, which a box has of its own."""
    with tempfile.TemporaryDirectory(prefix="plumb-home-", dir="/var/tmp") as name:
        folder = Path(name, "home")
        folder.mkdir(mode=0o700)
        Path(name).chmod(0o755)
        installed(build_wheel(Path(name)), folder / "venv", also=["pandas"])  # of the third week
        yield folder


def call(home, uid, program, *arguments, within=""):
    """Run a program of the venv in the course, as a user; what it printed."""
    os.chown(home, *([uid, uid] if uid else [os.geteuid(), os.getegid()]))
    environment = {"HOME": str(home), "PATH": "/usr/bin:/bin", "COLUMNS": "200", "LANG": "C.UTF-8"}
    done = subprocess.run(
        [home / "venv/bin" / program, *arguments],
        cwd=home / "course" / within, env=environment, capture_output=True, text=True, check=False,
        **run_as(uid),
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def course(home):
    """An empty folder in the home."""
    folder = home / "course"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def scores(course, assignment):
    """By student, the points in the table of grades."""
    table = (course / "grades" / assignment / "grades.csv").read_text("utf-8")
    return {row["student"]: float(row["score"]) for row in csv.DictReader(table.splitlines())}


IMPORTS = """
import importlib, pkgutil, sys
import autograder, plumb, plumbline

for package in (autograder, plumb, plumbline):
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
print(*sorted(name for name in NAMES if importlib.util.find_spec(name)))
"""


def test_the_wheel_names_all_that_its_modules_import(home, course):
    """The venv has nothing else, such as what the tests alone need."""
    names = ("hypothesis", "pytest", "Cython", "msgspec", "mkdocs", "pandas")
    printed = call(home, None, "python", "-c", f"NAMES = {names}\n{IMPORTS}")
    assert printed.split() == ["msgspec", "pandas"]


def test_what_pip_would_install_is_found_by_markers_and_extras():
    assert "decorator" not in needed_distributions(["nbformat"])
    assert needed_distributions(["nbformat"]) >= {"nbformat", "jsonschema", "attrs", "traitlets"}
    assert needed_distributions(["pandas ; python_version < '3'"]) == set()
    assert needed_distributions(["pandas ; extra == 'tables'"]) == set()
    assert "pyarrow" not in needed_distributions(["pandas"])


#: The template's smallest assignment: a visible check of one point, a hidden one of two.
ANSWERS = {
    "right": {"root": "return a**0.5"},
    "wrong": {"root": "return 1.4142135623730951"},
    "untouched": {},
}


@pytest.mark.parametrize("uid", [None, pytest.param(SOMEBODY, marks=[AS_ROOT, pytest.mark.long])])
def test_an_empty_folder_becomes_a_graded_course_with_an_installed_wheel(home, course, uid):
    give(course, uid)
    call(home, uid, "plumb", "new", "hw1")
    assert "2 checks, worth 3 points: all is well" in call(home, uid, "plumb", "try")
    released = call(home, uid, "plumb", "release")
    assert "2 checks, 1 of them hidden, worth 3 points" in released
    for name, answers in ANSWERS.items():
        hand_in(course / "release/hw1/student.zip", course / "class" / name, answers)
    give(course, uid)
    call(home, uid, "plumb", "grade", "class")
    assert scores(course, "hw1") == {"right": 3, "wrong": 1, "untouched": 0}


@pytest.mark.long
def test_a_course_of_three_weeks_comes_to_the_known_verdicts(home, course):
    lay_out_course(course)
    assert call(home, None, "plumb", "try").count("all is well") == len(WEEKS)
    call(home, None, "plumb", "release")
    for week in WEEKS:
        handed_in = hand_in_week(course, week)
        call(home, None, "plumb", "grade", week, str(handed_in))
        assert wrong_verdicts(course, week) == {}
    annas = "handed_in/week1/anna/roots-week1"
    assert "3 passed" in call(home, None, "python", "-m", "selfcheck", within=annas)


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
