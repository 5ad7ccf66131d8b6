"""Tries which cells of a student's notebooks can run whole, once for a submission.

A cell of the student's own that the answers need runs whole in every check, if it does so in the
trial. It does not if it raises, writes to a file, ends its process, or takes longer than
`TRIAL_SECONDS` with the cells above it. Then single statements of it run instead. No more is tried
after `MAX_TRIAL_SECONDS`; what ran whole until then still does.

What a box answers here is not trusted and decides no grade: it only chooses among what the student
handed in. The trial comes before all checks, so no hidden input is near.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.core.needed_cells import NotebookCells, Part, Plan, Planner, unfit_sentence
from autograder.core.trial_rule import TOO_SLOW, TRIAL_SECONDS, Step, Tried, find_unfit, judge_try
from autograder.cpu_guard import limited_cpu_time
from autograder.errors import BoxError, CpuTimeExceeded, StudentFault, StudentTimeout
from autograder.records import CellRecord
from autograder.sandbox.run_folder import write_notebook
from autograder.sandbox.session import BoxTransport, StudentSession
from autograder.submissions.notes import LeftAside
from autograder.submissions.submission import Submission

#: Processor seconds that the grader itself may take for all choices of what to try of a notebook.
MAX_PLANNING_SECONDS = 10.0
#: How many characters of an exception's text are kept.
_KEPT = 200
#: How many cells that do not run whole are noted; the report lists all.
_MAX_NOTES = 10

#: By a notebook's name, why cells of the student's own do not run whole, by the cell's number.
Unfit = Mapping[str, Mapping[int, str]]


@dataclass(frozen=True)
class ChosenCells:
    """The cells that run in every check of a submission.

    Attributes:
        records: the student's own cells that run, for the report.
        seconds: by a notebook's name, what the trial's last try took; each check that asks for the
            notebook takes it again.
    """

    records: tuple[CellRecord, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def unfit(self) -> Unfit:
        """The choice that `choose_cells` can be given to make it again."""
        return unfit_of(self.records)

    def fall_backs(self, notebook: str) -> str:
        """For staff: which cells of a notebook do not run whole, and why; empty if all do."""
        return "; ".join(
            record_sentence(record)
            for record in self.records
            if record.notebook == notebook and record.reason
        )

    @property
    def notes(self) -> Iterator[str]:
        """Sentences for the report on the cells of notebooks."""
        for notebook in dict.fromkeys(record.notebook for record in self.records):
            whole = [r for r in self.records if r.notebook == notebook and not r.reason]
            if named := [record for record in whole if record.names]:
                cells, numbers, run = _in_words(named)
                names = ", ".join(sorted({name for record in named for name in record.names}))
                yield f"{notebook}.ipynb: {cells} {numbers} {run} too, for {names}"
            if nameless := [record for record in whole if not record.names]:
                cells, numbers, run = _in_words(nameless)
                yield (
                    f"{notebook}.ipynb: {cells} {numbers} {run} too, to seed random generators or "
                    "change settings"
                )
        unfit = [record for record in self.records if record.reason]
        for record in unfit[:_MAX_NOTES]:
            yield LeftAside(f"{record.notebook}.ipynb: {record_sentence(record)}")
        if len(unfit) > _MAX_NOTES:
            yield LeftAside(f"and {len(unfit) - _MAX_NOTES} more cells that do not run whole")


def _in_words(records: Sequence[CellRecord]) -> tuple[str, str, str]:
    """The subject, the numbers and the verb of a sentence on cells that run."""
    numbers = ", ".join(str(record.cell) for record in records)
    return ("code cell", numbers, "runs") if len(records) == 1 else ("code cells", numbers, "run")


def unfit_of(records: Sequence[CellRecord]) -> Unfit:
    """Why cells do not run whole, as `choose_cells` takes it, from the cells in a report."""
    unfit: dict[str, dict[int, str]] = {}
    for record in records:
        of_notebook = unfit.setdefault(record.notebook, {})
        if record.reason:
            of_notebook[record.cell] = record.reason
    return unfit


def record_sentence(record: CellRecord) -> str:
    """What is run of a cell that does not run whole, and why."""
    return unfit_sentence(record.cell, record.reason, record.names, record.lost)


def choose_cells(
    submission: Submission, run: Path, session: StudentSession, known: Unfit | None = None
) -> ChosenCells:
    """Choose the cells that run, and write them into the run folder.

    Args:
        run: the run folder.
        known: the choice of an earlier run, which is made again without a trial.

    If the box fails twice, which is our failure, all cells are taken as if they could run whole.
    Raises SandboxUnavailable.
    """
    records: list[CellRecord] = []
    seconds: dict[str, float] = {}
    for title, notebook in submission.cells.items():
        trial = _Trial(title, notebook, run, session)
        if known is None:
            trial.try_all()
        else:
            trial.take_over(known.get(title, {}))
        plan = trial.plan()
        write_notebook(run, title, plan.parts)
        records += _records(title, plan)
        seconds[title] = trial.seconds
    return ChosenCells(tuple(records), seconds)


def _records(title: str, plan: Plan) -> Iterator[CellRecord]:
    for number in sorted({*plan.needed, *plan.unfit}):
        yield CellRecord(
            notebook=title,
            cell=number,
            names=list(plan.needed.get(number, ())),
            reason=plan.unfit.get(number, ""),
            lost=list(plan.lost.get(number, ())),
        )


@dataclass
class _Trial:
    """The trial of one notebook.

    Attributes:
        unfit: why cells of the student's own cannot run whole, by number, as far as is known.
        seconds: that the last try took, or may have taken if it did not come to its end.
        planning_seconds: processor seconds that are left to plan.
    """

    title: str
    notebook: NotebookCells
    run: Path
    session: StudentSession
    unfit: dict[int, str] = field(default_factory=dict)
    seconds: float = 0.0
    planning_seconds: float = MAX_PLANNING_SECONDS
    planner: Planner | None = None

    def plan(self) -> Plan:
        """What runs of the notebook, as far as is known."""
        return self._plan(self.unfit)

    def _plan(self, unfit: Mapping[int, str]) -> Plan:
        begun = time.process_time()
        try:
            with limited_cpu_time(self.planning_seconds):
                if self.planner is None:
                    self.planner = Planner(self.notebook)
                return self.planner.plan(unfit)
        except CpuTimeExceeded:  # then only the cells run that always do
            self.planner = Planner(replace(self.notebook, others=()))
            self.planning_seconds = MAX_PLANNING_SECONDS
            return self.planner.plan({})
        finally:
            left = self.planning_seconds - (time.process_time() - begun)
            self.planning_seconds = max(left, 0.01)

    def take_over(self, unfit: Mapping[int, str]) -> None:
        """Take the choice of an earlier run; what its cells took then is not known."""
        self.unfit |= unfit
        self.seconds = TRIAL_SECONDS if self.plan().whole_cells else 0.0

    def try_all(self) -> None:
        """Find out which cells can run whole; see `core.trial_rule`."""
        self.unfit, self.seconds = find_unfit(self._plan, self._try, self.session.now)

    def _try(self, parts: Sequence[Part], seconds: float) -> Tried:
        """Run these parts one after another, in a new process; once more if the box fails."""
        write_notebook(self.run, self.title, parts)
        for _ in range(2):
            try:
                with self.session.trial(seconds) as transport:
                    return judge_try(parts, functools.partial(self._step, transport))
            except BoxError:
                self.session.close()
        return Tried()

    def _step(self, transport: BoxTransport, number: int) -> Step:
        """Run one part. If it raises, the box runs its definitions."""
        try:
            answer = transport.request("try_cell", self.title, number)
        except StudentTimeout:
            return TOO_SLOW
        except StudentFault as fault:
            return Step(_short(str(fault)), over=True)
        if not isinstance(answer, str):
            return Step("it broke the protocol of the trial", over=True)
        return Step(f"it raised {_short(answer)}" if answer else "")


def _short(text: str) -> str:
    """The first line of a text of the student's, not too long for a sentence."""
    line = text.strip().split("\n")[0]
    printable = "".join(character if character.isprintable() else "?" for character in line)
    return printable if len(printable) <= _KEPT else f"{printable[:_KEPT]}…"
