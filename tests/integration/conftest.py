"""An assignment that fits in a pocket, for tests that need a whole one."""

import fcntl
import tempfile
import textwrap
import zipfile
from pathlib import Path

import pytest

from autograder.grading.one_submission import grade
from autograder.harness import open_harness
from autograder.sandbox import backend
from autograder.submissions.submission import read_submission
from plumb.release import release

ROOT = Path(__file__).parents[2]
MODULE = '''\
"""Arithmetic."""


def double(x):
    """Twice x, any shape."""
    # BEGIN SOLUTION double
    # TODO: give back twice x.
    twice_the_input = x + x
    return twice_the_input
    # END SOLUTION double
'''
CHECKS = '''\
import numpy as np

from plumbline import check


@check("double", points=1, seed=1, visible=True)
def plain_case(student, rng):
    """Twice a matrix."""
    return {"out": student.arithmetic.double(rng.randn(2, 3))}


@check("double", points=2, seed=2, hint="Think of other sizes.")
def lurking_vector(student, rng):
    """Twice a vector nobody has seen."""
    return {"out": student.arithmetic.double(rng.randn(17))}


@check("double", points=1, seed=3)
def lurking_single(student, rng):
    """Single precision stays."""
    x = rng.randn(4).astype(np.float32)
    return {"dtype": str(student.arithmetic.double(x).dtype)}
'''
NOTEBOOK = """\
# %% [markdown] id="title"
# # In the pocket

# %% id="setup" role="setup"
from pocket.arithmetic import double

# %% id="try"
double(2)
"""
VARIANT = """\
package = "pocket"
notebooks = ["Pocket"]
"""
ASSIGNMENT = """\
name = "pocket"
title = "In the pocket"
package = "pocket"
[[notebooks]]
name = "Pocket"
title = "Pocket"
[[questions]]
id = "double"
title = "Doubling"
notebooks = ["Pocket"]
"""


class Pocket:
    """A small assignment on disk, its release, and submissions graded by it."""

    def __init__(self, folder):
        self.folder = folder
        self.out = folder / "release"
        self.harness = None
        self.write("solutions/pocket/__init__.py", '"""Pocket."""\n')
        self.write("solutions/pocket/arithmetic.py", MODULE)
        self.write("solutions/pocket/given.py", "def half(x):\n    return x / 2\n")
        self.write("solutions/pyproject.toml", '[project]\nname = "pocket"\nversion = "1"\n')
        self.write("assignment/checks/doubles.py", CHECKS)
        self.write("assignment/notebooks/Pocket.py", NOTEBOOK)
        self.write("assignment/handout/README.md", "# Pocket\n")
        self.write("assignment/variants/pocket.toml", VARIANT)
        self.write("assignment/assignment.toml", ASSIGNMENT)

    def write(self, path, text):
        """Write a file of the assignment, indentation taken off."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(textwrap.dedent(text))

    def also_has(self, question):
        """Add a question with checks, which the variant does not ask."""
        entry = f'[[questions]]\nid = "{question}"\ntitle = "More"\nnotebooks = ["Pocket"]\n'
        self.write("assignment/assignment.toml", ASSIGNMENT + entry)
        self.write("assignment/checks/more.py", CHECKS.replace('"double"', f'"{question}"'))
        self.write("assignment/variants/pocket.toml", f'{VARIANT}without = ["{question}"]\n')

    def release(self, out=None):
        """Build, record, audit and publish."""
        steps = []
        summary = release(
            self.folder / "assignment",
            self.folder / "solutions",
            out or self.out,
            "pocket",
            steps.append,
        )
        assert "writing" in steps
        return summary

    def members(self, name):
        """The files of a released archive; the students' ones lie in a folder of their own."""
        top = "pocket/" if name == "student.zip" else ""
        with zipfile.ZipFile(self.out / "pocket" / name) as archive:
            assert all(member.startswith(top) for member in archive.namelist())
            return {m.removeprefix(top): archive.read(m) for m in archive.namelist()}

    def grade(self, arithmetic, given=None):
        """The report of a submission with these modules, graded by the built harness."""
        if self.harness is None:
            self.release()
            path = self.out / "pocket" / "harness.zip"
            self.harness = open_harness(path, self.folder / "opened")
        with tempfile.TemporaryDirectory() as folder:
            submitted = Path(folder, "somebody")
            package = submitted / "pocket"
            package.mkdir(parents=True)
            (package / "arithmetic.py").write_text(textwrap.dedent(arithmetic))
            if given is not None:
                (package / "given.py").write_text(given)
            submission = read_submission(submitted, self.harness)
            return grade(self.harness, submission, backend("bubblewrap"))


@pytest.fixture
def pocket(tmp_path):
    """An assignment of a test's own, to be changed before it is released."""
    return Pocket(tmp_path)


@pytest.fixture(scope="session")
def released(tmp_path_factory):
    """An assignment as it is, released once, to grade submissions by."""
    return Pocket(tmp_path_factory.mktemp("released"))


@pytest.fixture(scope="session")
def release_variant(tmp_path_factory, worker_id):
    """Releases a variant of the real assignment, once for all workers; gives its out folder."""
    shared = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        shared = shared.parent

    def released(name="convnet"):
        out = shared / f"release-of-{name}"
        with open(shared / f"release-of-{name}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (out / "MANIFEST.json").is_file():
                release(ROOT / "assignment", ROOT / "solutions", out, name, lambda _: None)
        return out

    return released


@pytest.fixture(scope="session")
def release_folder(release_variant):
    """Where the default variant was released."""
    return release_variant()
