"""The package ``selfcheck`` is the engine's own files, and needs nothing but NumPy."""

import ast
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

import autograder
from tests.integration.conftest import Pocket

OURS = ("autograder", "plumb", "plumbline")
STUB = 'raise NotImplementedError("TODO: double")'


@pytest.fixture(scope="module")
def student_zip(tmp_path_factory):
    """The zip that students of a small assignment get."""
    pocket = Pocket(tmp_path_factory.mktemp("pocket"))
    pocket.release()
    return pocket.out / "pocket" / "student.zip"


@pytest.fixture(scope="module")
def files(student_zip):
    """The files of ``selfcheck`` by their paths."""
    with zipfile.ZipFile(student_zip) as archive:
        names = {n.removeprefix("pocket/"): n for n in archive.namelist()}
        return {n: archive.read(m) for n, m in names.items() if n.startswith("selfcheck/")}


@pytest.fixture
def run(student_zip, tmp_path):
    """Runs Python in the unpacked zip, with NumPy but without our packages."""
    home, installed = tmp_path / "home" / "pocket", tmp_path / "installed"
    with zipfile.ZipFile(student_zip) as archive:
        archive.extractall(home.parent)
    installed.mkdir()
    numpy = Path(np.__file__).parent
    for folder in (numpy, numpy.with_name("numpy.libs")):
        if folder.is_dir():
            (installed / folder.name).symlink_to(folder)

    def python(*arguments):
        # With -S no site-packages are on the path, and no .pth file leads to our packages.
        return subprocess.run(
            [sys.executable, "-S", *arguments],
            cwd=home,
            env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(installed)},
            capture_output=True,
            text=True,
            check=False,
        )

    return home, python


@pytest.mark.parametrize(("room", "name"), [("core", "core"), ("selfcheck", "tool")])
def test_the_engines_rooms_are_copied_byte_for_byte(files, room, name):
    folder = Path(autograder.__file__).parent / room
    engine = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.py")}
    start = f"selfcheck/{name}/"
    copied = {n.removeprefix(start): data for n, data in files.items() if n.startswith(start)}
    assert copied == engine
    assert len(engine) > 5


def test_no_file_imports_the_engine(files):
    sources = {name: data.decode() for name, data in files.items() if name.endswith(".py")}
    assert "selfcheck/checks/doubles.py" in sources
    imported = {
        (name, module.partition(".")[0])
        for name, source in sources.items()
        for node in ast.walk(ast.parse(source))
        for module in absolute_imports(node)
    }
    found = {(name, module) for name, module in imported if module in OURS}
    # The public name of the checks; selfcheck answers to it while it loads them.
    assert found == {("selfcheck/checks/doubles.py", "plumbline")}


def absolute_imports(node):
    """The modules that a statement imports by their full name."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level == 0:
        return [node.module]
    return []


def test_our_packages_cannot_be_imported_there(run):
    _, python = run
    for package in OURS:
        done = python("-c", f"import numpy, {package}")
        assert f"No module named '{package}'" in done.stderr


def test_it_runs_without_our_packages(run):
    home, python = run
    done = python("-m", "selfcheck")
    assert done.returncode == 1, done.stderr
    assert "not written yet" in done.stdout
    stub = home / "pocket" / "arithmetic.py"
    stub.write_text(stub.read_text().replace(STUB, "return 2 * x"))
    done = python("-m", "selfcheck")
    assert done.returncode == 0, done.stdout + done.stderr
    done = python("-c", "from selfcheck import check; assert check('double')")
    assert done.returncode == 0, done.stdout + done.stderr
