"""The student's page: the feedback, which is the part of a report that its student may see.

The template gets a `Feedback` alone, so what must stay hidden never reaches it. Of a hidden check a
student sees the number, verdict, points and hint, but no name, title, message, traceback, output or
value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from autograder.core.stubs import question_of
from autograder.records import CheckResult, Outcome, QuestionResult, Report, Status
from autograder.render.clean_text import cleaned
from autograder.render.html import page_environment
from autograder.render.outcome_words import SENTENCES, STATUS_SENTENCES, differences, skipped

#: A hint helps whose code ran and is not right yet. With other outcomes it is not shown.
_HINTED = (Outcome.PARTIAL, Outcome.FAILED, Outcome.ERROR, Outcome.TIMEOUT, Outcome.KILLED)


@dataclass(frozen=True)
class CheckFeedback:
    """One check as its student sees it.

    `name`, `detail`, `traceback` and `output` are empty for a hidden check.
    """

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
class QuestionFeedback:
    """One question as its student sees it; `points` counts the checks that were graded."""

    id: str
    title: str
    notebook: str
    score: float
    points: float
    checks: tuple[CheckFeedback, ...]

    @property
    def worth_opening(self) -> bool:
        """Whether there is more to read than "passed" or "not written yet"."""
        return {check.outcome for check in self.checks} not in (
            {Outcome.PASSED},
            {Outcome.MISSING},
        )


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
        submission: the name of what was handed in.
        earlier: the names of earlier attempts, which do not count.
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
    questions: tuple[QuestionFeedback, ...]
    written_answers: tuple[WrittenAnswerFeedback, ...]
    submission: str
    late: bool
    attempt: int | None
    earlier: tuple[str, ...]
    files: tuple[str, ...]
    notes: tuple[str, ...]
    isolated: bool


def student_page(report: Report) -> str:
    """The page as HTML."""
    return page_environment().get_template("student.html.j2").render(page=feedback(report))


def feedback(report: Report) -> Feedback:
    """What the student may see of a report."""
    report = cleaned(report)
    titles = {question.id: question.title for question in report.questions}
    unreadable = report.status is Status.UNREADABLE
    return Feedback(
        title=report.title,
        student=report.student,
        status=report.status,
        sentence=STATUS_SENTENCES[report.status],
        reason=without_paths(report.reason) if unreadable else "",
        score=report.score,
        out_of=report.graded_points,
        points=report.points,
        percent=report.percent,
        percent_of_graded=report.percent_of_graded,
        questions=tuple(_question(question, titles) for question in report.questions),
        written_answers=tuple(
            WrittenAnswerFeedback(
                written.title, written.notebook, written.points, written.answer, written.score
            )
            for written in report.written_answers
        ),
        submission=report.submission.name,
        late=report.submission.late,
        attempt=report.submission.attempt,
        earlier=tuple(report.submission.earlier),
        files=tuple(report.submission.files),
        notes=tuple(map(without_paths, report.submission.notes)),
        isolated=report.sandbox is None or report.sandbox.isolated,
    )


def _question(question: QuestionResult, titles: dict[str, str]) -> QuestionFeedback:
    checks, hidden = [], 0
    for check in question.checks:
        hidden += not check.visible
        label = check.title if check.visible else f"Hidden check {hidden}"
        checks.append(_check(check, label, titles))
    return QuestionFeedback(
        id=question.id,
        title=question.title,
        notebook=question.notebook,
        score=question.score,
        points=question.graded_points,
        checks=tuple(checks),
    )


def _check(check: CheckResult, label: str, titles: dict[str, str]) -> CheckFeedback:
    sentence = SENTENCES[check.outcome]
    if check.outcome is Outcome.SKIPPED:
        sentence = skipped(_questions_waited_for(check, titles))
    shown = CheckFeedback(
        label=label,
        name=check.name if check.visible else "",
        outcome=check.outcome,
        score=check.score,
        points=check.points,
        sentence=sentence,
        hint=check.hint if check.outcome in _HINTED else "",
    )
    # The message about a failure of ours is written for staff, and names paths of the grader.
    if not check.visible or check.outcome in (Outcome.NOT_GRADED, Outcome.SKIPPED):
        return shown
    return CheckFeedback(
        **{
            **vars(shown),
            "detail": without_paths(_detail(check)),
            "traceback": without_paths(check.traceback),
            "output": without_paths(check.output),
        }
    )


def _detail(check: CheckResult) -> str:
    """What differs, or another reason why the check is not passed."""
    if check.outcome in (Outcome.PASSED, Outcome.MISSING):
        return ""
    return check.message or "\n".join(differences(check))


def _questions_waited_for(check: CheckResult, titles: dict[str, str]) -> list[str]:
    """The ids of the other questions that a skipped check waits for.

    A region's id begins with its question's. The id may come from a stub that the student edited,
    so that only questions of this assignment are named.
    """
    questions = dict.fromkeys(map(question_of, check.blocked_by))
    return [q for q in questions if q in titles and q != check.question]


#: An absolute path of two parts or more, up to its last slash.
_FOLDERS = re.compile(r"(?<![\w/.~<-])(?:/[^\s/\"'<>:,;]+)+/(?=[^\s/])")
#: The part of a path behind one of these folders is the student's or a library's. It is kept.
_ROOTS = re.compile(r".*/(?:package|notebooks|submission|site-packages|lib/python3\.\d+)/")


def without_paths(text: str) -> str:
    """The text with absolute paths cut to the part that a student knows.

    ``/submission/package/convnet/layers.py`` becomes ``convnet/layers.py``. Students are not shown
    where the grader keeps its folders.
    """

    def meaningful(folders: re.Match[str]) -> str:
        root = _ROOTS.match(folders[0])
        return folders[0][root.end() :] if root else ""

    return _FOLDERS.sub(meaningful, text)
