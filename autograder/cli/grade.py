"""``plumb grade``: grade a class of submissions."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.class_progress import ClassProgress
from autograder.cli.course_folder import find_grading
from autograder.cli.exits import INCOMPLETE, guarded
from autograder.cli.interrupts import stopped
from autograder.cli.options import (
    RosterOption,
    SandboxOption,
    TrustOption,
    need_trust,
    opened,
)
from autograder.cli.printing import err, out, print_plain
from autograder.errors import UserError
from autograder.grading.class_run import grade_class
from autograder.records import Status
from autograder.render.terminal import summary


@guarded
def grade(
    submissions: Annotated[
        list[Path],
        typer.Argument(
            help="Folders, zip or tar archives, a folder of them, or a course site's download. "
            "In a course, the assignment's name comes first.",
            metavar="[ASSIGNMENT] SUBMISSION",
        ),
    ],
    harness: Annotated[
        Path | None,
        typer.Option(
            help="The harness.zip of the release; by default that of the course's assignment.",
            show_default=False,
        ),
    ] = None,
    out_folder: Annotated[
        Path | None,
        typer.Option(
            "--out",
            help="Where reports and pages go; in a course grades/ASSIGNMENT.",
            show_default=False,
        ),
    ] = None,
    roster: RosterOption = None,
    workers: Annotated[
        int,
        typer.Option(
            min=1,
            help="Submissions graded at a time; the machine's cores by default.",
            show_default=False,  # else the documentation would name those of who builds it
        ),
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

    Finished reports are kept: after Ctrl-C, the same command goes on where it stopped. A folder
    with reports of another assignment is refused.

    Exit code: 0 if all were graded, 3 if some were not, 2 for a mistake in the call.

    [bold]Examples[/]

    plumb grade hw1 submissions.zip

    plumb grade submissions/ --harness release/convnet/harness.zip --out graded

    plumb grade anna.zip ben/ --harness harness.zip --out graded --workers 4

    plumb grade submissions.zip --roster class.csv --harness harness.zip --out graded

    plumb grade submissions/ --harness harness.zip --out graded > lines.txt
    """
    if harness is None:
        found = find_grading(submissions, Path())
        harness, submissions = found.harness, found.submissions
        out_folder, roster = out_folder or found.out, roster or found.roster
    if out_folder is None:
        raise UserError("where are reports and pages to go? Name a folder with --out")
    progress = ClassProgress(out(), err(), workers)
    try:
        with progress, ExitStack() as stack:
            progress.step("opening the harness")
            opened_harness = stack.enter_context(opened(harness))
            with progress.paused():
                need_trust(sandbox, opened_harness, trusted)
            reports = grade_class(
                submissions,
                opened_harness,
                sandbox,
                out_folder,
                progress,
                roster=roster,
                workers=workers,
                again=again,
            )
    except KeyboardInterrupt:
        raise stopped(progress.how_far(out_folder)) from None
    err().print(summary(reports))
    print_plain(err(), f"{out_folder / 'index.html'}")
    if any(report.status not in (Status.GRADED, Status.ABSENT) for report in reports):
        raise typer.Exit(INCOMPLETE)
