"""``plumb grade``: grade a class of submissions."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from autograder.cli.exits import INCOMPLETE, guarded
from autograder.cli.interrupts import stopped
from autograder.cli.options import (
    HarnessOption,
    RosterOption,
    SandboxOption,
    TrustOption,
    need_trust,
    opened,
)
from autograder.cli.printing import err, out, print_plain
from autograder.grading.class_run import grade_class
from autograder.records import Report, Status
from autograder.render.clean_text import one_line
from autograder.render.terminal import count_outcomes, student_line, summary
from autograder.submissions.find_submissions import ClassList


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
    roster: RosterOption = None,
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
    DIR/reports and a page that they may see in DIR/feedback. Prints one line for each student.

    If there are hidden checks, the sandbox is attacked first, to see whether it holds: see
    `plumb doctor`. If the course's own files import a module that is not installed here, nothing is
    graded.

    A bulk download of Canvas, Moodle or Gradescope, as a zip or unpacked, is recognized when
    nothing else is named with it. The report says what the site says: late or not, and which
    attempt. Of several attempts of a student the newest counts.

    A roster needs a column of ids: student_id, sid, SIS User ID, ID number, username, SIS Login ID,
    ID, email or Identifier. The first of these that is filled counts, for each row. It may also
    have names (name, full name or student; or first name and last name), email, username, and the
    site's number of a student (number, Canvas's ID beside Student, Moodle's Identifier). The
    exports of Canvas's gradebook, Moodle's grading worksheet and Gradescope's roster can be used
    as they are. A student who handed in nothing gets a row too.

    Finished reports are kept: after Ctrl-C, the same command goes on where it stopped.

    Exit code: 0 if all were graded, 3 if some were not, 2 for a mistake in the call.

    [bold]Examples[/]

    plumb grade submissions/ --harness release/convnet/harness.zip --out graded

    plumb grade anna.zip ben/ --harness harness.zip --out graded --workers 4

    plumb grade submissions.zip --roster class.csv --harness harness.zip --out graded

    plumb grade submissions/ --harness harness.zip --out graded > lines.txt
    """
    screen = _Screen()
    try:
        with opened(harness) as opened_harness, screen:
            need_trust(sandbox, opened_harness, trusted)
            reports = grade_class(
                submissions,
                opened_harness,
                sandbox,
                out_folder,
                screen,
                roster=roster,
                workers=workers,
                again=again,
            )
    except KeyboardInterrupt:
        raise stopped(screen.how_far(out_folder)) from None
    err().print(summary(reports))
    print_plain(err(), f"{out_folder / 'index.html'}")
    if any(report.status not in (Status.GRADED, Status.ABSENT) for report in reports):
        raise typer.Exit(INCOMPLETE)


class _Screen:
    """Prints a line for each student, and a bar where standard error is a terminal."""

    def __init__(self) -> None:
        self._bar = _bar()
        self._task: TaskID | None = None
        self._out = out()
        self._width = self._total = 0
        self._graded: list[Report] = []

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        if self._task is not None:
            self._bar.stop()

    def found(self, submissions: ClassList) -> None:
        for remark in submissions.remarks:
            print_plain(err(), one_line(remark), "yellow")
        everybody = (*submissions.jobs, *submissions.absent)
        self._width = min(40, max(len(job.student) for job in everybody))
        self._total = len(submissions.jobs)
        self._bar.start()
        self._task = self._bar.add_task("grading", total=self._total, counts="")

    def finished(self, report: Report) -> None:
        self._out.print(student_line(report, self._width), soft_wrap=True)
        if self._task is None or report.status is Status.ABSENT:
            return
        self._graded.append(report)
        counts = count_outcomes(check for graded in self._graded for check in graded.checks)
        self._bar.update(self._task, advance=1, counts=counts)

    def how_far(self, out_folder: Path) -> str:
        """The message if the command is stopped now."""
        if self._task is None:
            return "Stopped."
        return (
            f"Stopped: {len(self._graded)} of {self._total} reports are finished and kept in "
            f"{out_folder}; the same command goes on with the others."
        )


def _bar() -> Progress:
    """A bar on standard error, if that is a terminal."""
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
