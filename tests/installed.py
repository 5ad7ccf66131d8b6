"""A venv of its own with Plumbline's wheel in it, as `pip install ./….whl` makes it.

Tests have no network: the wheel is built by the tools of the environment that runs the tests, and
what the wheel says that it needs is linked from there, file by file. Nothing else is: a dependency
that the wheel does not name is missing in the venv. Links to folders would not do, because a box
sees the venv alone.
"""

import importlib.metadata
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Iterable
from email.parser import HeaderParser
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.integration.conftest import ROOT


def build_wheel(folder: Path) -> Path:
    """The wheel of this source, built into a folder."""
    _pip("wheel", "--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", folder, ROOT)
    return next(folder.glob("*.whl"))


def requirements_of(wheel: Path) -> list[str]:
    """What a wheel says that it needs."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
        metadata = HeaderParser().parsestr(archive.read(name).decode())
    return metadata.get_all("Requires-Dist", [])


def needed_distributions(requirements: Iterable[str]) -> set[str]:
    """The installed distributions that pip would install for these requirements, by their names."""
    found: set[str] = set()
    waiting = [(Requirement(text), frozenset[str]()) for text in requirements]
    seen = set()
    while waiting:
        requirement, extras = waiting.pop()
        marker = requirement.marker
        if marker and not any(marker.evaluate({"extra": extra}) for extra in {"", *extras}):
            continue
        name, wanted = canonicalize_name(requirement.name), frozenset(requirement.extras)
        if (name, wanted) not in seen:
            seen.add((name, wanted))
            found.add(name)
            needs = importlib.metadata.requires(name) or []
            waiting += [(Requirement(text), wanted) for text in needs]
    return found


def installed(wheel: Path, place: Path, also: Iterable[str] = ()) -> Path:
    """Make a venv in a place and install the wheel; the path of its ``plumb``.

    Args:
        also: requirements that are installed beside, such as those of a course.
    """
    venv.create(place, symlinks=True, with_pip=False)
    scheme = {"base": str(place), "platbase": str(place)}
    target = Path(sysconfig.get_path("purelib", "venv", scheme))
    for name in needed_distributions([*requirements_of(wheel), *also]):
        for file in importlib.metadata.distribution(name).files or ():
            if ".." not in file.parts and "__pycache__" not in file.parts:
                _link(Path(file.locate()), target / file)
    _pip("--python", place / "bin/python", "install", "--no-deps", "--no-index", wheel)
    for path in (place, *place.rglob("*")):  # whatever our umask is; linked files have two names
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
    return place / "bin" / "plumb"


def _link(path: Path, target: Path) -> None:
    """Link a file; copy it where that is another disk."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(path, target)
    except OSError:
        shutil.copyfile(path, target)


def _pip(*arguments) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
