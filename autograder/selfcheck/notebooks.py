"""The names that a notebook defines: of the notebook that is running, or from its file."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ..core.cell_source import MAX_SOURCE, without_commands
from ..core.cell_statements import extract_statements
from ..core.errors import StudentError
from ..core.needed_cells import (
    Cell,
    NotebookCells,
    Plan,
    names_bound,
    plan_cells,
    unfit_sentence,
)
from ..core.objects import to_student_error
from ..core.own_modules import added_names, own_modules
from ..core.seeds import CELLS_SEED, set_seeds
from ..core.stubs import may_define, variables_of
from .cell_trial import unfit_cells
from .cells import read_cells
from .kernel_history import differences, executed_cells


class Answers(SimpleNamespace):
    """The names that a notebook defined, as attributes; another name raises with advice."""

    def __getattr__(self, name: str) -> Any:
        errors = self.__dict__.get("_errors", ())
        # A stub may have lost the line with the name.
        named = (e for e in errors if e.unwritten and may_define(e.unwritten, name))
        error = next(named, next(iter(errors), None))
        if error is not None:
            raise error
        advice = self.__dict__.get("_advice", "run the notebook's cells from the top")
        raise StudentError("NameError", f"{name} is not defined; {advice}")


@dataclass
class SavedNotebooks:
    """Looks names up in ``NAME.ipynb``, as grading does.

    These parts run: the set-up cells as they were handed out; the answer cells; and, in the order
    of the file, the cells that define or change what those need. `core.needed_cells` chooses them,
    and a trial tells which of them can run whole, as in grading. Students split cells, and some
    tools drop the metadata that marks answer cells. Magics and shell lines are left out.

    Args:
        folder: the student's.
        about: from ``assignment.json``; ``setup`` and ``defines`` by a notebook's name, ``given``,
            the files that are the release's, and ``given_names``, what its modules bind or use.
        package: the name of the package in the folder.
        alias: the name that it was handed out under, if the student has renamed it.
    """

    folder: Path
    about: Mapping[str, Any]
    package: str = ""
    alias: str = ""
    _plans: dict[str, Plan] = field(default_factory=dict)
    _answers: dict[str, Answers] = field(default_factory=dict)

    def __call__(self, name: str) -> Any:
        """The names that the notebook defines; its cells run once. Raises StudentError."""
        if name not in self._answers:
            self._answers[name] = self._run(name)
        return self._answers[name]

    def plan(self, name: str) -> Plan:
        """What runs of a notebook. Raises StudentError if its file is not there or no notebook."""
        if name not in self._plans:
            cells = self._cells(name)
            unfit = unfit_cells(cells, self.folder, package=self.package, alias=self.alias)
            self._plans[name] = plan_cells(cells, unfit)
        return self._plans[name]

    def own_names(self, name: str) -> set[str]:
        """The names that cells of the student's own bind."""
        return names_bound(self._cells(name))

    def sentences(self) -> list[str]:
        """What students should know of the notebooks that were run: cells that do not run whole."""
        return [
            f"{name}.ipynb: "
            + unfit_sentence(number, reason, plan.needed.get(number, ()), plan.lost.get(number, ()))
            for name, plan in self._plans.items()
            for number, reason in plan.unfit.items()
        ]

    def _cells(self, name: str) -> NotebookCells:
        cells = code_cells(self.folder / f"{name}.ipynb")
        given = [
            Cell(0, without_commands(source), str(number))
            for number, source in enumerate(self.about["setup"].get(name, []), 1)
        ]
        given += [
            Cell(number, without_commands(source), str(number), is_answer=True)
            for number, (source, is_answer) in cells.items()
            if is_answer
        ]
        known = {cell.source.strip() for cell in given}
        others = tuple(
            Cell(number, without_commands(source))
            for number, (source, is_answer) in cells.items()
            if not is_answer
            and len(source) <= MAX_SOURCE  # grading does not run a longer one either
            and without_commands(source).strip() not in known
        )
        wanted = frozenset(self.about["defines"].get(name, []))
        regions = self.about.get("variables", {}).get(name, [])
        bound = names_bound(NotebookCells(others=others)) if regions else ()
        wanted |= variables_of(regions, bound)
        return NotebookCells(tuple(given), others, wanted, self._own_modules())

    def _own_modules(self) -> frozenset[str]:
        package = self.folder / self.package
        files = package.rglob("*.py") if self.package else ()
        paths = {path.relative_to(package).as_posix() for path in files}
        handed_out = f"{self.alias or self.package}/"
        given = {name.removeprefix(handed_out) for name in self.about.get("given", ())}
        return own_modules([self.package, self.alias], paths - given, self._added(package))

    def _added(self, package: Path) -> dict[str, frozenset[str]]:
        """The names that the student added to given modules, by the paths of those."""
        return {
            name: added_names((package / name).read_text("utf-8-sig", "replace"), names)
            for name, names in self.about.get("given_names", {}).items()
            if self.package and (package / name).is_file()
        }

    def _run(self, name: str) -> Answers:
        names: dict[str, Any] = {"__name__": "__main__", "display": print}
        errors = []
        parts = self.plan(name).parts
        set_seeds(CELLS_SEED)  # as in grading
        for part in parts:
            error = _run(part.source, f"{name}, {part.cell.label}", names)
            errors += [error] if error is not None else []
            if error is not None and error.unwritten is None:
                for statement in extract_statements([part.source]):
                    if not statement.names <= names.keys():
                        _run(statement.source, f"{name}, {part.cell.label}", names)
        advice = f"it is in no code cell of {name}.ipynb; write it there and save the notebook"
        return Answers(**{**names, "_errors": errors, "_advice": advice})


class RunningNotebook:
    """Looks names up in the notebook that this is called from; outside of one, in the file.

    Attributes:
        used: the notebooks of which names were looked up in the running one, since it was cleared.
    """

    def __init__(self, saved: SavedNotebooks) -> None:
        self.used: set[str] = set()
        self._saved = saved

    def __call__(self, name: str) -> Any:
        names = vars(sys.modules["__main__"])
        answers = self._saved.about["defines"].get(name, [])
        # Another notebook may be running than the one that is asked for.
        is_running = any(answer in names for answer in answers)
        has_file = (self._saved.folder / f"{name}.ipynb").is_file()
        if "get_ipython" in names and (is_running or not has_file):
            self.used.add(name)
            return Answers(**names)
        return self._saved(name)

    def differences(self, name: str) -> list[str]:
        """Sentences on what was run otherwise, or is saved otherwise, than grading will run it."""
        executed = executed_cells(vars(sys.modules["__main__"]))
        cells = code_cells(self._saved.folder / f"{name}.ipynb")
        sources = {number: source for number, (source, _) in cells.items()}
        return differences(f"{name}.ipynb", self._saved.plan(name), sources, executed)


def from_files(
    folder: Path, about: Mapping[str, Any], *, package: str = "", alias: str = ""
) -> SavedNotebooks:
    """What looks names up in the notebooks of a folder; see `SavedNotebooks`."""
    return SavedNotebooks(folder, about, package, alias)


def _run(source: str, place: str, names: dict[str, Any]) -> StudentError | None:
    """Run a part of a notebook; returns its exception, because later parts may still work."""
    try:
        exec(compile(source, place, "exec", dont_inherit=True), names)
    except Exception as error:  # a student's code may raise anything
        return to_student_error(error)
    return None


def code_cells(path: Path) -> dict[int, tuple[str, bool]]:
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
    return {n: (cell["source"], cell["role"] == "answer") for n, cell in enumerate(code, 1)}
