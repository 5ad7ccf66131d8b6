"""Checks on one submission, run again for a person to look at."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from autograder.core.checks import Check
from autograder.core.remote import Name, Ref
from autograder.core.source_text import SourceText
from autograder.errors import UserError
from autograder.grading.check_run import CheckRun
from autograder.grading.consequences import EXPLAINED
from autograder.grading.grading_session import grading_session
from autograder.grading.notebook_trial import ChosenCells, Unfit, unfit_of
from autograder.grading.one_submission import grade
from autograder.grading.reporting import check_result
from autograder.harness import Harness
from autograder.records import Outcome, Report, decode
from autograder.render.inspection import Difference, Inspection, Request, Source
from autograder.sandbox.course_modules import require_course_modules
from autograder.sandbox.launch import Backend
from autograder.sites import SITES
from autograder.submissions.find_submissions import find_submissions
from autograder.submissions.job import Job
from autograder.submissions.roster import read_roster
from autograder.submissions.submission import Submission, read_submission

_CHOSEN_ANEW = (
    "Which of the student's own cells run was tried anew, and may differ from a report; "
    "--report REPORTS/STUDENT.json runs those of the report."
)


@dataclass(frozen=True)
class Rerun:
    """What came of it: the report if all checks were run, else the checks that were named.

    Attributes:
        notes: which cells of the student's own run beside the answers, if checks were named; and
            whether these were chosen anew.
    """

    report: Report | None
    inspections: Sequence[Inspection] = ()
    notes: Sequence[str] = ()

    @property
    def complete(self) -> bool:
        """Whether every check that was run was graded."""
        results = [inspection.result for inspection in self.inspections]
        checks = self.report.checks if self.report else results
        return all(check.outcome is not Outcome.NOT_GRADED for check in checks)


def rerun_checks(
    path: Path,
    harness: Harness,
    backend: Backend,
    name: str = "",
    *,
    student: str = "",
    roster: Path | None = None,
    report: Path | None = None,
    full: bool = False,
) -> Rerun:
    """Run checks on one submission.

    Args:
        path: a submission; with `student`, what it is in.
        name: of a check or a question; all checks without one.
        student: whose submission it is, by the id in the reports.
        roster: the class list that the submission was graded with.
        report: of this submission; the cells of notebooks that ran for it run again. Without it a
            trial chooses them.
        full: whether to keep the sources and the inputs, too.

    Raises UserError if there is no such check, student or path, if the report is another one's, or
    if the course's files import what is not installed; SubmissionError if the submission cannot be
    read.
    """
    checks = _find_checks(harness, name) if name else []
    job = _find_job(path, harness, student, roster) if student else Job(path, "")
    submission = read_submission(job.path, harness, job.attempt)
    require_course_modules(harness, backend)
    known = _cells_of_report(report, submission) if report else None
    if not checks:
        again = grade(harness, submission, backend, known_cells=known)
        anew = [_CHOSEN_ANEW] if again.submission.cells and report is None else []
        return Rerun(again, notes=anew)
    inspections: list[Inspection] = []
    notes: tuple[str, ...] = ()
    for check in checks:
        inspection, cells = inspect_check(
            harness, submission, backend, check, known_cells=known, full=full
        )
        inspections.append(inspection)
        known, notes = cells.unfit, tuple(cells.notes)
        if cells.records and report is None:
            notes = (*notes, _CHOSEN_ANEW)
    return Rerun(None, inspections, notes)


def inspect_check(
    harness: Harness,
    submission: Submission,
    backend: Backend,
    check: Check,
    *,
    known_cells: Unfit | None = None,
    full: bool = False,
) -> tuple[Inspection, ChosenCells]:
    """Run one check on a submission, whatever it needs, and keep what a person may look at.

    Args:
        known_cells: which cells cannot run whole, from an earlier run; by default a trial tells.
        full: whether to keep the sources and the inputs, too.

    Returns also the cells of the student's own that were run for it.
    """
    with grading_session(harness, submission, backend, known_cells=known_cells) as session:
        session.student_session.keep_requests = full
        run = session.run_check(check)
        asked = session.student_session.requests
        from_notebooks = session.student_session.from_notebooks
    result = check_result(check, run)
    inspection = Inspection(
        result,
        [q for q in check.needs if q != check.question] if run.outcome in EXPLAINED else [],
        list(_differences(check, harness, run)),
        [Request(op, tuple(_named(operands, from_notebooks))) for op, operands in asked],
        list(_sources(check, harness, submission, asked, from_notebooks)) if full else [],
    )
    return inspection, session.cells


def _cells_of_report(path: Path, submission: Submission) -> Unfit:
    """The choice of cells in a report. Raises UserError if it is none of this submission."""
    try:
        found = decode(path.read_bytes())
    except (OSError, msgspec.MsgspecError) as error:
        raise UserError(f"{path.name} is no report: {error}") from None
    if found.submission.sha256 != submission.sha256:
        raise UserError(
            f"{path.name} is the report of another submission ({found.submission.name}), or this "
            "one was changed since; name the submission that it was made of, or leave out --report"
        )
    return unfit_of(found.submission.cells)


def _differences(check: Check, harness: Harness, run: CheckRun) -> Iterator[Difference]:
    observed = run.observations or {}
    for name, expected in harness.expected[check.id].observations.items():
        comparison = run.comparisons.get(name)
        if name in observed and comparison is not None and comparison.message:
            yield Difference(name, observed[name], expected)


#: For a handle's number, the notebook and the dotted name there.
_FromNotebooks = Mapping[int, tuple[str, str]]


def _named(operands: Iterable[object], from_notebooks: _FromNotebooks) -> Iterator[object]:
    """Operands with the names of what a check has from a notebook, in the place of handles."""
    for operand in operands:
        where = from_notebooks.get(operand.number) if isinstance(operand, Ref) else None
        yield Name(": ".join(filter(None, (f"{where[0]}.ipynb", where[1])))) if where else operand


def _sources(
    check: Check,
    harness: Harness,
    submission: Submission,
    asked: Sequence[tuple[str, tuple[object, ...]]],
    from_notebooks: _FromNotebooks,
) -> Iterator[Source]:
    """The check's own text, and those of the student's functions and classes that it calls."""
    place = check.place
    yield Source(f"the check, {Path(place.file).name}:{place.line}:", inspect.getsource(check.body))
    names = [
        operands[0].path for _, operands in asked if operands and isinstance(operands[0], Name)
    ]
    sources = submission.sources(harness.locations)
    for name in dict.fromkeys(names):
        yield _source(name, sources.find(name))
    in_notebooks = [
        (title, f"{before}.{operands[1]}".lstrip("."))
        for op, operands in asked
        if op == "attribute" and isinstance(operands[0], Ref)
        for title, before in [from_notebooks.get(operands[0].number, ("", ""))]
        if title
    ]
    for title, path in dict.fromkeys(in_notebooks):
        yield _source(path, sources.find_in_notebook(title, path))


def _source(name: str, found: SourceText | None) -> Source:
    if found is None:
        return Source(f"{name}:", "was not handed in, or could not be found in what was")
    return Source(f"{name}, in {found.place}:{found.line}:", found.text)


def _find_job(path: Path, harness: Harness, student: str, roster: Path | None) -> Job:
    """The submission of a student. Raises UserError, which suggests similar ids."""
    students = read_roster(roster) if roster else None
    jobs = {job.student: job for job in find_submissions([path], harness, SITES, students).jobs}
    if student not in jobs:
        hint = _did_you_mean(student, jobs)
        raise UserError(f"{path.name} holds nothing of a student {student!r}{hint}")
    return jobs[student]


def _find_checks(harness: Harness, name: str) -> list[Check]:
    """The checks that a name means. Raises UserError, which suggests similar names."""
    checks = [c for c in harness.checks if name in (c.id, c.name, c.question)]
    if not checks:
        known = {n for c in harness.checks for n in (c.id, c.name, c.question)}
        raise UserError(f"there is no check and no question {name!r}{_did_you_mean(name, known)}")
    return checks


def _did_you_mean(name: str, known: Iterable[str]) -> str:
    """The end of a message about an unknown name; empty if no known name is similar."""
    close = difflib.get_close_matches(name, sorted(known), n=3)
    return f"; did you mean {' or '.join(close)}?" if close else ""
