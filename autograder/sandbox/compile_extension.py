"""The given Cython modules of a package, compiled for this machine and kept in a cache.

What is compiled is the harness's own source, never a submission's.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

#: A compiler that takes longer than this many seconds hangs.
_COMPILER_TIMEOUT_S = 600
_FORMAT = "2"
_REFUSED = "the given extension could not be compiled here, and so is not used: "

#: Run in a process of its own: setuptools changes the process it runs in.
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
        # Lets loops over numbers become vectors. No -march=native: the cache may lie on a disk
        # that other machines share. What needs a processor's best asks for it when it runs.
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
    """The given extensions.

    Attributes:
        files: the compiled modules by path relative to the package folder.
        reason: why there are none although there should be; empty if all is well.
    """

    files: Mapping[str, Path] = field(default_factory=dict)
    reason: str = ""


def compile_given(package_folder: Path) -> Compiled:
    """Compile the ``.pyx`` files of a package, or find them compiled in the cache.

    The headers of the package (``.h``) are at hand while they are compiled.

    Safe with any number of processes at once. Never raises for a machine without a compiler: the
    package then works without its extension, only slower.
    """
    found = [p for p in sorted(package_folder.rglob("*")) if p.suffix in (".pyx", ".h")]
    sources = {p.relative_to(package_folder): p for p in found}
    if not any(p.suffix == ".pyx" for p in sources):
        return Compiled()
    kept = cache_folder() / _key(package_folder.name, sources)
    try:
        if not kept.is_dir():
            with _locked(kept.with_suffix(".lock")):
                if not kept.is_dir():
                    _build(package_folder.name, sources, kept)
    except subprocess.CalledProcessError as error:
        lines = (error.stdout or "").strip().splitlines() or ["it said nothing"]
        return Compiled({}, f"{_REFUSED}{lines[-1][:300]}")
    except (OSError, subprocess.TimeoutExpired) as error:
        return Compiled({}, f"{_REFUSED}{error}")
    return Compiled({p.relative_to(kept).as_posix(): p for p in sorted(kept.rglob("*.so"))})


def cache_folder() -> Path:
    """Where compiled modules are kept between runs."""
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "plumbline"


def _key(package: str, sources: Mapping[Path, Path]) -> str:
    """Whatever the compiled bytes depend on, as a name."""
    parts = [_FORMAT, package, sys.version, platform.machine(), platform.libc_ver()[1]]
    parts += [version("numpy"), version("cython")]
    digest = hashlib.sha256("\n".join(parts).encode())
    for name, path in sources.items():
        digest.update(f"\n{name.as_posix()}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:32]


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Let one process at a time build; the lock goes with its holder, however that ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _build(package: str, sources: Mapping[Path, Path], kept: Path) -> None:
    """Compile in a folder aside, which becomes the cache's in one step."""
    with tempfile.TemporaryDirectory(prefix=".build-", dir=kept.parent) as name:
        root = Path(name, "source")
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
        ready = Path(name, "ready")
        for compiled in sorted((root / package).rglob("*.so")):
            target = ready / compiled.relative_to(root / package)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(compiled, target)
        ready.rename(kept)
