"""What a person of the staff should look at in a report, and why."""

from __future__ import annotations

from autograder.records import Report, Status
from autograder.render.clean_text import one_line

#: With these the reason says what a person has to decide or to repair.
_OPEN = (Status.PARTLY_GRADED, Status.UNREADABLE, Status.NOT_GRADED)


def to_look_at(report: Report) -> tuple[str, ...]:
    """One line each: what is not graded, what was left aside, and checks that are in doubt."""
    reasons = [report.reason] if report.status in _OPEN else []
    submission = report.submission
    modules = ", ".join(submission.missing_modules)
    missing = [f"imports what is not installed here: {modules}"] if modules else []
    return tuple(
        map(
            one_line,
            (
                *reasons,
                *submission.left_aside,
                *(f"{file.name} cannot be run: {file.message}" for file in submission.unparsed),
                *missing,
                *(f"{check.id}: {check.flagged}" for check in report.checks if check.flagged),
            ),
        )
    )


def first_to_look_at(report: Report) -> str:
    """The first of these lines, and how many more there are; empty if there is none."""
    first, *more = to_look_at(report) or ("",)
    return f"{first} (and {len(more)} more)" if more else first
