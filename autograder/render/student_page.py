"""The student's page: what there is to mend comes first, what is passed is folded.

`feedback` picks what the student may see, and ``student.html.j2`` draws it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from autograder.core.language import language
from autograder.core.stubs import question_of
from autograder.records import CheckResult, Outcome, QuestionResult, Report, Status
from autograder.render.clean_text import cleaned
from autograder.render.feedback import (
    CheckFeedback,
    Feedback,
    Group,
    QuestionFeedback,
    Section,
    UnparsedFeedback,
    WrittenAnswerFeedback,
)
from autograder.render.html import page_environment
from autograder.render.outcome_bar import Segment, outcome_bar
from autograder.render.outcome_words import (
    NOT_RUN,
    SENTENCES,
    STATUS_SENTENCES,
    cannot_be_run,
    differences,
    folded,
    waiting,
    waiting_elsewhere,
)
from autograder.render.student_paths import without_paths

#: A hint helps whose code ran and is not right yet. With other outcomes it is not shown.
_HINTED = (Outcome.PARTIAL, Outcome.FAILED, Outcome.ERROR, Outcome.TIMEOUT, Outcome.KILLED)
#: Checks with these outcomes are told in one sentence for all of a question, and listed below it.
_FOLDED = (Outcome.MISSING, Outcome.NOT_GRADED, Outcome.PASSED)


def student_page(report: Report) -> str:
    """The page as HTML, in the language of the report's variant."""
    template = page_environment().get_template("student.html.j2")
    t = language(report.language)
    return template.render(page=feedback(report), Section=Section, t=t, lang=t.name)


def feedback(report: Report) -> Feedback:
    """What the student may see of a report."""
    report = cleaned(report)
    unreadable = report.status is Status.UNREADABLE
    python = report.sandbox.python if report.sandbox else ""
    waiting_for: dict[tuple[str, ...], list[CheckFeedback]] = {}
    questions = tuple(_question(question, report, waiting_for) for question in report.questions)
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
        bar=_bar(report.checks),
        unparsed=tuple(
            UnparsedFeedback(cannot_be_run(file.name, file.message, python), file.line)
            for file in report.submission.unparsed
            if (file.name,) in waiting_for
        ),
        questions=questions,
        waiting=tuple(
            Group(waiting(len(checks), cause), tuple(checks))
            for cause, checks in waiting_for.items()
        ),
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
        missing_modules=tuple(report.submission.missing_modules),
        notes=tuple(map(without_paths, report.submission.notes)),
        isolated=report.sandbox is None or report.sandbox.isolated,
        started=report.started,
        harness=report.harness_sha256,
        python=python,
        numpy=report.sandbox.numpy if report.sandbox else "",
    )


def _question(
    question: QuestionResult,
    report: Report,
    waiting_for: dict[tuple[str, ...], list[CheckFeedback]],
) -> QuestionFeedback:
    """A question without its checks that wait for something else; those go to `waiting_for`."""
    own: list[CheckFeedback] = []
    hidden = 0
    for check in question.checks:
        hidden += not check.visible
        label = check.title if check.visible else f"Hidden check {hidden}"
        shown = _check(check, label, question.title)
        cause = _waits_for(check, report)
        if cause is None:
            own.append(shown)
        else:
            # What it waits for is told once, so its own error is not told again.
            shown = replace(shown, sentence="", hint="", detail="", traceback="", output="")
            waiting_for.setdefault(cause, []).append(shown)
    by_outcome = {outcome: [c for c in own if c.outcome is outcome] for outcome in _FOLDED}
    return QuestionFeedback(
        id=question.id,
        title=question.title,
        notebook=question.notebook,
        score=question.score,
        points=question.graded_points,
        bar=_bar(question.checks),
        checks=tuple(check for check in own if check.outcome not in _FOLDED),
        groups=tuple(
            Group(folded(outcome, len(checks)), tuple(checks))
            for outcome, checks in by_outcome.items()
            if checks
        ),
        waiting=waiting_elsewhere(len(question.checks) - len(own)),
    )


def _check(check: CheckResult, label: str, question: str) -> CheckFeedback:
    not_run = check.outcome is Outcome.TIMEOUT and not check.seconds
    shown = CheckFeedback(
        question=question,
        label=label,
        name=check.name if check.visible else "",
        outcome=check.outcome,
        score=check.score,
        points=check.points,
        sentence=NOT_RUN if not_run else SENTENCES.get(check.outcome, ""),
        hint=check.hint if check.outcome in _HINTED and not not_run else "",
    )
    # The message about a failure of ours is written for staff, and names paths of the grader.
    if not check.visible or check.outcome in (Outcome.NOT_GRADED, Outcome.SKIPPED):
        return shown
    return replace(
        shown,
        detail=without_paths(_detail(check)),
        traceback=without_paths(check.traceback),
        output=without_paths(check.output),
    )


def _detail(check: CheckResult) -> str:
    """What differs, or another reason why the check is not passed."""
    if check.outcome in (Outcome.PASSED, Outcome.MISSING):
        return ""
    return check.message or "\n".join(differences(check))


def _waits_for(check: CheckResult, report: Report) -> tuple[str, ...] | None:
    """The questions or the file that a check waits for; None if it waits for nothing.

    A region's id begins with its question's. The id may come from a stub that the student edited,
    so that only questions of this assignment are named: the names may be none at all.
    """
    if check.outcome in (Outcome.ERROR, Outcome.SKIPPED):
        # Which files cannot be read was found out without running them. The error must be that one.
        for file in report.submission.unparsed:
            if file.message in check.message:
                return (file.name,)
    if check.outcome is not Outcome.SKIPPED:
        return None
    named = dict.fromkeys(map(question_of, check.blocked_by))
    known = {question.id for question in report.questions}
    return tuple(q for q in named if q in known and q != check.question)


def _bar(checks: Sequence[CheckResult]) -> tuple[Segment, ...]:
    return outcome_bar((check.outcome, check.points) for check in checks)
