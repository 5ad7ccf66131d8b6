"""The page *Your first assignment*, followed to the letter in a folder that is empty."""

import json
import os
import re
import shlex
import subprocess
import sys
import textwrap
import zipfile
from pathlib import Path

import pytest

from tests.pages import blocks

PAGE = blocks("first-assignment")
TITLED = {block.title: block.text for block in PAGE if block.language == "python"}
COURSE, STUDENT = "in the course's folder", "in the student's folder"
#: Where the page says that the course lies.
HOME = "/home/you/numerics"
STUB = '    raise NotImplementedError("TODO: root")\n'


def said(text, course=HOME):
    """What is printed, without what is another each time: the seconds, and which is first."""
    text = re.sub(r"\([\d.]+ s\)", "(some s)", text.replace(str(course), HOME))
    return sorted(line.rstrip() for line in text.splitlines() if line.strip())


def commands(block):
    """The commands of a block, each with what it prints."""
    parts = re.split(r"^\$ (.+)\n", block.text, flags=re.M)
    assert parts[0] == "", "a block of commands begins with one"
    return list(zip(parts[1::2], parts[2::2], strict=True))


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return tmp_path_factory.mktemp("numerics")


def run(command, folder):
    bin_folder = Path(sys.executable).parent
    environment = dict(os.environ)
    environment["PATH"] = f"{bin_folder}{os.pathsep}{environment['PATH']}"
    environment |= {"COLUMNS": "80", "PYTHONIOENCODING": "utf-8"}
    if command.startswith("python "):
        environment.pop("PYTHONPATH", None)  # a student has nothing of ours
    done = subprocess.run(
        shlex.split(command), cwd=folder, env=environment, encoding="utf-8",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    return done.stdout


def unpack(course, name, answer=None):
    """What a student has after unpacking the release, and writing this answer."""
    with zipfile.ZipFile(course / "release/hw1/student.zip") as archive:
        archive.extractall(course / name)
    path = course / name / "hw1/hw1.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    (cell,) = (cell for cell in notebook["cells"] if STUB in cell["source"])
    assert "".join(cell["source"]) + "\n" == TITLED["the stub in hw1.ipynb"]
    if answer is not None:
        place = cell["source"].index(STUB)
        cell["source"][place] = textwrap.indent(answer, "    ")
    path.write_text(json.dumps(notebook), "utf-8")
    return path


def collect(course):
    """What the course site gives: everybody's archive, in one."""
    with zipfile.ZipFile(course / "download.zip", "w") as download:
        download.write(course / "anna/hw1/hw1.zip", "anna.zip")
        for name in ("ben", "cleo"):
            with zipfile.ZipFile(course / f"{name}.zip", "w") as archive:
                archive.write(course / name / "hw1/hw1.ipynb", "hw1.ipynb")
            download.write(course / f"{name}.zip", f"{name}.zip")


@pytest.mark.long
def test_every_command_prints_what_the_page_says(course):
    for block in PAGE:
        for command, output in commands(block) if block.language == "console" else ():
            if block.title == STUDENT and not (course / "anna").exists():
                unpack(course, "anna", TITLED["Anna's answer"])
            if command.startswith("plumb grade"):
                unpack(course, "ben", TITLED["Ben's answer"])
                unpack(course, "cleo")
                collect(course)
            folder = {COURSE: course, STUDENT: course / "anna/hw1"}[block.title]
            assert said(run(command, folder), course) == said(output), command
    for name in ("hw1/hw1.py", "hw1/checks.py"):
        assert (course / name).read_text("utf-8") == TITLED[name]
    assert (course / "grades/hw1/index.html").is_file()


def test_six_commands_lead_to_a_graded_class():
    every = [c for b in PAGE if b.language == "console" for c, _ in commands(b)]
    assert every[0].startswith("plumb new ")
    assert every[-1].startswith("plumb grade ")
    assert len(every) <= 6


def test_the_assignment_has_two_files_of_25_lines_at_most():
    files = [text for title, text in TITLED.items() if title.startswith("hw1/")]
    assert len(files) == 2
    assert sum(len(text.splitlines()) for text in files) <= 25
