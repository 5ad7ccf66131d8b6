"""The report of one graded submission. Every page, table and line of output is made from it.

Its JSON Schema is published beside this file as ``report.schema.json``. All times are in fields
named ``seconds`` or ``started``; everything else is the same on every run.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

SCHEMA_VERSION = 6


class Outcome(StrEnum):
    """How a check ended."""

    PASSED = "passed"
    PARTIAL = "partial"
    FAILED = "failed"
    MISSING = "missing"
    """The stub is untouched."""
    ERROR = "error"
    """The student's code raised."""
    TIMEOUT = "timeout"
    KILLED = "killed"
    """The student's code ran into a limit of the box."""
    SKIPPED = "skipped"
    """It failed, in consequence of a question that it needs or calls."""
    NOT_GRADED = "not_graded"
    """We failed; the student loses nothing."""


class Status(StrEnum):
    """How far the grading of a submission got."""

    GRADED = "graded"
    PARTLY_GRADED = "partly_graded"
    """At least one check is not graded, through our failure."""
    UNREADABLE = "unreadable"
    """What was handed in cannot be read; the reason says why. A person decides."""
    NOT_GRADED = "not_graded"
    """We failed at every check, or before the first one."""
    ABSENT = "absent"
    """The student is on the roster and handed in nothing."""


class ObservationResult(Struct, frozen=True, kw_only=True):
    """One observation, compared with its expected output."""

    name: str
    share: Annotated[float, Meta(ge=0, le=1)]
    error: Annotated[float | None, Meta(description="Largest error in the tolerance's measure.")]
    message: Annotated[
        str, Meta(description="Empty if right. Holds expected values: not for students if hidden.")
    ]


class CheckResult(Struct, frozen=True, kw_only=True):
    """The result of one check."""

    id: Annotated[str, Meta(description="question.name")]
    question: str
    name: str
    title: str
    visible: bool
    outcome: Outcome
    score: float
    points: float
    hint: str = ""
    message: Annotated[str, Meta(description="For staff: the reason in words.")] = ""
    flagged: Annotated[
        str,
        Meta(description="For staff alone: why a person should look at this check, or empty."),
    ] = ""
    blocked_by: Annotated[
        list[str],
        Meta(description="The questions or regions that a skipped check waits for, by their ids."),
    ] = []
    observations: list[ObservationResult] = []
    traceback: Annotated[str, Meta(description="The student's own frames.")] = ""
    output: Annotated[str, Meta(description="What the student's code printed, cut.")] = ""
    seconds: float = 0.0


class QuestionResult(Struct, frozen=True, kw_only=True):
    """One question with its checks."""

    id: str
    title: str
    notebook: str
    score: float
    points: float
    checks: list[CheckResult]

    @property
    def graded_points(self) -> float:
        """The points of the checks that were graded."""
        return sum(c.points for c in self.checks if c.outcome is not Outcome.NOT_GRADED)


class WrittenAnswer(Struct, frozen=True, kw_only=True):
    """An answer in words, for a person to grade."""

    question: str
    title: str
    notebook: str
    points: Annotated[float, Meta(description="What a person can give.")]
    rubric: Annotated[str, Meta(description="How that person should grade; not for students.")]
    answer: Annotated[str, Meta(description="The student's words; empty if nothing was written.")]
    score: Annotated[float | None, Meta(description="None until a person has graded it.")] = None


class Enforcement(Struct, frozen=True):
    """Whether a limit of the sandbox was enforced on this machine, and by what."""

    enforced: bool
    by: Annotated[
        str,
        Meta(description="The limit and what enforced it; if nothing did, the reason or empty."),
    ] = ""

    def __str__(self) -> str:
        if self.enforced:
            return self.by
        return f"NOT ENFORCED: {self.by}" if self.by else "NOT ENFORCED"


class Sandbox(Struct, frozen=True, kw_only=True):
    """How the student's code was isolated, and which limits were enforced, and by what."""

    backend: str
    isolated: bool
    python: Annotated[str, Meta(description="The version of Python that ran the code.")] = ""
    numpy: Annotated[str, Meta(description="The version of NumPy that ran the code.")] = ""
    limits: Annotated[dict[str, Enforcement], Meta(description="By the name of the limit.")]

    @property
    def unenforced(self) -> list[str]:
        """The names of the limits that nothing enforced."""
        return [name for name, limit in self.limits.items() if not limit.enforced]


class UnparsedFile(Struct, frozen=True, kw_only=True):
    """A module of the student's that Python cannot read, found out without running it."""

    name: Annotated[str, Meta(description="Its path below the package.")]
    message: Annotated[str, Meta(description="What Python's parser says, with file and line.")]
    line: Annotated[str, Meta(description="The line that it stopped at; empty if unknown.")] = ""


class CellRecord(Struct, frozen=True, kw_only=True):
    """A cell of a student's own in a notebook that runs in every check, because answers need it."""

    notebook: str
    cell: Annotated[int, Meta(description="Its number among the file's code cells, from 1.")]
    names: Annotated[
        list[str], Meta(description="What it runs for; nothing if it only seeds or sets.")
    ]
    reason: Annotated[
        str, Meta(description="Why only single statements of it run; empty if it runs whole.")
    ] = ""
    lost: Annotated[
        list[str], Meta(description="Needed names that those statements leave as they were.")
    ] = []


class SubmissionRecord(Struct, frozen=True, kw_only=True):
    """What was handed in, as it was understood."""

    name: Annotated[str, Meta(description="File or folder name, without its path.")]
    sha256: str
    files: Annotated[list[str], Meta(description="Answer files and notebooks that were graded.")]
    notes: Annotated[list[str], Meta(description="What was ignored or corrected, and why.")]
    site: Annotated[str, Meta(description="Whose download it is from; empty if none.")] = ""
    late: Annotated[bool, Meta(description="The course site marked it as late.")] = False
    attempt: Annotated[
        int | None, Meta(description="Which of the student's attempts, from 1, if that is known.")
    ] = None
    earlier: Annotated[list[str], Meta(description="Earlier attempts, which do not count.")] = []
    unread: Annotated[
        dict[str, int], Meta(description="How many files of other kinds, by suffix.")
    ] = {}
    unparsed: list[UnparsedFile] = []
    left_aside: Annotated[
        list[str],
        Meta(description="Those of the notes on what does not count or is missing, for staff."),
    ] = []
    missing_modules: Annotated[
        list[str],
        Meta(description="Modules of the student's choice that are not installed for grading."),
    ] = []
    cells: Annotated[
        list[CellRecord], Meta(description="Cells that run besides set-up and answer cells.")
    ] = []


class Report(Struct, frozen=True, kw_only=True):
    """The record of one graded submission."""

    schema: int = SCHEMA_VERSION
    assignment: str
    variant: str
    title: str
    language: Annotated[str, Meta(description="Of the student's page.")] = "en"
    harness_sha256: str
    student: str
    name: Annotated[str, Meta(description="By the roster or the course site, if known.")] = ""
    submission: SubmissionRecord
    status: Status
    reason: Annotated[
        str,
        Meta(
            description="Why it is not fully graded, or what was left aside; "
            "empty if all that was handed in is graded."
        ),
    ] = ""
    score: float
    graded_points: Annotated[float, Meta(description="The points of all checks that were graded.")]
    points: Annotated[float, Meta(description="The points of all checks.")]
    questions: list[QuestionResult]
    written_answers: Annotated[
        list[WrittenAnswer], Meta(description="Graded by hand; their points are in no total above.")
    ] = []
    data: Annotated[str, Meta(description="The data set that models were trained on.")] = ""
    sandbox: Sandbox | None = None
    started: Annotated[str, Meta(description="UTC, ISO 8601.")] = ""
    seconds: float = 0.0

    @property
    def percent(self) -> float | None:
        """Score as a share of all points, 0 to 100; None if no check was graded.

        A check that was not graded never raises it. While there is one, it is a lower bound.
        """
        return 100 * self.score / self.points if self.graded_points else None

    @property
    def percent_of_graded(self) -> float | None:
        """Score as a share of the points that were graded, 0 to 100; None if none were."""
        return 100 * self.score / self.graded_points if self.graded_points else None

    @property
    def fully_graded(self) -> bool:
        """Whether every check was graded."""
        return self.graded_points == self.points

    @property
    def checks(self) -> list[CheckResult]:
        """All checks, in the order of the questions."""
        return [check for question in self.questions for check in question.checks]


def utc_now() -> str:
    """The time as every record writes it: UTC, ISO 8601, in whole seconds."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def encode(report: Report) -> bytes:
    """A report as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(report), indent=1) + b"\n"


def decode(data: bytes) -> Report:
    """Read a report. Raises msgspec.DecodeError or msgspec.ValidationError for other bytes."""
    return msgspec.json.decode(data, type=Report)


def schema() -> dict[str, Any]:
    """The JSON Schema of `Report`."""
    return msgspec.json.schema(Report)
