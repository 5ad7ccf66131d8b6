"""A venv of its own with Plumbline's wheel in it, as `pip install ./….whl` makes it.

Tests have no network: the wheel is built by the tools of the environment that runs the tests, and
what Plumbline needs is linked from it, file by file. Links to folders would not do, because a box
sees the venv alone.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

from tests.integration.conftest import ROOT

#: What is not linked: what the wheel brings, and large things that Plumbline does not need.
_OURS = ("plumb", "autograder", "_plumb", "cython", "Cython", "setuptools", "mypy", "hypothesis",
         "material", "mkdocs", "babel")  # fmt: skip


def build_wheel(folder: Path) -> Path:
    """The wheel of this source, built into a folder."""
    _pip("wheel", "--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", folder, ROOT)
    return next(folder.glob("*.whl"))


def installed(wheel: Path, place: Path) -> Path:
    """Make a venv in a place and install the wheel; the path of its ``plumb``."""
    venv.create(place, symlinks=True, with_pip=False)
    scheme = {"base": str(place), "platbase": str(place)}
    target = Path(sysconfig.get_path("purelib", "venv", scheme))
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        if not path.name.startswith(_OURS):
            _link(path, target / path.name)
    _pip("--python", place / "bin/python", "install", "--no-deps", "--no-index", wheel)
    for path in (place, *place.rglob("*")):  # whatever our umask is; linked files have two names
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
    return place / "bin" / "plumb"


def _link(path: Path, target: Path) -> None:
    """Link a file or all files of a folder; copy where that is another disk."""

    def link(source, copy):
        try:
            os.link(source, copy)
        except OSError:
            shutil.copyfile(source, copy)

    if path.is_dir():
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(path, target, copy_function=link, ignore=ignored, dirs_exist_ok=True)
    else:
        link(path, target)


def _pip(*arguments) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
