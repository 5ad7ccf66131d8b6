"""What a student may see of their report.

The page of feedback is drawn from `Feedback` alone, which is made here: what must stay hidden
never reaches a template. Of a hidden check that is everything but its number, verdict, points
and hint: no name, title, message, traceback, output, or value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from autograder.records import CheckResult, Outcome, QuestionResult, Report, Status
from autograder.render.clean import cleaned
from autograder.render.sentences import SENTENCES, STATUS_SENTENCES, skipped

#: A hint is for code that ran and did not do; before that it is noise.
_HINTED = (Outcome.PARTIAL, Outcome.FAILED, Outcome.ERROR, Outcome.TIMEOUT, Outcome.KILLED)


@dataclass(frozen=True)
class CheckFeedback:
    """One check as its student sees it; the last three are empty for a hidden one."""

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
    """One question as its student sees it; `points` are those of the checks that were graded."""

    id: str
    title: str
    notebook: str
    score: float
    points: float
    checks: tuple[CheckFeedback, ...]

    @property
    def worth_opening(self) -> bool:
        """Whether there is more to say than "all right" or "not written yet"."""
        return {check.outcome for check in self.checks} not in (
            {Outcome.PASSED},
            {Outcome.MISSING},
        )


@dataclass(frozen=True)
class WrittenAnswerFeedback:
    """One answer in words as its student sees it; the rubric is the grader's."""

    title: str
    notebook: str
    points: float
    answer: str
    score: float | None


@dataclass(frozen=True)
class Feedback:
    """A report as its student sees it."""

    title: str
    student: str
    status: Status
    sentence: str
    reason: str
    score: float
    out_of: float
    percent: float | None
    questions: tuple[QuestionFeedback, ...]
    written_answers: tuple[WrittenAnswerFeedback, ...]
    submission: str
    late: bool
    attempt: int | None
    earlier: tuple[str, ...]
    files: tuple[str, ...]
    notes: tuple[str, ...]
    isolated: bool


def feedback(report: Report) -> Feedback:
    """The student's view of a report."""
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
        percent=report.percent,
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
        named = _questions_in(check.message, titles)
        sentence = skipped(question for question in named if question != check.question)
    shown = CheckFeedback(
        label=label,
        name=check.name if check.visible else "",
        outcome=check.outcome,
        score=check.score,
        points=check.points,
        sentence=sentence,
        hint=check.hint if check.outcome in _HINTED else "",
    )
    # What we failed at is described for staff, in our own words and with our own paths.
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
    """What differs, observation by observation; what else there is to say where nothing does."""
    if check.outcome in (Outcome.PASSED, Outcome.MISSING):
        return ""
    differing = [f"{seen.name}: {seen.message}" for seen in check.observations if seen.message]
    return "\n".join(differing) or check.message


def _questions_in(message: str, titles: dict[str, str]) -> list[str]:
    """The ids of questions that a staff message names; of its other words nothing is shown."""
    return [word for word in dict.fromkeys(re.findall(r"\w+", message)) if word in titles]


#: An absolute path of two parts or more, up to its last slash.
_FOLDERS = re.compile(r"(?<![\w/.~<-])(?:/[^\s/\"'<>:,;]+)+/(?=[^\s/])")
#: What follows one of these folders is the student's own, or a library's, and worth keeping.
_ROOTS = re.compile(r".*/(?:package|notebooks|submission|site-packages|lib/python3\.\d+)/")


def without_paths(text: str) -> str:
    """The text with absolute paths cut to the part that means something to a student.

    ``/submission/package/convnet/layers.py`` is ``convnet/layers.py`` to them, and where the
    grader keeps its folders is none of their business.
    """

    def meaningful(folders: re.Match[str]) -> str:
        root = _ROOTS.match(folders[0])
        return folders[0][root.end() :] if root else ""

    return _FOLDERS.sub(meaningful, text)
