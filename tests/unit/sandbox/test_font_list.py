"""matplotlib's list of fonts is made once a machine, and leads into no box but read-only."""

import json
import os
import subprocess
import sys

import pytest

from autograder.box.plotting import FONTS, link_fonts
from autograder.grading.one_submission import grade
from autograder.sandbox import backend, font_list
from autograder.submissions.submission import read_submission
from tests.tiny import ANSWERS, handed_in, tiny_harness

#: Says whether matplotlib was imported before, what leads to the list, and who can change it.
DRAWS = """
import os, sys
early = "matplotlib.pyplot" in sys.modules
import matplotlib.pyplot
place = matplotlib.get_cachedir()

def double(x):
    (name,) = os.listdir(place)
    print(early, os.path.islink(f"{place}/{name}"), name.startswith("fontlist-"), end=" ")
    try:
        open(f"{place}/{name}", "a")
    except OSError:
        print("read-only")
    os.unlink(f"{place}/{name}")
    return x + x

def pair(x):
    return x, -x
"""


@pytest.fixture
def made(tmp_path, monkeypatch):
    """The folder with the list, in a cache of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return font_list.font_list.__wrapped__


def test_a_user_without_a_home_directory_grades_without_it(monkeypatch):
    for name in ("XDG_CACHE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "getuid", lambda: 61_234)  # nobody in the list of users
    assert font_list.font_list.__wrapped__() is None


def test_it_holds_the_fonts_that_a_box_sees_and_is_made_once(made, monkeypatch):
    folder = made()
    (file,) = folder.iterdir()
    entries = json.loads(file.read_text())["ttflist"]
    assert any("DejaVuSans" in entry["fname"] for entry in entries)
    assert all(
        not entry["fname"].startswith("/") or entry["fname"].startswith("/usr/")
        for entry in entries
    )
    monkeypatch.setattr(font_list, "_search_fonts", lambda _: pytest.fail("searched again"))
    assert made() == folder


def test_without_room_for_it_each_box_makes_its_own(made, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert made() is None


def test_matplotlib_takes_the_list_that_is_linked(made, tmp_path, monkeypatch):
    run, config = tmp_path / "run", tmp_path / "config"
    run.mkdir()
    made().rename(run / FONTS)
    monkeypatch.setenv("MPLCONFIGDIR", str(config))
    for _ in range(2):  # a second time changes nothing
        link_fonts(run)
    (link,) = config.iterdir()
    changed = link.stat().st_mtime_ns
    subprocess.run([sys.executable, "-c", "import matplotlib.pyplot"], check=True)
    assert link.is_symlink()
    assert link.stat().st_mtime_ns == changed
    assert [path.name for path in config.iterdir()] == [link.name]


def test_no_list_links_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("MPLCONFIGDIR", str(tmp_path / "config"))
    link_fonts(tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_module_that_draws_finds_the_list_in_each_check(tmp_path):
    harness = tiny_harness(tmp_path)
    path = handed_in(tmp_path / "anna", ANSWERS | {"ops.py": DRAWS})
    report = grade(harness, read_submission(path, harness), backend("bubblewrap"))
    printed = [check.output for check in report.checks if check.question == "double"]
    assert printed == ["True True True read-only\n"] * 2
    assert report.score == 8
