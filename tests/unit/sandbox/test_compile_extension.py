"""The given extension is compiled once and kept, and grading works without it."""

import importlib.util
import subprocess
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from autograder.sandbox import compile_extension
from autograder.sandbox.compile_extension import Compiled, compile_given
from autograder.sandbox.machine_cache import cache_folder
from tests.compiler import hasty_compiler

ROOT = Path(__file__).parent.parent.parent.parent


@pytest.fixture
def package(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("CC", hasty_compiler(tmp_path))
    folder = tmp_path / "tiny"
    (folder / "sub").mkdir(parents=True)
    (folder / "_kernels.pyx").write_text("def twice(double x):\n    return 2 * x\n")
    return folder


def test_a_package_without_an_extension_needs_nothing(tmp_path):
    assert compile_given(tmp_path) == Compiled()


def test_it_is_compiled_once_and_found_again(package, monkeypatch):
    first = compile_given(package)
    assert first.reason == ""
    ((name, path),) = first.files.items()
    assert name.startswith("_kernels.")
    spec = importlib.util.spec_from_file_location("tiny._kernels", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.twice(4) == 8
    assert sorted(p.name for p in package.rglob("*")) == ["_kernels.pyx", "sub"]

    def never(*_):
        raise AssertionError("compiled again")

    monkeypatch.setattr(compile_extension, "_build", never)
    assert compile_given(package) == first
    (package / "_kernels.pyx").write_text("def twice(double x):\n    return x + x\n")
    with pytest.raises(AssertionError, match="compiled again"):
        compile_given(package)


@pytest.mark.long
def test_headers_beside_it_are_compiled_with_it(package):
    header = package / "twice.h"
    header.write_text("static double twice_of(double x) { return 2 * x; }\n")
    (package / "_kernels.pyx").write_text(
        'cdef extern from "twice.h":\n    double twice_of(double x)\n\n'
        "def twice(double x):\n    return twice_of(x)\n"
    )
    first = compile_given(package)
    assert first.reason == ""
    assert [name.partition(".")[0] for name in first.files] == ["_kernels"]
    header.write_text("static double twice_of(double x) { return x + x; }\n")
    assert compile_given(package).files != first.files


def test_without_a_compiler_there_is_a_reason_and_no_trace(package, monkeypatch):
    monkeypatch.setenv("CC", "/bin/false")
    compiled = compile_given(package)
    assert compiled.files == {}
    assert "could not be compiled here" in compiled.reason
    assert [p.suffix for p in cache_folder().iterdir()] == [".lock"]


def test_without_what_compiles_the_reason_says_what_to_install(package, monkeypatch):
    def version(name):
        if name in ("cython", "setuptools"):
            raise PackageNotFoundError(name)
        return "1"

    monkeypatch.setattr(compile_extension, "version", version)
    compiled = compile_given(package)
    assert compiled.files == {}
    assert "pip install cython setuptools" in compiled.reason


def test_a_cache_that_cannot_be_written_is_a_reason(package, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert "could not be compiled here" in compile_given(package).reason


def test_processes_at_once_agree(package):
    code = (
        "import sys; from pathlib import Path; "
        "from autograder.sandbox.compile_extension import compile_given; "
        "print(compile_given(Path(sys.argv[1])).files)"
    )
    command = [sys.executable, "-c", code, str(package)]
    running = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) for _ in range(3)]
    answers = {process.communicate()[0] for process in running}
    assert len(answers) == 1
    assert b"_kernels" in answers.pop()
    assert not list(cache_folder().glob(".build-*"))
