"""Tries which cells of a student's notebooks can run whole, once for a submission.

A cell of the student's own that the answers need runs whole in every check, if it does so in the
trial. It does not if it raises, writes to a file, ends its process, or takes longer than
`TRIAL_SECONDS` with the cells above it. Then single statements of it run instead. No more is tried
after `MAX_TRIAL_SECONDS`; what ran whole until then still does.

What a box answers here is not trusted and decides no grade: it only chooses among what the student
handed in. The trial comes before all checks, so no hidden input is near.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.core.needed_cells import NotebookCells, Part, Plan, Planner, unfit_sentence
from autograder.cpu_guard import limited_cpu_time
from autograder.errors import BoxError, CpuTimeExceeded, StudentFault, StudentTimeout
from autograder.records import CellRecord
from autograder.sandbox.run_folder import write_notebook
from autograder.sandbox.session import BoxTransport, StudentSession
from autograder.submissions.notes import LeftAside
from autograder.submissions.submission import Submission

#: Seconds that the cells up to the last one of the student's own may take together.
TRIAL_SECONDS = 5.0
#: Seconds after which no more is tried of a notebook. The choice of what to try is counted in.
MAX_TRIAL_SECONDS = 4 * TRIAL_SECONDS
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
            if whole:
                numbers = ", ".join(str(record.cell) for record in whole)
                names = ", ".join(sorted({name for record in whole for name in record.names}))
                cells, run = ("code cell", "runs") if len(whole) == 1 else ("code cells", "run")
                yield f"{notebook}.ipynb: {cells} {numbers} {run} too, for {names}"
        unfit = [record for record in self.records if record.reason]
        for record in unfit[:_MAX_NOTES]:
            yield LeftAside(f"{record.notebook}.ipynb: {record_sentence(record)}")
        if len(unfit) > _MAX_NOTES:
            yield LeftAside(f"and {len(unfit) - _MAX_NOTES} more cells that do not run whole")


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
        ran: the own cells that ran whole in the last try, above the first that failed.
        timed_out: whether the last try ran out of time, and nothing else failed before.
        planning_seconds: processor seconds that are left to plan.
    """

    title: str
    notebook: NotebookCells
    run: Path
    session: StudentSession
    unfit: dict[int, str] = field(default_factory=dict)
    seconds: float = 0.0
    ran: set[int] = field(default_factory=set)
    timed_out: bool = False
    planning_seconds: float = MAX_PLANNING_SECONDS
    planner: Planner | None = None

    def plan(self) -> Plan:
        begun = time.process_time()
        try:
            with limited_cpu_time(self.planning_seconds):
                if self.planner is None:
                    self.planner = Planner(self.notebook)
                return self.planner.plan(self.unfit)
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
        """Run the cells, again without those that failed, until all that are left run whole.

        Once a notebook, a try that ran out of time is made again: the machine may have been busy.
        """
        begun = self.session.now()
        again = True
        while parts := self.plan().to_try:
            started = self.session.now()
            left = MAX_TRIAL_SECONDS - (started - begun)
            if left <= 0:
                break
            write_notebook(self.run, self.title, parts)
            failed = self._try(parts, min(TRIAL_SECONDS, left))
            if not failed:
                self.seconds = self.session.now() - started
                return
            if self.timed_out and left < TRIAL_SECONDS:
                break
            if self.timed_out and again:
                again = False
                continue
            self.unfit |= failed
        reason = f"the trial of the cells had taken {MAX_TRIAL_SECONDS:g} s"
        while numbers := [n for n in self.plan().whole_cells if n not in self.ran]:
            self.unfit |= dict.fromkeys(numbers, reason)
        self.seconds = TRIAL_SECONDS if self.plan().whole_cells else 0.0

    def _try(self, parts: Sequence[Part], seconds: float) -> dict[int, str]:
        """Run these parts one after another, in a new process; once more if the box fails.

        A cell that raises does not end the try: the box runs its definitions, and then the cells
        below it. Returns why the cells that failed cannot run whole, by their numbers.
        """
        for _ in range(2):
            try:
                return self._try_once(parts, seconds)
            except BoxError:
                self.session.close()
        return {}

    def _try_once(self, parts: Sequence[Part], seconds: float) -> dict[int, str]:
        self.ran, self.timed_out = set(), False
        failed: dict[int, str] = {}
        with self.session.trial(seconds) as transport:
            for number, part in enumerate(parts):
                reason, over = self._step(transport, number)
                if over and failed:  # maybe because of what failed: the next try will show it
                    self.timed_out = False
                    return failed
                if part.is_own and part.whole and reason:
                    failed[part.cell.number] = reason
                elif part.is_own and part.whole and not failed:
                    self.ran.add(part.cell.number)
                elif over:  # a cell that runs anyway: nothing is known of those below it
                    below = [p.cell.number for p in parts[number:] if p.is_own and p.whole]
                    return dict.fromkeys(below, f"{part.cell.label} above it: {reason}")
                if over:
                    break
        return failed

    def _step(self, transport: BoxTransport, number: int) -> tuple[str, bool]:
        """Run one part; returns why that failed, and whether the trial's process has ended."""
        try:
            answer = transport.request("try_cell", self.title, number)
        except StudentTimeout:
            self.timed_out = True
            return f"the cells up to it take more than {TRIAL_SECONDS:g} s", True
        except StudentFault as fault:
            return _short(str(fault)), True
        if not isinstance(answer, str):
            return "it broke the protocol of the trial", True
        return (f"it raised {_short(answer)}" if answer else ""), False


def _short(text: str) -> str:
    """The first line of a text of the student's, not too long for a sentence."""
    line = text.strip().split("\n")[0]
    printable = "".join(character if character.isprintable() else "?" for character in line)
    return printable if len(printable) <= _KEPT else f"{printable[:_KEPT]}…"
