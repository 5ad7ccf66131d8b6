"""``plumb rerun``: run checks on one submission again, and show all that a grader may look at."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import msgspec
import numpy as np
import typer
from rich.text import Text

from autograder.cli.exits import INCOMPLETE, guarded
from autograder.cli.options import HarnessOption, SandboxOption, TrustOption, need_trust, opened
from autograder.cli.printing import out
from autograder.core.checks import Check
from autograder.errors import UserError
from autograder.grading.consequences import EXPLAINED
from autograder.grading.notebook_trial import Unfit, unfit_of
from autograder.grading.one_submission import Inspection, grade, observe_one
from autograder.grading.reporting import check_result
from autograder.harness import Harness
from autograder.records import Outcome, decode
from autograder.render.clean_text import clean
from autograder.render.terminal import check_in_full, check_table
from autograder.sandbox import backend
from autograder.sandbox.course_modules import require_course_modules
from autograder.sites import SITES
from autograder.submissions.find_submissions import find_submissions
from autograder.submissions.job import Job
from autograder.submissions.roster import read_roster
from autograder.submissions.submission import Submission, read_submission


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
    report: Annotated[
        Path | None,
        typer.Option(
            help="Its report, as JSON: the notebook's cells that ran for it run again. By default "
            "a new trial chooses them."
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

    plumb rerun anna.zip conv_backward.conv_gradients_without_padding --harness harness.zip

    plumb rerun anna.zip --harness harness.zip --report reports/anna.json
    """
    console = out()
    with opened(harness) as opened_harness:
        need_trust(sandbox, opened_harness, trusted)
        checks = _find_checks(opened_harness, check) if check else []
        job = _find_job(submission, opened_harness, student, roster) if student else None
        path, attempt = (job.path, job.attempt) if job else (submission, None)
        answers = read_submission(path, opened_harness, attempt)
        box = backend(sandbox)
        require_course_modules(opened_harness, box)
        known = _cells_of_report(report, answers) if report else None
        if not checks:
            graded = grade(opened_harness, answers, box, known_cells=known)
            console.print(check_table(graded))
            outcomes = [result.outcome for result in graded.checks]
        else:
            inspections = []
            for one in checks:
                inspections.append(
                    observe_one(opened_harness, answers, box, one, known_cells=known)
                )
                known = inspections[-1].cells.unfit
            for note in inspections[0].cells.notes:
                console.print(Text(clean(note)), soft_wrap=True)
            for number, inspection in enumerate(inspections):
                if number:
                    console.print()
                console.print(check_in_full(check_result(inspection.check, inspection.check_run)))
                _say_what_it_needs(console, inspection)
                _show_values(console, inspection)
            outcomes = [inspection.check_run.outcome for inspection in inspections]
    if Outcome.NOT_GRADED in outcomes:
        raise typer.Exit(INCOMPLETE)


def _cells_of_report(path: Path, answers: Submission) -> Unfit:
    """The choice of cells in a report. Raises UserError if it is none of this submission."""
    try:
        found = decode(path.read_bytes())
    except (OSError, msgspec.DecodeError) as error:
        raise UserError(f"{path.name} is no report: {error}") from None
    if found.submission.sha256 != answers.sha256:
        raise UserError(
            f"{path.name} is the report of another submission ({found.submission.name}), or this "
            "one was changed since; name the submission that it was made of, or leave out --report"
        )
    return unfit_of(found.submission.cells)


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


def _say_what_it_needs(console: Any, inspection: Inspection) -> None:
    """Say of a check that failed when a report calls it skipped; here no other question is run."""
    needed = [
        question for question in inspection.check.needs if question != inspection.check.question
    ]
    if needed and inspection.check_run.outcome in EXPLAINED:
        text = (
            f"It needs {', '.join(needed)}. A report calls this check skipped if a question that "
            "it needs earned nothing; here the check was run alone."
        )
        console.print(Text(text), soft_wrap=True)


def _show_values(console: Any, inspection: Inspection) -> None:
    """The observed and the expected values where they differ; long arrays are cut in the middle."""
    observed = inspection.check_run.observations or {}
    for name, expected in inspection.expected.observations.items():
        comparison = inspection.check_run.comparisons.get(name)
        if name not in observed or comparison is None or not comparison.message:
            continue
        console.print()
        for title, value in (("observed", observed[name]), ("expected", expected)):
            console.print(Text(f"{clean(name)}, {title}:", "bold"))
            console.print(Text(clean(_value(value))), soft_wrap=True)


def _value(value: Any) -> str:
    if isinstance(value, np.ndarray) and value.ndim:
        shown = np.array2string(value, precision=8, threshold=60, edgeitems=2, separator=", ")
        return f"{value.dtype}, shape {value.shape}\n{shown}"
    return repr(value.item() if isinstance(value, np.generic | np.ndarray) else value)
