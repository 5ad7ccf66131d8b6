"""Inside the box: runs a notebook's set-up and answer cells in IPython, without a kernel."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

os.environ.setdefault("IPYTHONDIR", "/tmp/ipython")

from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from autograder.core.errors import StudentError
from autograder.core.objects import fault

#: Magics that make sense in a browser, or want a network; here they do nothing.
_IDLE_MAGICS = ("autoreload", "conda", "cd", "load_ext", "mamba", "matplotlib", "pip", "uv")


class Notebook:
    """The names that a notebook defined, as attributes; asking for another says what went wrong."""

    def __init__(self, name: str, names: dict[str, Any], faults: dict[str, StudentError]) -> None:
        self._name = name
        self._names = names
        self._faults = faults

    def __getattr__(self, name: str) -> Any:
        if name in self._names:
            return self._names[name]
        for error in self._faults.values():
            if error.unwritten:
                raise error
        for cell, error in self._faults.items():
            text = f"{name} is not defined in {self._name}: cell {cell} raised {error}"
            raise StudentError("NameError", text, error.traceback)
        raise StudentError("NameError", f"{name} is not defined in {self._name}")


def run_notebook(path: Path) -> Notebook:
    """Run the cells of a notebook in their order; one that raises does not stop the next.

    `path` is the file that grading laid out: ``{"name", "cells": [{"id", "source"}]}``.
    """
    if not path.is_file():
        raise StudentError("FileNotFoundError", f"there is no notebook {path.stem}")
    content = json.loads(path.read_text("utf-8"))
    shell = _shell()
    faults = {}
    for cell in content["cells"]:
        result = shell.run_cell(cell["source"], store_history=False)  # type: ignore[no-untyped-call]
        error = result.error_before_exec or result.error_in_exec
        if error is not None:
            faults[cell["id"]] = fault(error)
    return Notebook(content["name"], shell.user_ns, faults)


class _QuietShell(InteractiveShell):
    """A shell that starts no programs; exceptions are kept by `run_notebook`, not printed."""

    def system(self, cmd: str) -> None:
        print(f"not run here: !{cmd}")

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> list[str]:
        return []

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
        shell.register_magic_function(_idle, "line_cell", name)  # type: ignore[arg-type]
    return shell


def _idle(line: str, cell: str = "") -> None:
    """A magic that does nothing here."""
