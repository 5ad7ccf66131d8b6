"""A release, end to end, of an assignment that fits in a pocket: published, or refused."""

import io
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from autograder.core.errors import UserError
from autograder.errors import CheckError, MarkerError, ReleaseRefused
from autograder.harness import open_harness
from autograder.submissions.submission import read_submission
from tests.integration.conftest import MODULE, NOTEBOOK
from tests.integration.student import unpacked


def test_a_release_holds_what_each_side_needs_and_no_more(pocket):
    summary = pocket.release()
    assert (summary.checks, summary.hidden, summary.points) == (3, 2, 4)
    student, harness = pocket.members("student.zip"), pocket.members("harness.zip")
    assert {"README.md", "Pocket.ipynb", "pocket/arithmetic.py", "pocket/given.py",
            "pyproject.toml", "selfcheck/__main__.py", "selfcheck/checks/doubles.py",
            "selfcheck/core/compare.py", "selfcheck/expected/expected.json",
            } <= set(student)  # fmt: skip
    assert {"harness.json", "checks/doubles.py", "expected/expected.npz", "notebooks/Pocket.ipynb",
            "package/pocket/arithmetic.py", "package/pocket/given.py"} <= set(harness)  # fmt: skip
    everything = b"".join([*student.values(), *harness.values()])
    assert b"twice_the_input" not in everything
    assert b'raise NotImplementedError("TODO: double")' in student["pocket/arithmetic.py"]
    handed_out = b"".join(student.values())
    assert b"lurking" not in handed_out
    assert b"plain_case" in handed_out
    assert b"autograder" not in student["selfcheck/checks/doubles.py"]


def test_twice_in_a_row_gives_the_same_bytes(pocket):
    pocket.release()
    pocket.release(pocket.folder / "again")
    for name in ("pocket/student.zip", "pocket/harness.zip", "MANIFEST.json"):
        first, second = pocket.out / name, pocket.folder / "again" / name
        assert first.read_bytes() == second.read_bytes()
    manifest = json.loads((pocket.out / "MANIFEST.json").read_text())
    assert set(manifest) == {"pocket/student.zip", "pocket/harness.zip"}


def test_the_students_package_checks_itself(pocket):
    pocket.release()
    home = unpacked(pocket.out, "pocket", pocket.folder / "home")
    command = [sys.executable, "-m", "selfcheck"]
    done = subprocess.run(command, cwd=home, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "not written yet" in done.stdout
    stub = home / "pocket" / "arithmetic.py"
    text = stub.read_text().replace('raise NotImplementedError("TODO: double")', "return 2 * x")
    stub.write_text(text)
    done = subprocess.run(command, cwd=home, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    given = json.loads((home / "selfcheck" / "assignment.json").read_text())["given"]
    assert set(given) == {"README.md", "pocket/__init__.py", "pocket/given.py", "pyproject.toml"}
    done = subprocess.run(
        [*command, "submit", "--no-checks"], cwd=home, capture_output=True, text=True, check=False
    )
    assert "WARNING" not in done.stdout
    assert "Not handed in" not in done.stdout


def test_the_folder_that_a_student_unpacked_is_read_when_it_is_handed_in_whole(pocket):
    pocket.release()
    home = unpacked(pocket.out, "pocket", pocket.folder / "home")
    assert home.name == "pocket"  # as the package in it is called
    stub = home / "pocket" / "arithmetic.py"
    text = stub.read_text().replace('raise NotImplementedError("TODO: double")', "return 2 * x")
    stub.write_text(text)
    archive = shutil.make_archive(pocket.folder / "ada", "zip", home.parent, "pocket")
    harness = open_harness(pocket.out / "pocket" / "harness.zip", pocket.folder / "harness")
    for handed_in in (Path(archive), home, home.parent):
        submission = read_submission(handed_in, harness)
        assert submission.notes == ()
        assert b"return 2 * x" in submission.modules["arithmetic.py"]


@pytest.mark.parametrize(
    ("path", "old", "new", "error", "words"),
    [
        ("solutions/pocket/arithmetic.py", "END SOLUTION double", "END SOLUTION triple",
         MarkerError, r"arithmetic\.py:10: "),
        ("assignment/notebooks/Pocket.py", "double(2)", "# END SOLUTION x",
         MarkerError, r"Pocket\.py:8: "),
        ("assignment/checks/doubles.py", "import numpy as np\n", "import numpy as np\n1 / 0\n",
         CheckError, r"doubles\.py:2: ZeroDivisionError"),
        ("assignment/checks/doubles.py", "rng.randn(17)", "rng.randn(17)[99]",
         CheckError, r"doubles\.py:15: double\.lurking_vector raised IndexError"),
        ("assignment/checks/doubles.py", "student.arithmetic.double(rng.randn(17))", "np.nan",
         CheckError, r"doubles\.py:\d+: double\.lurking_vector: out is not finite"),
        ("assignment/checks/doubles.py", "student.arithmetic.double(rng.randn(17))",
         "student.arithmetic.treble(2)", CheckError, r"lurking_vector does not get through"),
        ("assignment/checks/doubles.py", 'check("double", points=1, seed=3)',
         'check("treble", points=1, seed=3)', UserError, r"doubles\.py:\d+: .*'treble'"),
        ("assignment/checks/doubles.py", "seed=1, visible=True", "seed=1",
         UserError, "at least one visible and one hidden"),
        ("assignment/checks/doubles.py", "student.arithmetic.double(rng.randn(17))",
         "rng.randn(17)", ReleaseRefused, "the untouched stubs earn 2 on double.lurking_vector"),
        ("assignment/handout/README.md", "# Pocket", "# Pocket\n    twice_the_input = x + x",
         ReleaseRefused, r"student\.zip: README\.md:2: a line of the solution"),
        ("assignment/variants/pocket.toml", 'package = "pocket"',
         'package = "pocket"\npoints = 5', UserError, "says 5 points, .* add up to 4"),
        ("assignment/handout/README.md", "# Pocket", "see double.lurking_vector",
         ReleaseRefused, r"README\.md: the hidden check lurking_vector is named"),
        ("assignment/checks/doubles.py", "rng.randn(17))}", "rng.randn(17))}\n"
         "    twice_the_input = x + x", ReleaseRefused, r"harness\.zip: checks/doubles\.py:16"),
    ],
)  # fmt: skip
def test_a_mistake_of_the_instructors_stops_the_release(pocket, path, old, new, error, words):
    text = (pocket.folder / path).read_text()
    assert old in text
    (pocket.folder / path).write_text(text.replace(old, new))
    with pytest.raises(error, match=words):
        pocket.release()
    assert not pocket.out.exists()


def test_a_solution_in_a_notebook_checkpoint_or_an_archive_of_the_handout_is_found(pocket):
    pocket.write("assignment/handout/.ipynb_checkpoints/x.txt", "twice_the_input = x + x\n")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("deep/layers.py", "twice_the_input = x + x\n")
    (pocket.folder / "assignment/handout/extra.zip").write_bytes(buffer.getvalue())
    with pytest.raises(ReleaseRefused) as info:
        pocket.release()
    text = "\n".join(info.value.findings)
    assert ".ipynb_checkpoints/x.txt:1" in text
    assert "extra.zip!deep/layers.py:1" in text


def test_a_copy_of_a_solution_that_was_never_stripped_is_found(pocket):
    lines = [line for line in MODULE.splitlines() if "SOLUTION" not in line]
    pocket.write("solutions/pocket/old_arithmetic.py", "\n".join(lines) + "\n")
    with pytest.raises(ReleaseRefused, match=r"student\.zip: pocket/old_arithmetic\.py:7"):
        pocket.release()


def test_a_copy_in_a_hidden_folder_of_the_solutions_is_not_released(pocket):
    pocket.write("solutions/pocket/.ipynb_checkpoints/arithmetic-checkpoint.py", MODULE)
    pocket.release()
    assert not any("checkpoint" in name for name in pocket.members("student.zip"))


def test_a_region_that_stands_in_a_module_and_a_notebook_is_refused(pocket):
    cell = '# %% id="mine" role="answer"\n# BEGIN SOLUTION double\n# TODO: x\ny = 1\n'
    pocket.write("assignment/notebooks/Pocket.py", f"{NOTEBOOK}\n{cell}# END SOLUTION double\n")
    with pytest.raises(MarkerError, match="double"):
        pocket.release()


def test_a_reference_that_fails_its_own_checks_is_refused(pocket):
    """Random numbers of its own make the reference differ from what was recorded."""
    pocket.write(
        "solutions/pocket/arithmetic.py",
        MODULE.replace("x + x", "x + x + __import__('os').urandom(1)[0]"),
    )
    with pytest.raises(ReleaseRefused, match="the reference does not pass double"):
        pocket.release()
