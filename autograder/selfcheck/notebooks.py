"""The names that a notebook defines: of the notebook that is running, or from its file."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ..core.cell_statements import Statement, extract_statements, names_of
from ..core.definitions import select_definitions
from ..core.errors import StudentError
from ..core.objects import to_student_error
from .cells import read_cells


class Answers(SimpleNamespace):
    """The names that a notebook defined, as attributes; another name raises with advice."""

    def __getattr__(self, name: str) -> Any:
        error = self.__dict__.get("_first_error")
        if error is not None:
            raise error
        advice = self.__dict__.get("_advice", "run the notebook's cells from the top")
        raise StudentError("NameError", f"{name} is not defined; {advice}")


def running_notebook(folder: Path, about: Mapping[str, Any]) -> Callable[[str], Any]:
    """Look names up in the notebook that this is called from; outside of one, in the file."""

    def notebook(name: str) -> Any:
        names = vars(sys.modules["__main__"])
        answers = about["defines"].get(name, [])
        # Another notebook may be running than the one that is asked for.
        is_running = any(answer in names for answer in answers)
        has_file = (folder / f"{name}.ipynb").is_file()
        if "get_ipython" in names and (is_running or not has_file):
            return Answers(**names)
        return from_files(folder, about)(name)

    return notebook


def from_files(folder: Path, about: Mapping[str, Any]) -> Callable[[str], Any]:
    """Look names up in ``NAME.ipynb``, as grading does.

    These parts run, in this order: the set-up cells as they were handed out; from any cell, the
    definitions that the answer cells use or should define and do not; the answer cells. Students
    split cells, and some tools drop the metadata that marks answer cells. Magics and shell lines
    are left out.

    Args:
        about: from ``assignment.json``; ``setup`` and ``defines`` by a notebook's name.
    """

    @functools.cache
    def notebook(name: str) -> Any:
        cells = _code_cells(folder / f"{name}.ipynb")
        required = set(about["defines"].get(name, []))
        names: dict[str, Any] = {"__name__": "__main__"}
        setup = [_python(source) for source in about["setup"].get(name, [])]
        answers = {n: source for n, (source, is_answer) in cells.items() if is_answer}
        statements = extract_statements([source for source, _ in cells.values()])
        defined, used = _names([*setup, *answers.values()])
        elsewhere = select_definitions((required | used) - defined, defined, statements)
        errors = [_run_setup(source, name, names) for source in setup]
        errors += [_run_statement(statement, name, names) for statement in elsewhere]
        errors += [_run(s, f"{name}, code cell {n}", names) for n, s in answers.items()]
        # An answer cell that raised may not have reached all its definitions.
        for statement in select_definitions(required - names.keys(), names.keys(), statements):
            errors.append(_run_statement(statement, name, names))
        first_error = next(filter(None, errors), None)
        advice = f"it is in no code cell of {name}.ipynb; write it there and save the notebook"
        return Answers(**{**names, "_first_error": first_error, "_advice": advice})

    return notebook


def _names(sources: Iterable[str]) -> tuple[set[str], set[str]]:
    """The names that some parts of a notebook define, and those that they use."""
    pairs = [names_of(source) for source in sources]
    return set().union(*(pair[0] for pair in pairs)), set().union(*(pair[1] for pair in pairs))


def _run(source: str, place: str, names: dict[str, Any]) -> StudentError | None:
    """Run a part of a notebook; returns its exception, because later parts may still work."""
    try:
        exec(compile(source, place, "exec"), names)
    except Exception as error:  # a student's code may raise anything
        return to_student_error(error)
    return None


def _run_setup(source: str, name: str, names: dict[str, Any]) -> StudentError | None:
    """Run a set-up cell, as `_run` does; if it raises, run its definitions one by one.

    It may import a function that the student's modules do not have, and others that they have.
    """
    error = _run(source, f"{name}, set-up", names)
    for statement in extract_statements([source]) if error else ():
        if not statement.names <= names.keys():
            _run(statement.source, f"{name}, set-up", names)
    return error


def _run_statement(statement: Statement, name: str, names: dict[str, Any]) -> StudentError | None:
    """Run a statement of a notebook's cell, as `_run` does."""
    return _run(statement.source, f"{name}, code cell {statement.cell + 1}", names)


def _code_cells(path: Path) -> dict[int, tuple[str, bool]]:
    """The code cells by number, from 1: the source, and whether it is marked as an answer.

    Raises StudentError if the file is not there or is not a notebook.
    """
    try:
        cells = read_cells(path)
    except FileNotFoundError:
        text = f"{path.name} is not in {path.parent}; put your notebook there, under this name"
        raise StudentError("FileNotFoundError", text) from None
    except ValueError:
        raise StudentError("ValueError", f"{path.name} is no notebook; save it again") from None
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    return {
        n: (_python(cell["source"]), cell["role"] == "answer") for n, cell in enumerate(code, 1)
    }


def _python(source: str) -> str:
    """A cell's source with magics and shell lines replaced by ``pass``."""
    lines = source.splitlines()
    return "\n".join("pass" if line.startswith(("%", "!")) else line for line in lines)
