"""Inside the box: run a notebook's set-up and answer cells in IPython, without a kernel."""

from __future__ import annotations

import builtins
import contextlib
import functools
import json
import linecache
import os
import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("IPYTHONDIR", "/tmp/ipython")

from IPython.core.compilerop import CachingCompiler
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

from autograder.box.slow_imports import import_libraries, libraries_in
from autograder.core.cell_statements import extract_statements
from autograder.core.errors import StudentError, undefined_name
from autograder.core.objects import to_student_error
from autograder.core.read_only import read_only
from autograder.core.seeds import CELLS_SEED, set_seeds
from autograder.core.stubs import may_define

#: Magics that do nothing here: they need a browser or a network, or start programs.
_DISABLED_MAGICS = (
    "autoreload", "bash", "cd", "conda", "load_ext", "mamba", "matplotlib", "pip", "reload_ext",
    "sh", "uv",
)  # fmt: skip


@dataclass(frozen=True)
class _FailedCell:
    """A cell that raised an exception."""

    label: str
    source: str
    error: StudentError

    def would_define(self, name: str) -> bool:
        """Whether the cell's text defines, assigns or imports a name, even if it is no Python."""
        word = rf"\b{re.escape(name)}\b"
        define = rf"\b(def|class)\s+{word}"
        assign = rf"^[^#=\n]*{word}[^=\n]*=(?!=)"
        imports = rf"\bimport\b.*{word}"
        return re.search(f"{define}|{assign}|{imports}", self.source, re.MULTILINE) is not None


#: The failed cells of all notebooks that were run in this process, which serves one check.
_FAILED_CELLS: list[_FailedCell] = []


class Notebook:
    """The names that a notebook defined, as attributes; another name raises with the cause.

    Args:
        title: the notebook's name.
        names: its global names.
        failed: the cells that raised, in order.
    """

    def __init__(self, title: str, names: dict[str, Any], failed: list[_FailedCell]) -> None:
        self._title = title
        self._names = names
        self._failed = failed

    def __getattr__(self, name: str) -> Any:
        if name in self._names:
            return self._names[name]
        raise self._missing(name)

    def _missing(self, name: str) -> StudentError:
        """The exception for a name that is not defined, with the failed cell that is the cause.

        The cause is the last failed cell that would define the name. If none would, it is an
        untouched stub, because a stub may have lost the line with the name: that of the region
        called like it, else the last one. If there is no stub, it is the first failed cell.
        """
        causes = [cell for cell in self._failed if cell.would_define(name)]
        stubs = [cell for cell in self._failed if cell.error.unwritten]
        named = [cell for cell in stubs if may_define(cell.error.unwritten or "", name)]
        causes = causes or named or stubs
        if causes and causes[-1].error.unwritten:
            return causes[-1].error
        for cell in causes or self._failed:
            text = f"{name} is not defined in {self._title}: {cell.label} raised {cell.error}"
            return StudentError("NameError", text, cell.error.traceback)
        return StudentError("NameError", f"{name} is not defined in {self._title}")


def prepare(folder: Path) -> None:
    """Do before the forks what takes long: imports that some notebook needs, and the shell."""
    import_libraries(libraries_in(path.read_bytes() for path in folder.glob("*.json")))
    _made_shell()


@functools.cache  # for one check: each check has its own process
def run_notebook(path: Path, seed: int) -> Notebook:
    """Run the cells of a notebook in their order; after one that raises, the next ones still run.

    Of a cell that raised, the definitions are then run one by one. It may have failed because it
    mounts a drive or reads a file that is not in the box. The random generators are seeded before,
    so that the cells draw the same for every check; and afterwards, because a check must not depend
    on what the cells drew.

    Args:
        path: a file that the grader wrote: ``{"name", "cells": [{"label", "source", "own"}]}``.
        seed: the check's.

    Raises StudentError if there is no such file.
    """
    content = _read(path)
    _shell()  # it may draw too when it is made
    set_seeds(CELLS_SEED)
    failed = []
    for cell in content["cells"]:
        if one := _run_cell(content["name"], cell):
            failed.append(one)
            _FAILED_CELLS.append(one)  # a later cell may fail because this one did
    set_seeds(seed)
    return Notebook(content["name"], _shell().user_ns, failed)


def try_cell(path: Path, number: int) -> str:
    """Run one cell of a notebook, after those before it were run in this process.

    A cell of the student's own must not write files: it will be run for each check. The random
    generators are seeded before the first cell, as in `run_notebook`.

    Returns an empty string, or the exception that the cell raised, in words.
    """
    content = _read(path)
    cell = content["cells"][number]
    if number == 0:
        _shell()
        set_seeds(CELLS_SEED)
    with read_only() if cell["own"] else contextlib.nullcontext():
        failed = _run_cell(content["name"], cell)
    return "" if failed is None else str(failed.error)


def _read(path: Path) -> Any:
    """What the grader wrote of a notebook. Raises StudentError if there is no such notebook."""
    if not path.is_file():
        raise StudentError("FileNotFoundError", f"there is no notebook {path.stem}")
    return json.loads(path.read_text("utf-8"))


def _run_cell(notebook: str, cell: Mapping[str, Any]) -> _FailedCell | None:
    """Run a cell; if it raised, its definitions one by one, and return what it raised."""
    shell = _shell()
    _Compiler.place = f"{notebook}.ipynb, {cell['label']}"
    # IPython leaves most of its methods without types, here and below.
    result = shell.run_cell(cell["source"], silent=True)  # type: ignore[no-untyped-call]
    error = result.error_before_exec or result.error_in_exec
    if error is None:
        return None
    raised = explain_name_error(_student_error(error))
    failed = _FailedCell(cell["label"], cell["source"], raised)
    if not failed.error.unwritten:
        _run_definitions(shell, cell["source"])
    return failed


def explain_name_error(error: StudentError) -> StudentError:
    """A NameError with the failed cell that would have defined the name; other errors unchanged.

    A function from a cell that raised may use what this cell should have loaded before.
    """
    name = undefined_name(error.message) if error.kind == "NameError" else None
    causes = [cell for cell in _FAILED_CELLS if name is not None and cell.would_define(name)]
    if not causes:
        return error
    text = f"{error.message}: {causes[-1].label} raised {causes[-1].error}"
    return StudentError(error.kind, text, error.traceback)


def _run_definitions(shell: _QuietShell, source: str) -> None:
    """Run the definitions of a cell one by one, without those whose names are defined already."""
    for statement in extract_statements([source]):  # run_cell has no types in IPython
        if not statement.names <= shell.user_ns.keys():
            shell.run_cell(statement.source, silent=True)  # type: ignore[no-untyped-call]


def _student_error(error: BaseException) -> StudentError:
    """The exception as data, without IPython's frames above those of the cell."""
    frames = error.__traceback__
    while frames is not None and frames.tb_frame.f_code.co_filename != _Compiler.place:
        frames = frames.tb_next
    return to_student_error(error.with_traceback(frames))


class _Compiler(CachingCompiler):
    """A compiler that names code after its cell, for tracebacks."""

    place = ""

    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:
        return self.place


class _QuietShell(InteractiveShell):
    """A shell that starts no programs and prints no exceptions; `run_notebook` keeps those."""

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


@functools.cache
def _shell() -> _QuietShell:
    """The shell, in use: IPython and what asks for it find it from now on."""
    made = _made_shell()
    for cls in made.shell._walk_mro():  # as `instance` does with a shell that it makes itself
        cls._instance = made.shell  # type: ignore[assignment]
    sys.modules["__main__"] = made.shell.user_module
    vars(builtins).update(made.builtins)
    return made.shell


@dataclass(frozen=True)
class _MadeShell:
    """A shell that is not in use yet, and the builtin names that come with it."""

    shell: _QuietShell
    builtins: Mapping[str, Any]


@functools.cache
def _made_shell() -> _MadeShell:
    """Make a shell and run a cell, so that all that it imports late is there.

    It takes longer than the cells of most notebooks. Nothing of it is left that a check could see
    which asks for no notebook.
    """
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    folder = Path(os.environ["IPYTHONDIR"])
    existed = folder.exists()
    main, names = sys.modules["__main__"], set(vars(builtins))
    shell = _QuietShell(config=config)  # type: ignore[no-untyped-call]
    for name in _DISABLED_MAGICS:
        # IPython accepts this function, though its type annotations do not say so.
        shell.register_magic_function(_do_nothing, "line_cell", name)  # type: ignore[arg-type]
    shell.run_cell("pass", silent=True)  # type: ignore[no-untyped-call]
    linecache.cache.pop(_Compiler.place, None)
    sys.modules["__main__"] = main
    added = {name: vars(builtins).pop(name) for name in set(vars(builtins)) - names}
    if not existed:  # in a box it lies in the scratch folder of the next check
        shutil.rmtree(folder, ignore_errors=True)
    return _MadeShell(shell, added)


def _do_nothing(line: str, cell: str = "") -> None:
    """A magic that has no effect in the box."""
