"""The words and sentences for each outcome and status."""

from __future__ import annotations

from collections.abc import Collection

from autograder.records import CheckResult, Outcome, Status
from autograder.render.format_numbers import plural

#: One or two words, for a column.
WORDS = {
    Outcome.PASSED: "passed",
    Outcome.PARTIAL: "partly right",
    Outcome.FAILED: "not right",
    Outcome.MISSING: "not written",
    Outcome.ERROR: "error",
    Outcome.TIMEOUT: "too slow",
    Outcome.KILLED: "over a limit",
    Outcome.SKIPPED: "skipped",
    Outcome.NOT_GRADED: "not graded",
}

#: What a student reads of a check during which their code was stopped.
SENTENCES = {
    Outcome.ERROR: "Your code raised an error.",
    Outcome.TIMEOUT: "Your code took too long and was stopped.",
    Outcome.KILLED: "Your code ran into a limit and was stopped.",
}

#: Of a check whose outcome is a timeout although it was not run.
NOT_RUN = "It was not run, because your code had used up its time before."

STATUS_WORDS = {
    Status.GRADED: "graded",
    Status.PARTLY_GRADED: "partly graded",
    Status.UNREADABLE: "unreadable",
    Status.NOT_GRADED: "not graded",
    Status.ABSENT: "not handed in",
}

#: The first sentence of a student's page.
STATUS_SENTENCES = {
    Status.GRADED: "",
    Status.PARTLY_GRADED: "Some checks could not be graded, through no fault of yours. "
    "Their points are open: the share of all points may still rise. The course staff know.",
    Status.UNREADABLE: "What you handed in could not be read. "
    "Nothing is decided: a person will look at it.",
    Status.NOT_GRADED: "Your work could not be graded, through no fault of yours. "
    "Nothing is decided, and the course staff know.",
    Status.ABSENT: "Nothing of yours was found among what was handed in.",
}

NOT_ISOLATED = (
    "Graded without a sandbox: the submitted code ran as the grader, "
    "so nothing kept it from reading the hidden checks or from forging this result."
)


def folded(outcome: Outcome, count: int) -> str:
    """The sentence about checks of a question that all have the outcome missing, or the like."""
    checks = plural(count, "check")
    if outcome is Outcome.MISSING:
        return f"Not written yet: {checks}."
    if outcome is Outcome.NOT_GRADED:
        whose = "Its" if count == 1 else "Their"
        return f"{checks} could not be graded, through no fault of yours. {whose} points are open."
    return f"{checks} passed."


def waiting(count: int, causes: Collection[str]) -> str:
    """The sentence about checks that wait for questions that earned nothing, or for a file."""
    checks = plural(count, "check")
    if not causes:
        return f"{checks} {'was' if count == 1 else 'were'} skipped."
    return f"{checks} {'waits' if count == 1 else 'wait'} for {' and '.join(causes)}."


def waiting_elsewhere(count: int) -> str:
    """Where a question's checks are told that wait for something else; empty if none does."""
    if not count:
        return ""
    return f"{plural(count, 'more check')} of this question: see Waiting."


def cannot_be_run(file: str, message: str, version: str) -> str:
    """The sentence about a file that Python cannot read, with what the parser says of it.

    Args:
        version: of Python, since a newer one may read the file; empty if it is not known.
    """
    python = f"Python {version}".rstrip()
    return f"{python} cannot read {file}: {message}. Nothing in it can be run until that is mended."


def differences(check: CheckResult) -> list[str]:
    """What differs, an entry for each observation that is not right."""
    return [f"{o.name}: {o.message}" for o in check.observations if o.message]
