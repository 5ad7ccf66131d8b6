"""Answers that stand in a notebook: from the one that is running, or from its file."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ..core.cell_statements import Statement, extract_statements, names_of
from ..core.definitions import select_definitions
from ..core.errors import StudentError
from ..core.objects import to_student_error


class Answers(SimpleNamespace):
    """The names that a notebook defined; asking for another says what to do."""

    def __getattr__(self, name: str) -> Any:
        stopped = self.__dict__.get("stopped_by")
        if stopped is not None:
            raise stopped
        advice = self.__dict__.get("advice", "run the notebook's cells from the top")
        raise StudentError("NameError", f"{name} is not defined; {advice}")


def running_notebook(folder: Path, about: Mapping[str, Any]) -> Callable[[str], Any]:
    """The namespace of the notebook that this is called from; outside of one, the file's."""

    def notebook(name: str) -> Any:
        names = vars(sys.modules["__main__"])
        wanted = about["defines"].get(name, [])
        here = any(one in names for one in wanted) or not (folder / f"{name}.ipynb").is_file()
        if "get_ipython" not in names or not here:
            return from_files(folder, about)(name)
        return Answers(**names)

    return notebook


def from_files(folder: Path, about: Mapping[str, Any]) -> Callable[[str], Any]:
    """What ``NAME.ipynb`` defines, as grading finds it: nothing else of it is run.

    The set-up is the one that was handed out. Then comes, by name and wherever it is, what the
    answer cells use or should define and do not, and then these cells: people split cells, and
    tools that save a notebook drop what marks them. Magics and shell lines are left out.

    Args:
        about: of ``assignment.json``, ``setup`` and ``defines``, both by a notebook's name.
    """

    @functools.cache
    def notebook(name: str) -> Any:
        cells = _code_cells(folder / f"{name}.ipynb")
        wanted = set(about["defines"].get(name, []))
        names: dict[str, Any] = {"__name__": "__main__"}
        given = [_python(source) for source in about["setup"].get(name, [])]
        answers = {number: source for number, (source, answer) in cells.items() if answer}
        there = extract_statements([source for source, _ in cells.values()])
        defined, used = _names([*given, *answers.values()])
        elsewhere = select_definitions((wanted | used) - defined, defined, there)
        faults = [_run(source, f"{name}, set-up", names) for source in given]
        faults += [_run(*_placed(piece, name), names) for piece in elsewhere]
        faults += [_run(s, f"{name}, code cell {n}", names) for n, s in answers.items()]
        # An answer cell that raised may have stopped short of what it should define.
        for piece in select_definitions(wanted - names.keys(), names.keys(), there):
            faults.append(_run(*_placed(piece, name), names))
        stopped = next(filter(None, faults), None)
        advice = f"it is in no code cell of {name}.ipynb; write it there and save the notebook"
        return Answers(**names, stopped_by=stopped, advice=advice)

    return notebook


def _names(sources: Iterable[str]) -> tuple[set[str], set[str]]:
    """What some parts of a notebook define, and what they use."""
    pairs = [names_of(source) for source in sources]
    return set().union(*(pair[0] for pair in pairs)), set().union(*(pair[1] for pair in pairs))


def _placed(piece: Statement, name: str) -> tuple[str, str]:
    return piece.source, f"{name}, code cell {piece.cell + 1}"


def _run(source: str, place: str, names: dict[str, Any]) -> StudentError | None:
    """Run a part of a notebook; the exception that it raised, as the next part may still work."""
    try:
        exec(compile(source, place, "exec"), names)
    except Exception as error:  # a student's code may raise anything
        return to_student_error(error)
    return None


def _code_cells(path: Path) -> dict[int, tuple[str, bool]]:
    """The code cells by their number from 1: the source, and whether it is marked as an answer.

    Raises StudentError if there is no notebook.
    """
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        found = [
            (_python(c["source"]), c["metadata"].get("plumbline", {}).get("role") == "answer")
            for c in cells
            if c["cell_type"] == "code"
        ]
    except FileNotFoundError:
        text = f"{path.name} is not in {path.parent}; put your notebook there, under this name"
        raise StudentError("FileNotFoundError", text) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise StudentError("ValueError", f"{path.name} is no notebook; save it again") from None
    return dict(enumerate(found, 1))


def _python(source: str | list[str]) -> str:
    """A cell's source with the lines that only a notebook understands emptied."""
    lines = "".join(source).splitlines()
    return "\n".join("pass" if line.startswith(("%", "!")) else line for line in lines)
