"""The fixed words and sentences for each outcome and status. They reveal nothing else
about a check.
"""

from __future__ import annotations

from collections.abc import Iterable

from autograder.records import Outcome, Status

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

#: What a student reads of a hidden check, beside its points and its hint.
SENTENCES = {
    Outcome.PASSED: "Passed.",
    Outcome.PARTIAL: "Partly right.",
    Outcome.FAILED: "Not right.",
    Outcome.MISSING: "Not written yet.",
    Outcome.ERROR: "Your code raised an error.",
    Outcome.TIMEOUT: "Your code took too long and was stopped.",
    Outcome.KILLED: "Your code ran into a limit and was stopped.",
    Outcome.SKIPPED: "Skipped.",
    Outcome.NOT_GRADED: "This check could not be graded, through no fault of yours. "
    "Its points are open.",
}

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


def skipped(needed: Iterable[str]) -> str:
    """The sentence of a skipped check, naming the questions that earned nothing."""
    names = list(needed)
    if not names:
        return SENTENCES[Outcome.SKIPPED]
    return f"Skipped, because {' and '.join(names)} earned nothing yet."
