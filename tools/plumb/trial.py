"""Tries an assignment on its author's own solution, and finds all mistakes at once.

Every check is run on the reference twice. Then it is run with its own question left out, with all
questions left out that it does not need, and with each question left out that it says it needs. One
box serves all of this: what changes is what the box reads.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from autograder.core.checks import Check
from autograder.core.judge import Expected, judge, observe
from autograder.core.needed_cells import Cell, NotebookCells, plan_cells
from autograder.core.stubs import question_of
from autograder.errors import BoxError, CheckError, StudentError, StudentFault, UserError
from autograder.harness import Harness, Kind, read_harness_data
from autograder.sandbox.launch import Backend
from autograder.sandbox.run_folder import lay_out, make_readable, write_notebook
from autograder.sandbox.session import StudentSession
from autograder.scratch import scratch_folder
from autograder.submissions.submission import read_submission
from plumb import bundle
from plumb.assignment import Assignment
from plumb.assignment_reader import read_assignment
from plumb.cell_run import failed_cells
from plumb.record import record_check
from plumb.reference import ReferenceFile, all_regions, reference_files
from plumb.regions import Region, check_unique
from plumb.release_files import harness_files, harness_manifest, solved_files
from plumb.strip import leave_out
from plumb.trial_texts import in_short, untelling

Progress = Callable[[str], None]


@dataclass
class Trial:
    """What was found.

    Attributes:
        checks: the checks that were tried.
        points: of all of them.
        recorded: what each check recorded, in short, by its id.
        errors: what is to be mended, each begins with its place.
        warnings: what should be looked at, each begins with its place.
    """

    checks: list[Check]
    points: float = 0.0
    recorded: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Run:
    """How a check came out on a part of the reference.

    Attributes:
        share: of the points.
        unwritten: the question whose stub ended it; empty if none did.
    """

    share: float
    unwritten: str = ""


def try_assignment(
    folder: Path,
    solutions: Path,
    variant: str,
    questions: Collection[str],
    box: Backend,
    progress: Progress,
) -> Trial:
    """Try the checks of some questions of an assignment, or of all.

    Raises a UserError with the place for what keeps the sources from being read.
    """
    progress("reading the sources")
    source = read_assignment(folder, solutions, variant)
    for question in questions:
        if question not in source.asked:
            known = ", ".join(q.id for q in source.questions)
            raise UserError(f"{folder}: there is no question {question!r}; there are: {known}")
    reference = list(reference_files(source))
    check_unique(all_regions(source, reference))
    chosen = [c for c in source.checks if not questions or c.question in questions]
    trial = Trial(chosen, sum(check.points for check in chosen))
    with _bench(source, reference, box) as bench:
        trial.errors += bench.failed_cells
        for check in chosen:
            progress(check.id)
            _try_check(check, bench, trial)
    return trial


def _try_check(check: Check, bench: _Bench, trial: Trial) -> None:
    """Try one check, and add to the trial what is found."""
    if check.training:
        trial.recorded[check.id] = "trains a model; `plumb release` runs it"
        return
    try:
        bench.lay(frozenset())
        expected = record_check(check, bench.harness, bench.session)
        again = record_check(check, bench.harness, bench.session)
    except CheckError as error:
        trial.errors.append(str(error))
        return
    trial.recorded[check.id] = in_short(expected.observations)
    compared = judge(check, again.observations, expected)
    if compared.share < 1:
        trial.errors.append(
            f"{check.place}: {check.id}: the reference differs between two runs: "
            f"{compared.message}; draw random numbers from seeded generators alone"
        )
        return
    if reason := untelling(expected.observations, check.goals):
        trial.warnings.append(
            f"{check.place}: {check.id} records nothing telling: {reason}; choose an input with "
            "another result"
        )
    trial.errors += _dependencies(check, expected, bench)
    trial.warnings += _needless(check, expected, bench)


def _dependencies(check: Check, expected: Expected, bench: _Bench) -> Iterator[str]:
    """What is wrong with what a check depends on: its question, or one that it does not name."""
    own = bench.run(check, expected, {check.question})
    if own.share > 0:
        yield (
            f"{check.place}: {check.id} earns {own.share:.0%} without an answer to "
            f"{check.question}{bench.place_of(check.question)}: it does not exercise what is to be "
            "written"
        )
    needed = bench.needed(check)
    others = bench.written - needed - {check.question}
    if not others:
        return
    without = bench.run(check, expected, others)
    if without.share >= 1:
        return
    culprits = [without.unwritten] if without.unwritten in others else sorted(others)
    for question in culprits:
        if bench.run(check, expected, {question}).share < 1:
            yield (
                f"{check.place}: {check.id} fails without {question}"
                f"{bench.place_of(question)}, which it does not name; write "
                f'needs=["{question}"], or make it independent'
                f"{bench.advice(question)}"
            )


def _needless(check: Check, expected: Expected, bench: _Bench) -> Iterator[str]:
    """The questions that a check says it needs, and does not."""
    for question in check.needs:
        if question in bench.written and bench.run(check, expected, {question}).share >= 1:
            yield (
                f"{check.place}: {check.id} needs {question!r} by its own words, and passes "
                "without it; leave it out of needs"
            )


@dataclass
class _Bench:
    """The reference in a box, of which some questions can be left out.

    Attributes:
        written: the questions that are answered in code, or by picking options.
        failed_cells: a sentence for each cell of the notebooks that raises.
    """

    source: Assignment
    reference: list[ReferenceFile]
    harness: Harness
    run_folder: Path
    session: StudentSession
    answers: dict[str, str]
    regions: dict[str, list[Region]]
    written: frozenset[str]
    failed_cells: list[str]
    laid: frozenset[str] = frozenset()

    def run(self, check: Check, expected: Expected, left_out: Collection[str]) -> _Run:
        """Run a check without the answers to some questions."""
        self.lay(frozenset(left_out))
        limits = self.harness.limits_of(check)
        seconds = check.seconds or limits.seconds
        try:
            with self.session.student(seed=check.seed, seconds=seconds, limits=limits) as student:
                observations = observe(check, student, self.harness.data, self.harness.grader_data)
            return _Run(judge(check, observations, expected).share)
        except BoxError:
            raise
        except StudentError as error:
            return _Run(0.0, question_of(error.unwritten or ""))
        except StudentFault:
            return _Run(0.0)
        except Exception:  # the check's body may raise anything on a part of the reference
            return _Run(0.0)

    def lay(self, left_out: frozenset[str]) -> None:
        """Write what the box reads, without the answers to some questions."""
        if left_out == self.laid:
            return
        self.laid = left_out
        ids = {r.id for question in left_out for r in self.regions.get(question, ())}
        style = self.source.style
        for file in self.reference:
            if file.regions:
                text = leave_out(file.data.decode(), ids, file.path, style=style)
                (self.run_folder / "package" / file.path).write_text(text, "utf-8")
        for name, cells in self.source.cells.items():
            given = [
                Cell(
                    0,
                    leave_out(c.text, ids, c.file, style=style, first_line=c.line),
                    c.id,
                    is_answer=c.role == "answer",
                )
                for c in cells
                if c.kind == "code" and c.role != "example"
            ]
            plan = plan_cells(NotebookCells(tuple(given), (), frozenset()))
            write_notebook(self.run_folder, name, plan.parts)
        make_readable(self.run_folder)
        self.answers.clear()
        self.answers.update(_written_answers(self.source, ids))

    def needed(self, check: Check) -> frozenset[str]:
        """The questions that a check needs, directly or through another."""
        needs: dict[str, set[str]] = {}
        for other in self.source.checks:
            needs.setdefault(other.question, set()).update(other.needs)
        found: set[str] = set()
        pending = [*check.needs, *needs.get(check.question, ())]
        while pending:
            question = pending.pop()
            if question not in found:
                found.add(question)
                pending += needs.get(question, ())
        return frozenset(found)

    def place_of(self, question: str) -> str:
        """Where a question is answered, in brackets."""
        regions = self.regions.get(question, [])
        return f" ({regions[0].file}:{regions[0].line})" if regions else ""

    def advice(self, question: str) -> str:
        """What to do if the stub of a question ends the import of its whole module."""
        for file in self.reference:
            for region in file.regions:
                if question_of(region.id) == question and not region.indent:
                    return (
                        "; its region stands at the top of a module, so that without an answer "
                        "nothing of the module can be imported: move it into a function"
                    )
        return ""


@contextmanager
def _bench(source: Assignment, reference: list[ReferenceFile], box: Backend) -> Iterator[_Bench]:
    """The reference, laid out for a box as a submission would be."""
    with scratch_folder("plumb-try-") as folder:
        bundle.write_tree(harness_files(source, reference, {}), folder / "blank")
        bundle.write_tree(solved_files(source, reference), folder / "reference")
        manifest = harness_manifest(source, reference)
        data = read_harness_data(folder / "blank", manifest.data)
        blank = Harness(folder / "blank", "", manifest, source.checks, {}, data)
        submission = read_submission(folder / "reference", blank)
        answers = dict(submission.written_answers)
        regions = _by_question(all_regions(source, reference))
        answered = {q.id for q in source.questions if q.kind is not Kind.PROSE}
        with (
            lay_out(blank, submission) as run,
            StudentSession(box, run, source.package, manifest.limits, answers) as session,
        ):
            yield _Bench(
                source=source,
                reference=reference,
                harness=blank,
                run_folder=run,
                session=session,
                answers=answers,
                regions=regions,
                written=frozenset(answered & regions.keys()),
                failed_cells=failed_cells(
                    session, submission.cells, source.cells, manifest.training.seconds
                ),
            )


def _by_question(regions: Iterable[Region]) -> dict[str, list[Region]]:
    found: dict[str, list[Region]] = {}
    for region in regions:
        found.setdefault(question_of(region.id), []).append(region)
    return found


def _written_answers(source: Assignment, left_out: Collection[str]) -> Mapping[str, str]:
    """The answers in words by region, empty where one is left out."""
    return {
        region.id: "" if region.id in left_out else "\n".join(region.body).strip()
        for cells in source.cells.values()
        for cell in cells
        if cell.kind == "markdown"
        for region in cell.regions
    }
