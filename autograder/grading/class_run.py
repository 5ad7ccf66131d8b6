"""A whole class: submissions in; reports, feedback, a table and the instructor's page out."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Protocol

from autograder.core.files import write_whole
from autograder.errors import UserError
from autograder.folder_lock import locked_folder
from autograder.grading.batch import grade_jobs, report_absent
from autograder.grading.resume import another_assignment, read_reports
from autograder.harness import Harness
from autograder.records import Report
from autograder.render import grades_csv, instructor_page, student_page
from autograder.sandbox import backend as open_backend
from autograder.sandbox.course_modules import require_course_modules
from autograder.sandbox.doctor import require_isolation
from autograder.sites import SITES
from autograder.submissions.find_submissions import ClassList, find_submissions
from autograder.submissions.roster import read_roster


class Progress(Protocol):
    """Is called while a class is graded."""

    def step(self, what: str) -> None:
        """A step begins before the first submission is graded."""

    def found(self, submissions: ClassList) -> None:
        """All submissions are found, and none is graded yet."""

    def finished(self, report: Report, *, reused: bool = False) -> None:
        """A report is written, or is used again."""


def grade_class(
    paths: Iterable[Path],
    harness: Harness,
    backend: str,
    out: Path,
    progress: Progress,
    *,
    roster: Path | None = None,
    workers: int = 1,
    again: bool = False,
) -> list[Report]:
    """Grade a class into a folder, and return the reports of this run.

    Writes ``reports/`` and ``feedback/`` as submissions are finished, then ``grades.csv`` and
    ``index.html`` over all reports in the folder. After Ctrl-C these two are written over what is
    finished, and the KeyboardInterrupt goes on.

    Args:
        paths: submissions, folders of them, or bulk downloads.
        backend: a sandbox's name.
        roster: a CSV file; who stands in it and handed in nothing gets a report too.
        again: grade also what an earlier run has finished.

    Raises UserError if there is nothing to grade, if the folder holds another assignment's reports,
    if another run writes into it, or if the course's files import what is not installed. Raises
    SandboxUnavailable if an attack on the sandbox succeeds and there are hidden checks, OSError if
    the folder cannot be written.
    """
    _refuse_another_assignment(out, harness)
    progress.step("looking for submissions")
    students = read_roster(roster) if roster else None
    submissions = find_submissions(paths, harness, SITES, students)
    if not submissions.jobs and not submissions.absent:
        reason = "there are no submissions in what was named"
        raise UserError("; ".join((reason, *submissions.remarks)))
    box_backend = open_backend(backend)
    if backend != "none" and harness.has_hidden_checks:
        progress.step("attacking the sandbox, to see whether it holds")
        require_isolation(box_backend)
    progress.step("importing what the course's files need")
    require_course_modules(harness, box_backend)
    progress.found(submissions)
    with locked_folder(out, "reports"):
        _refuse_another_assignment(out, harness)  # another run may have ended meanwhile
        return _grade_into(out, submissions, harness, backend, progress, workers, again)


def _refuse_another_assignment(out: Path, harness: Harness) -> None:
    """Raise UserError if the folder holds reports of another assignment."""
    if other := another_assignment(out, harness.assignment):
        raise UserError(
            f"{out} holds reports of another assignment, {other}, and this harness is of "
            f"{harness.assignment}; name another folder with --out"
        )


def _grade_into(
    out: Path,
    submissions: ClassList,
    harness: Harness,
    backend: str,
    progress: Progress,
    workers: int,
    again: bool,
) -> list[Report]:
    """Grade a class into a folder that no other run writes into; see `grade_class`."""
    (out / "feedback").mkdir(exist_ok=True)
    reports: list[Report] = []
    try:
        with closing(
            grade_jobs(submissions.jobs, harness, backend, out, workers=workers, again=again)
        ) as finished:
            for one in finished:
                reports.append(one.report)
                page = student_page(one.report)
                write_whole(out / "feedback" / f"{one.job.student}.html", page.encode())
                progress.finished(one.report, reused=one.reused)
    except KeyboardInterrupt:
        _write_overview(out, submissions.remarks)
        raise
    for report in report_absent(submissions.absent, harness, out):
        reports.append(report)
        progress.finished(report)
    _write_overview(out, submissions.remarks)
    return reports


def _write_overview(out: Path, remarks: Iterable[str]) -> None:
    """The table and the instructor's page over all reports in the folder, of earlier runs too."""
    reports = read_reports(out)
    write_whole(out / "grades.csv", grades_csv(reports).encode())
    write_whole(out / "index.html", instructor_page(reports, remarks).encode())
