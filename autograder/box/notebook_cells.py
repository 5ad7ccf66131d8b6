"""Inside the box: runs a notebook's set-up and answer cells in IPython, without a kernel."""

from __future__ import annotations

import functools
import importlib
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("IPYTHONDIR", "/tmp/ipython")

from IPython.core.compilerop import CachingCompiler
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

from autograder.core.cell_statements import extract_statements
from autograder.core.errors import StudentError
from autograder.core.objects import to_student_error

#: Magics that make sense in a browser, start programs, or want a network; here they do nothing.
_IDLE_MAGICS = (
    "autoreload", "bash", "cd", "conda", "load_ext", "mamba", "matplotlib", "pip", "reload_ext",
    "sh", "uv",
)  # fmt: skip
#: What a function says that uses a name which is not there.
_UNDEFINED = re.compile(r"name '(\w+)' is not defined")


@dataclass(frozen=True)
class _Failure:
    """A cell that raised."""

    cell: str
    source: str
    error: StudentError

    def would_define(self, name: str) -> bool:
        """Whether the cell's text defines, assigns or imports this name; it need not parse."""
        word = rf"\b{re.escape(name)}\b"
        define = rf"\b(def|class)\s+{word}"
        assign = rf"^[^#=\n]*{word}[^=\n]*=(?!=)"
        take = rf"\bimport\b.*{word}"
        return re.search(f"{define}|{assign}|{take}", self.source, re.MULTILINE) is not None


#: Of the notebooks that were run in this process, which serves one check.
_FAILURES: list[_Failure] = []


class Notebook:
    """The names that a notebook defined, as attributes; asking for another says what went wrong."""

    def __init__(self, name: str, names: dict[str, Any], failures: list[_Failure]) -> None:
        self._title = name
        self._names = names
        self._failures = failures

    def __getattr__(self, name: str) -> Any:
        if name in self._names:
            return self._names[name]
        raise self._missing(name)

    def _missing(self, name: str) -> StudentError:
        """What to say of a name that is not there: the cell to blame is the one to define it.

        An untouched stub may have lost the line that names it, so any is blamed before other cells.
        """
        blamed = [one for one in self._failures if one.would_define(name)]
        blamed = blamed or [one for one in self._failures if one.error.unwritten]
        if blamed and blamed[-1].error.unwritten:
            return blamed[-1].error
        for one in blamed or self._failures:
            text = f"{name} is not defined in {self._title}: cell {one.cell} raised {one.error}"
            return StudentError("NameError", text, one.error.traceback)
        return StudentError("NameError", f"{name} is not defined in {self._title}")


def prepare(folder: Path) -> None:
    """Import ahead of the forks what takes long and some notebook of the folder will want."""
    if any("matplotlib" in path.read_text("utf-8") for path in folder.glob("*.json")):
        try:
            importlib.import_module("matplotlib.pyplot")
        except ImportError:
            return  # the cell that imports it will say so


@functools.cache  # within a check; the next one has a process of its own
def run_notebook(path: Path) -> Notebook:
    """Run the cells of a notebook in their order; one that raises does not stop the next.

    Of a cell that raised, what it defines is still made: it may have failed at a drive to mount or
    at a file to read, which are not here.

    `path` is the file that grading laid out: ``{"name", "cells": [{"id", "source"}]}``.
    """
    if not path.is_file():
        raise StudentError("FileNotFoundError", f"there is no notebook {path.stem}")
    content = json.loads(path.read_text("utf-8"))
    shell = _shell()
    failures = []
    for cell in content["cells"]:
        _Compiler.place = f"{content['name']}.ipynb, cell {cell['id']}"
        # IPython leaves most of its methods without types, here and below.
        result = shell.run_cell(cell["source"], silent=True)  # type: ignore[no-untyped-call]
        error = result.error_before_exec or result.error_in_exec
        if error is not None:
            failures.append(_Failure(cell["id"], cell["source"], _fault(error)))
            if not failures[-1].error.unwritten:
                _define(shell, cell["source"])
    _FAILURES.extend(failures)
    return Notebook(content["name"], shell.user_ns, failures)


def explained(error: StudentError) -> StudentError:
    """An exception for want of a name, with why the cell that would define it did not; or itself.

    A function that was saved from a cell that raised may miss what the cell was to load first.
    """
    missed = _UNDEFINED.match(error.message) if error.kind == "NameError" else None
    blamed = [one for one in _FAILURES if missed and one.would_define(missed[1])]
    if not blamed:
        return error
    text = f"{error.message}: cell {blamed[-1].cell} raised {blamed[-1].error}"
    return StudentError(error.kind, text, error.traceback)


def _define(shell: _QuietShell, source: str) -> None:
    """Run the definitions of a cell one by one, but for those that were reached."""
    for piece in extract_statements([source]):  # run_cell has no types in IPython
        if not piece.names <= shell.user_ns.keys():
            shell.run_cell(piece.source, silent=True)  # type: ignore[no-untyped-call]


def _fault(error: BaseException) -> StudentError:
    """The exception as data, without IPython's frames above the cell's."""
    frames = error.__traceback__
    while frames is not None and frames.tb_frame.f_code.co_filename != _Compiler.place:
        frames = frames.tb_next
    return to_student_error(error.with_traceback(frames))


class _Compiler(CachingCompiler):
    """Names code after its cell, for tracebacks."""

    place = ""

    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:
        return self.place


class _QuietShell(InteractiveShell):
    """A shell that starts no programs; exceptions are kept by `run_notebook`, not printed."""

    compiler_class = Type(_Compiler)

    def system(self, cmd: str) -> None:
        print(f"not run here: !{cmd}")

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> list[str]:
        return []

    def run_line_magic(self, magic_name: str, line: str, _stack_depth: int = 1) -> Any:
        try:
            return super().run_line_magic(magic_name, line, _stack_depth + 1)
        except UsageError as error:
            print(f"not run here: {error}")

    def run_cell_magic(self, magic_name: str, line: str, cell: str) -> Any:
        try:
            # IPython has no types for it.
            return super().run_cell_magic(magic_name, line, cell)  # type: ignore[no-untyped-call]
        except UsageError as error:
            print(f"not run here: {error}")

    def showtraceback(self, *_args: Any, **_kwargs: Any) -> None:
        pass

    def showsyntaxerror(self, *_args: Any, **_kwargs: Any) -> None:
        pass


def _shell() -> _QuietShell:
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    shell = _QuietShell.instance(config=config)
    for name in _IDLE_MAGICS:
        # IPython declares less than it takes: its own magics have this form.
        shell.register_magic_function(_idle, "line_cell", name)  # type: ignore[arg-type]
    return shell


def _idle(line: str, cell: str = "") -> None:
    """A magic that does nothing here."""
