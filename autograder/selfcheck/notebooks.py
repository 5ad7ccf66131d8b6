"""Answers that stand in a notebook: from the one that is running, or from its file."""

from __future__ import annotations

import functools
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from autograder.core.errors import StudentError
from autograder.core.objects import fault


class Answers(SimpleNamespace):
    """The names that a notebook defined; asking for another says what to do."""

    def __getattr__(self, name: str) -> Any:
        stopped = self.__dict__.get("stopped_by")
        if stopped is not None:
            raise stopped
        text = f"{name} is not defined; run the notebook's cells from the top"
        raise StudentError("NameError", text)


def running_notebook(folder: Path) -> Callable[[str], Any]:
    """The namespace of the notebook that this is called from; outside of one, the file's."""

    def notebook(name: str) -> Any:
        names = vars(sys.modules["__main__"])
        if "get_ipython" not in names or not _defines(folder / f"{name}.ipynb", names):
            return from_files(folder)(name)
        return Answers(**names)

    return notebook


def _defines(path: Path, names: dict[str, Any]) -> bool:
    """Whether the functions of a notebook's answer cells are among some names."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        answers = [_python(c["source"]) for c in cells if _role(c) == "answer"]
        found = re.findall(r"^def (\w+)", "\n".join(answers), re.MULTILINE)
    except (OSError, ValueError, KeyError, TypeError):
        return True  # no file to ask: the running notebook has to do
    return any(name in names for name in found)


def _role(cell: dict[str, Any]) -> str | None:
    role: str | None = cell.get("metadata", {}).get("plumbline", {}).get("role")
    return role if cell.get("cell_type") == "code" else None


def from_files(folder: Path) -> Callable[[str], Any]:
    """Runs the set-up and answer cells of ``NAME.ipynb``, once, without magics and shell lines."""

    @functools.cache
    def notebook(name: str) -> Any:
        path = folder / f"{name}.ipynb"
        try:
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        except FileNotFoundError:
            raise StudentError("FileNotFoundError", f"{path.name} is not in {folder}") from None
        except (ValueError, KeyError, TypeError):
            raise StudentError("ValueError", f"{path.name} is no notebook; save it again") from None
        names: dict[str, Any] = {"__name__": "__main__"}
        stopped = None
        for cell in cells:
            if _role(cell) not in ("setup", "answer"):
                continue
            try:
                exec(compile(_python(cell["source"]), f"{name}[{cell.get('id')}]", "exec"), names)
            except Exception as error:  # a cell is a student's code; the next one may still work
                stopped = stopped or fault(error)
        return Answers(**names, stopped_by=stopped)

    return notebook


def _python(source: str | list[str]) -> str:
    """A cell's source with the lines that only a notebook understands emptied."""
    lines = "".join(source).splitlines()
    return "\n".join("pass" if line.startswith(("%", "!")) else line for line in lines)
