"""``plumb rerun``: run checks on one submission again, and show all that a grader may look at."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from autograder.cli.exits import INCOMPLETE, guarded
from autograder.cli.options import HarnessOption, SandboxOption, TrustOption, need_trust, opened
from autograder.cli.printing import out
from autograder.grading.rerun import rerun_checks
from autograder.render.clean_text import clean
from autograder.render.inspection import inspection_parts
from autograder.render.terminal import check_lines
from autograder.sandbox import backend


@guarded
def rerun(
    submission: Annotated[
        Path,
        typer.Argument(
            help="A folder or an archive, or with --student many of them.", show_default=False
        ),
    ],
    check: Annotated[
        str, typer.Argument(help="A check or a question; all checks as a table by default.")
    ] = "",
    *,
    harness: HarnessOption,
    student: Annotated[
        str,
        typer.Option(help="Whose submission, by the id in the reports."),
    ] = "",
    roster: Annotated[
        Path | None,
        typer.Option(help="With --student: the class list that it was graded with."),
    ] = None,
    full: Annotated[
        bool,
        typer.Option(
            "--full",
            help="With a check or a question: show also its source, its inputs, and the student's "
            "functions that it calls.",
        ),
    ] = False,
    report: Annotated[
        Path | None,
        typer.Option(
            help="Its report, as JSON: the notebook's cells that ran for it run again. Without it "
            "a new trial chooses them, and the output says so; no folder of results is searched."
        ),
    ] = None,
    sandbox: SandboxOption = "bubblewrap",
    trusted: TrustOption = False,
) -> None:
    """Run one check on one submission again, and show its values, traceback and output.

    For staff: it shows expected outputs. Name a check as in the report, question.name, or by its
    name alone. A question's id means all of its checks.

    [bold]Examples[/]

    plumb rerun submissions/anna.zip --harness harness.zip

    plumb rerun submissions/anna.zip conv_backward --harness harness.zip

    plumb rerun submissions.zip --student ben_1234 --harness harness.zip

    plumb rerun submissions/anna.zip conv_backward --full --harness harness.zip

    plumb rerun anna.zip conv_backward.conv_gradients_without_padding --harness harness.zip

    plumb rerun anna.zip --harness harness.zip --report reports/anna.json
    """
    console = out()
    with opened(harness) as opened_harness:
        need_trust(sandbox, opened_harness, trusted)
        done = rerun_checks(
            submission,
            opened_harness,
            backend(sandbox),
            check,
            student=student,
            roster=roster,
            full=full,
            report=report,
        )
    for note in done.notes:
        console.print(Text(clean(note)), soft_wrap=True)
    if done.report is not None:
        console.print(check_lines(done.report), soft_wrap=True)
    for number, inspection in enumerate(done.inspections):
        if number:
            console.print()
        for part in inspection_parts(inspection):
            console.print(part, soft_wrap=isinstance(part, Text))
    if not done.complete:
        raise typer.Exit(INCOMPLETE)
