"""Compiles the given Cython modules of a package for this machine, and keeps them in a cache.

Only the harness's own source is compiled, never a submission's.
"""

from __future__ import annotations

import hashlib
import platform
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from autograder.sandbox.machine_cache import made_once

#: Seconds after which we take it that the compiler hangs.
_COMPILER_TIMEOUT_S = 600
#: Part of the cache's keys: to be changed when what is compiled, or how, changes.
_FORMAT = "2"
_NOT_COMPILED = "the given extension could not be compiled here, and so is not used: "

#: What compiles. Only assignments with ``.pyx`` files need these packages.
BUILDERS = ("cython", "setuptools")

#: Runs in a process of its own, because setuptools changes the process that it runs in.
_BUILD = """
import sys
from pathlib import Path

import numpy
from Cython.Build import cythonize
from setuptools import Extension, setup

root = Path(sys.argv[1])
extensions = [
    Extension(
        ".".join(path.relative_to(root).with_suffix("").parts),
        [str(path.relative_to(root))],
        include_dirs=[numpy.get_include()],
        define_macros=[("NPY_NO_DEPRECATED_API", "NPY_1_7_API_VERSION")],
        # The compiler may turn loops over numbers into vector instructions. No -march=native: the
        # cache may lie on a disk that other machines share. Code that needs newer instructions
        # tests for them when it runs.
        extra_compile_args=["-O3", "-fno-math-errno", "-fno-trapping-math"],
    )
    for path in sorted(root.rglob("*.pyx"))
]
setup(
    name="given",
    packages=[],
    ext_modules=cythonize(extensions, language_level=3, quiet=True),
    script_args=["--quiet", "build_ext", "--inplace"],
)
"""


@dataclass(frozen=True)
class Compiled:
    """The compiled modules of a package.

    Attributes:
        files: the compiled modules by path relative to the package folder.
        reason: why they could not be compiled; empty if they could, or if there is nothing to
            compile.
    """

    files: Mapping[str, Path] = field(default_factory=dict)
    reason: str = ""


def compile_given(package_folder: Path) -> Compiled:
    """Compile the ``.pyx`` files of a package, or take the compiled modules from the cache.

    They can include the headers of the package (``.h``).

    Several processes may call this at once. It raises nothing if there is no compiler: the package
    works without the extension, only slower.
    """
    files = [p for p in sorted(package_folder.rglob("*")) if p.suffix in (".pyx", ".h")]
    sources = {p.relative_to(package_folder): p for p in files}
    if not any(p.suffix == ".pyx" for p in sources):
        return Compiled()
    if missing := missing_builders():
        advice = f"install what compiles it with `pip install {' '.join(missing)}`"
        return Compiled({}, f"{_NOT_COMPILED}{advice}")
    key = _key(package_folder.name, sources)
    try:
        cached = made_once(key, lambda folder: _build(package_folder.name, sources, folder))
    except subprocess.CalledProcessError as error:
        lines = (error.stdout or "").strip().splitlines() or ["it printed nothing"]
        return Compiled({}, f"{_NOT_COMPILED}{lines[-1][:300]}")
    except (OSError, subprocess.TimeoutExpired) as error:
        return Compiled({}, f"{_NOT_COMPILED}{error}")
    return Compiled({p.relative_to(cached).as_posix(): p for p in sorted(cached.rglob("*.so"))})


def missing_builders() -> list[str]:
    """Those of `BUILDERS` that are not installed here."""
    missing = []
    for name in BUILDERS:
        try:
            version(name)
        except PackageNotFoundError:
            missing.append(name)
    return missing


def _key(package: str, sources: Mapping[Path, Path]) -> str:
    """A name for the cache: a hash of all that the compiled modules depend on."""
    parts = [_FORMAT, package, sys.version, platform.machine(), platform.libc_ver()[1]]
    parts += [version("numpy"), version("cython")]
    digest = hashlib.sha256("\n".join(parts).encode())
    for name, path in sources.items():
        digest.update(f"\n{name.as_posix()}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:32]


def _build(package: str, sources: Mapping[Path, Path], folder: Path) -> Path:
    """Compile in a temporary folder, and return the folder in it with the result alone."""
    root, ready = folder / "source", folder / "ready"
    for relative, path in sources.items():
        copy = root / package / relative
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    subprocess.run(
        [sys.executable, "-c", _BUILD, str(root)],
        cwd=root,
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=_COMPILER_TIMEOUT_S,
    )
    for compiled in sorted((root / package).rglob("*.so")):
        target = ready / compiled.relative_to(root / package)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(compiled, target)
    return ready
