"""``plumb grade``: a class of submissions in, reports, feedback, a table and a page out."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from autograder.cli.common import (
    INCOMPLETE,
    STOPPED,
    HarnessOption,
    SandboxOption,
    TrustOption,
    err,
    guarded,
    need_trust,
    opened,
    out,
    tell,
)
from autograder.core.files import write_whole
from autograder.errors import UserError
from autograder.grading.batch import grade_jobs, keep_absent, read_reports
from autograder.records import Report, Status
from autograder.render import feedback_page, grades_csv, index_page
from autograder.render.clean_text import one_line
from autograder.render.terminal import outcome_words, student_line, summary
from autograder.sandbox import backend
from autograder.sandbox.doctor import need_holding
from autograder.sites import SITES
from autograder.submissions.find_submissions import find_submissions
from autograder.submissions.roster import read_roster


@guarded
def grade(
    submissions: Annotated[
        list[Path],
        typer.Argument(
            help="Folders, zip or tar archives, a folder of them, or a course site's download.",
            metavar="SUBMISSION",
        ),
    ],
    harness: HarnessOption,
    out_folder: Annotated[
        Path, typer.Option("--out", help="Where reports and pages go.", show_default=False)
    ],
    roster: Annotated[
        Path | None,
        typer.Option(
            help="The class list, a CSV file: whose each submission is, and who handed in none.",
            show_default=False,
        ),
    ] = None,
    workers: Annotated[
        int,
        typer.Option(min=1, help="Submissions graded at a time; the machine's cores by default."),
    ] = os.cpu_count() or 1,
    sandbox: SandboxOption = "bubblewrap",
    trusted: TrustOption = False,
    again: Annotated[
        bool, typer.Option("--again", help="Grade also what has a finished report already.")
    ] = False,
) -> None:
    """Grade submissions.

    Writes DIR/index.html for the instructor, DIR/grades.csv, and for each student a report in
    DIR/reports and a page that they may see in DIR/feedback. Prints one line a student.

    Where there are hidden checks, the sandbox is attacked first: see `plumb doctor`.

    A bulk download of Canvas, Moodle or Gradescope, as a zip or unpacked, is taken for what it is
    when nothing else is named with it: late marks and attempts are kept, and of several attempts
    of a student the newest counts.

    A roster needs a column of ids: student_id, sid, SIS User ID, ID number, username, SIS Login ID,
    ID, email or Identifier, the first of these that a row fills. It may have names (name, full name
    or student; or first name and last name), email, username, and the site's number of a student
    (number, Canvas's ID beside Student, Moodle's Identifier). The exports of Canvas's gradebook,
    Moodle's grading worksheet and Gradescope's roster will do as they are. Who handed in nothing
    gets a row.

    What is finished is kept: after Ctrl-C, the same command goes on where it stopped.

    Exit code: 0 if all were graded, 3 if some were not, 2 for a mistake in the call.

    [bold]Examples[/]

    plumb grade submissions/ --harness release/convnet/harness.zip --out graded

    plumb grade anna.zip ben/ --harness harness.zip --out graded --workers 4

    plumb grade submissions.zip --roster class.csv --harness harness.zip --out graded

    plumb grade submissions/ --harness harness.zip --out graded > lines.txt
    """
    with opened(harness) as opened_harness:
        need_trust(sandbox, opened_harness, trusted)
        students = read_roster(roster) if roster else None
        found = find_submissions(submissions, opened_harness, SITES, students)
        jobs = found.jobs
        if not jobs and not found.absent:
            raise UserError("there are no submissions in what was named")
        if sandbox != "none" and any(not check.visible for check in opened_harness.checks):
            need_holding(backend(sandbox))
        for remark in found.remarks:
            tell(err(), one_line(remark), "yellow")
        (out_folder / "feedback").mkdir(parents=True, exist_ok=True)
        reports: list[Report] = []
        console = out()
        width = max((len(job.student) for job in (*jobs, *found.absent)), default=0)
        try:
            with (
                _bar() as bar,
                closing(
                    grade_jobs(
                        jobs, opened_harness, sandbox, out_folder, workers=workers, again=again
                    )
                ) as finished,
            ):
                task = bar.add_task("grading", total=len(jobs), counts="")
                for one in finished:
                    reports.append(one.report)
                    write_whole(
                        out_folder / "feedback" / f"{one.job.student}.html",
                        feedback_page(one.report).encode(),
                    )
                    console.print(student_line(one.report, min(width, 40)), soft_wrap=True)
                    bar.update(
                        task,
                        advance=1,
                        counts=outcome_words(
                            check for report in reports for check in report.checks
                        ),
                    )
        except KeyboardInterrupt:
            _overview(out_folder)
            tell(
                err(),
                f"Stopped: {len(reports)} of {len(jobs)} reports are finished and kept in "
                f"{out_folder}; the same command goes on with the others.",
            )
            raise typer.Exit(STOPPED) from None
        for report in keep_absent(found.absent, opened_harness, out_folder):
            reports.append(report)
            console.print(student_line(report, min(width, 40)), soft_wrap=True)
    _overview(out_folder)
    err().print(summary(reports))
    tell(err(), f"{out_folder / 'index.html'}")
    if any(report.status not in (Status.GRADED, Status.ABSENT) for report in reports):
        raise typer.Exit(INCOMPLETE)


def _overview(folder: Path) -> None:
    """The instructor's page and table over every report in the folder, of earlier runs too."""
    reports = read_reports(folder)
    write_whole(folder / "grades.csv", grades_csv(reports).encode())
    write_whole(folder / "index.html", index_page(reports).encode())


def _bar() -> Progress:
    """A bar for whoever watches; a pipe or a file gets none."""
    console = err()
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[counts]}"),
        console=console,
        disable=not console.is_terminal,
        transient=True,
        redirect_stdout=False,
    )
