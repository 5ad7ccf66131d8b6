"""Reports, made from the results of checks: points, totals, status, and texts cut to length."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.core.checks import Check
from autograder.core.stubs import question_of
from autograder.errors import DownloadChanged, SubmissionError
from autograder.grading.check_run import CheckRun
from autograder.harness import Harness, Kind
from autograder.records import (
    CellRecord,
    CheckResult,
    ObservationResult,
    Outcome,
    QuestionResult,
    Report,
    Sandbox,
    Status,
    SubmissionRecord,
    UnparsedFile,
    WrittenAnswer,
    utc_now,
)
from autograder.submissions.attempt import Attempt
from autograder.submissions.fingerprint import fingerprint
from autograder.submissions.job import NO_INFO, SubmissionInfo, student_id
from autograder.submissions.notes import left_aside
from autograder.submissions.submission import Submission
from autograder.submissions.unparsed import UnparsedModule

#: How many characters of a check's output and of a traceback a report keeps.
KEPT = 10_000
#: How many characters of any other text.
SHORT = 4_000
#: Points are rounded to this many decimals, so that no sum depends on the order of its terms.
DECIMALS = 4


def ungraded(
    harness: Harness,
    path: Path,
    student: str,
    error: Exception,
    notes: Collection[str] = (),
    *,
    attempt: Attempt | None = None,
    info: SubmissionInfo = NO_INFO,
) -> Report:
    """The report of a submission on which no check could be run.

    If `error` is a SubmissionError, the status is "unreadable". Any other error is our failure.
    """
    unreadable = isinstance(error, SubmissionError)
    try:
        sha256 = fingerprint(path, attempt)
    except (OSError, SubmissionError, DownloadChanged):
        sha256 = ""
    name = attempt.name if attempt else path.name
    return _empty(
        harness,
        student or student_id(path),
        info,
        _submission(name, sha256, [], notes, info),
        Status.UNREADABLE if unreadable else Status.NOT_GRADED,
        _text(str(error) or type(error).__name__, SHORT),
    )


def absent(harness: Harness, student: str, name: str, notes: Iterable[str]) -> Report:
    """The report of a student on the roster who handed in nothing.

    Args:
        notes: what else is known; they are part of the reason.
    """
    reason = "; ".join(("nothing was handed in", *notes))
    submission = _submission("", "", [], (), NO_INFO)
    info = SubmissionInfo(name=name)
    return _empty(harness, student, info, submission, Status.ABSENT, _text(reason, SHORT))


def _empty(
    harness: Harness,
    student: str,
    info: SubmissionInfo,
    submission: SubmissionRecord,
    status: Status,
    reason: str,
) -> Report:
    return Report(
        assignment=harness.assignment,
        variant=harness.variant,
        language=harness.manifest.language,
        title=harness.title,
        harness_sha256=harness.sha256,
        student=student,
        name=_text(info.name, SHORT),
        submission=submission,
        status=status,
        reason=reason,
        score=0.0,
        graded_points=0.0,
        points=_points(check.points for check in harness.checks),
        questions=[],
        started=utc_now(),
    )


def info_of(report: Report) -> SubmissionInfo:
    """What the course site and the roster said of a submission when it was graded."""
    record = report.submission
    return SubmissionInfo(
        record.site, record.late, record.attempt, tuple(record.earlier), report.name
    )


def check_result(check: Check, run: CheckRun) -> CheckResult:
    """The result of a check run, as the report keeps it."""
    outcome, message = run.outcome, run.message
    if outcome is Outcome.MISSING:
        (region,) = run.blocked_by
        if question_of(region) != check.question:
            # This question cannot be judged, written or not: it calls a stub of another one.
            outcome, message = Outcome.SKIPPED, f"it calls {region}, which is not written yet"
    blocked_by = run.blocked_by if outcome is Outcome.SKIPPED else ()
    return CheckResult(
        id=check.id,
        question=check.question,
        name=check.name,
        title=check.title,
        visible=check.visible,
        outcome=outcome,
        score=_points([run.share * check.points]),
        points=float(check.points),
        hint=check.hint,
        message=_text(message, SHORT),
        flagged=_text(run.flagged, SHORT),
        blocked_by=[_text(blocking, SHORT) for blocking in blocked_by],
        observations=[
            ObservationResult(
                name=_text(name, SHORT),
                share=c.share,
                error=c.error if c.error is not None and math.isfinite(c.error) else None,
                message=_text(c.message, SHORT),
            )
            for name, c in run.comparisons.items()
        ],
        traceback=_text(run.traceback, KEPT, keep_end=True),
        output=_text(run.output, KEPT),
        seconds=round(run.seconds, 3),
    )


@dataclass(frozen=True)
class GradingRun:
    """How a submission was graded.

    Attributes:
        started: UTC, ISO 8601.
        seconds: that grading took.
        notes: sentences for the report, besides those on the submission.
        missing_modules: of the student's choice; see `submissions.imported_modules`.
        cells: the cells of the student's own that were run in the checks.
    """

    sandbox: Sandbox
    started: str
    seconds: float
    notes: tuple[str, ...] = ()
    missing_modules: tuple[str, ...] = ()
    cells: tuple[CellRecord, ...] = ()


def report(
    harness: Harness,
    submission: Submission,
    results: Mapping[str, CheckResult],
    run: GradingRun,
) -> Report:
    """The report of a submission.

    Args:
        results: of all checks, by the check's id.
    """
    questions = []
    for question in harness.questions:
        if question.kind is Kind.PROSE:
            continue
        its_checks = [results[c.id] for c in harness.checks if c.question == question.id]
        questions.append(
            QuestionResult(
                id=question.id,
                title=question.title,
                notebook=question.notebook,
                score=_points(r.score for r in its_checks),
                points=_points(r.points for r in its_checks),
                checks=its_checks,
            )
        )
    checks = [check for question in questions for check in question.checks]
    failures = [check for check in checks if check.outcome is Outcome.NOT_GRADED]
    status = Status.GRADED
    if failures:
        status = Status.NOT_GRADED if len(failures) == len(checks) else Status.PARTLY_GRADED
    notes = [*submission.notes, *run.notes]
    return Report(
        assignment=harness.assignment,
        variant=harness.variant,
        language=harness.manifest.language,
        title=harness.title,
        harness_sha256=harness.sha256,
        student=submission.student,
        name=_text(submission.info.name, SHORT),
        submission=_submission(
            submission.name,
            submission.sha256,
            submission.selected_files,
            notes,
            submission.info,
            submission.unread,
            submission.unparsed,
            run.missing_modules,
            run.cells,
        ),
        status=status,
        reason=_reason([f"{check.id}: {check.message}" for check in failures] or left_aside(notes)),
        score=_points(check.score for check in checks),
        graded_points=_points(question.graded_points for question in questions),
        points=_points(check.points for check in checks),
        questions=questions,
        written_answers=[
            WrittenAnswer(
                question=question.id,
                title=question.title,
                notebook=question.notebook,
                points=question.hand_points,
                rubric=question.rubric,
                answer=_text(submission.written_answers.get(question.id, ""), KEPT),
            )
            for question in harness.questions
            if question.kind is Kind.PROSE
        ],
        data=harness.manifest.data,
        sandbox=run.sandbox,
        started=run.started,
        seconds=round(run.seconds, 3),
    )


def _reason(reasons: Sequence[str]) -> str:
    """The first reason, and how many more there are; empty if there is none."""
    if not reasons:
        return ""
    more = f" (and {len(reasons) - 1} more)" if len(reasons) > 1 else ""
    return _text(reasons[0], SHORT) + more


def _submission(
    name: str,
    sha256: str,
    files: list[str],
    notes: Collection[str],
    info: SubmissionInfo,
    unread: Mapping[str, int] | None = None,
    unparsed: Iterable[UnparsedModule] = (),
    missing_modules: Iterable[str] = (),
    cells: Iterable[CellRecord] = (),
) -> SubmissionRecord:
    return SubmissionRecord(
        name=_text(name, SHORT),
        sha256=sha256,
        files=files,
        notes=[_text(note, SHORT) for note in notes],
        site=info.site,
        late=info.late,
        attempt=info.attempt_number,
        earlier=[_text(earlier, SHORT) for earlier in info.earlier],
        unread=dict(sorted((unread or {}).items())),
        unparsed=[
            UnparsedFile(
                name=_text(file.name, SHORT),
                message=_text(file.message, SHORT),
                line=_text(file.line, SHORT),
            )
            for file in unparsed
        ],
        left_aside=[_text(note, SHORT) for note in left_aside(notes)],
        missing_modules=list(missing_modules),
        cells=list(cells),
    )


def _points(points: Iterable[float]) -> float:
    return round(math.fsum(points), DECIMALS)


def _text(text: str, limit: int, *, keep_end: bool = False) -> str:
    """A text that JSON can hold, cut to `limit` characters.

    The end of a traceback says most, and the start of a message.
    """
    text = text.encode("utf-8", "backslashreplace").decode()
    if len(text) <= limit:
        return text
    cut = f"[{len(text) - limit} more characters]"
    return f"{cut}\n{text[-limit:]}" if keep_end else f"{text[:limit]}\n{cut}"
