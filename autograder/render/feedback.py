"""The feedback: the part of a report that its student may see.

Of a hidden check a student sees the number, verdict, points and hint, but no name, title, message,
traceback, output or value. The student's page is drawn from a `Feedback` alone, so what must stay
hidden never reaches it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from autograder.records import Outcome, Status
from autograder.render.outcome_bar import Segment


class Section(Enum):
    """Which part of the page a question stands in."""

    TO_FIX = "to fix"
    NOT_GRADED = "not graded"
    PASSED = "passed"
    NOWHERE = "nowhere"
    """All of its checks wait for something else, and are told there."""


@dataclass(frozen=True)
class CheckFeedback:
    """One check as its student sees it.

    `name`, `detail`, `traceback` and `output` are empty for a hidden check. `sentence` is empty
    where the outcome's word says all.
    """

    question: str
    label: str
    name: str
    outcome: Outcome
    score: float
    points: float
    sentence: str
    hint: str
    detail: str = ""
    traceback: str = ""
    output: str = ""


@dataclass(frozen=True)
class Group:
    """Checks that one sentence tells of, such as "3 checks passed."."""

    sentence: str
    checks: tuple[CheckFeedback, ...]


@dataclass(frozen=True)
class QuestionFeedback:
    """One question as its student sees it.

    Attributes:
        points: of the checks that were graded.
        bar: of all its checks, by their points.
        checks: those that say what is to be mended.
        groups: the others, by outcome, without those that wait for something else.
        waiting: says how many of its checks wait for something else; empty if none does.
    """

    id: str
    title: str
    notebook: str
    score: float
    points: float
    bar: tuple[Segment, ...]
    checks: tuple[CheckFeedback, ...]
    groups: tuple[Group, ...]
    waiting: str

    @property
    def section(self) -> Section:
        """Where it stands on the page: what there is to mend comes first."""
        outcomes = {check.outcome for group in self.groups for check in group.checks}
        if self.checks or Outcome.MISSING in outcomes:
            return Section.TO_FIX
        if Outcome.NOT_GRADED in outcomes:
            return Section.NOT_GRADED
        return Section.PASSED if outcomes else Section.NOWHERE


@dataclass(frozen=True)
class UnparsedFeedback:
    """A file of the student's that Python cannot read, and its line that the parser stopped at."""

    sentence: str
    line: str


@dataclass(frozen=True)
class WrittenAnswerFeedback:
    """One answer in words as its student sees it; the rubric is for the staff alone."""

    title: str
    notebook: str
    points: float
    answer: str
    score: float | None


@dataclass(frozen=True)
class Feedback:
    """A report as its student sees it.

    Attributes:
        sentence: what the status means; empty if all is graded.
        reason: why the submission could not be read; empty otherwise.
        out_of: the points of the checks that were graded.
        points: the points of all checks.
        percent: of all points; `percent_of_graded` is of those that were graded.
        bar: of all checks, by their points.
        unparsed: the files because of which checks failed that Python cannot read.
        waiting: the checks that wait for something else, by what they wait for.
        submission: the name of what was handed in.
        earlier: the names of earlier attempts, which do not count.
        started: when the grading started, ISO 8601.
        harness: the SHA-256 of the harness.
        missing_modules: of the student's own choice, which were not installed.
        python, numpy: the versions that graded; empty if nothing was graded.
    """

    title: str
    student: str
    status: Status
    sentence: str
    reason: str
    score: float
    out_of: float
    points: float
    percent: float | None
    percent_of_graded: float | None
    bar: tuple[Segment, ...]
    unparsed: tuple[UnparsedFeedback, ...]
    questions: tuple[QuestionFeedback, ...]
    waiting: tuple[Group, ...]
    written_answers: tuple[WrittenAnswerFeedback, ...]
    submission: str
    late: bool
    attempt: int | None
    earlier: tuple[str, ...]
    files: tuple[str, ...]
    missing_modules: tuple[str, ...]
    notes: tuple[str, ...]
    isolated: bool
    started: str
    harness: str
    python: str
    numpy: str

    def questions_in(self, section: Section) -> list[QuestionFeedback]:
        """The questions of a section, in the order of the assignment."""
        return [question for question in self.questions if question.section is section]
