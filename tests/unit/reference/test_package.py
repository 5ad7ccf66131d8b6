"""The package as a student installs it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.compiler import hasty_compiler

SOLUTIONS = Path(__file__).parents[3] / "solutions"


def build(folder, *names, **environment):
    """Build the extension alone, in a folder of its own."""
    kernels = [
        path.relative_to(SOLUTIONS) for path in (SOLUTIONS / "convnet").glob("_kernels*.[hp]*")
    ]
    for name in ("setup.py", "pyproject.toml", "convnet/__init__.py", *kernels, *names):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(SOLUTIONS / name, folder / name)
    return subprocess.run(
        [sys.executable, "setup.py", "-q", "build_ext", "--inplace"],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_a_compiler_the_build_succeeds_and_leaves_the_extension_out(tmp_path):
    done = build(tmp_path, CC="false")
    assert done.returncode == 0, done.stderr
    assert "convnet._kernels" in done.stderr
    assert not list(tmp_path.rglob("_kernels.*.so"))


@pytest.mark.long
def test_a_compiler_without_vectors_builds_plain_loops(tmp_path):
    """Such as an older one of the family, which takes itself for one that has them."""
    lacking = "-D__builtin_convertvector=not_built_in"
    done = build(tmp_path, CC=hasty_compiler(tmp_path), CFLAGS=lacking)
    assert done.returncode == 0, done.stderr
    script = "from convnet import _kernels; print(_kernels.vectors())"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == "plain loops\n"
