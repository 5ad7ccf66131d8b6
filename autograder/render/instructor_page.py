"""The instructor's page over all reports of a class: totals, a histogram, students, checks.

`overview` gathers what the page shows, and ``instructor.html.j2`` draws it.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autograder.records import CheckResult, Outcome, Report, Sandbox, Status
from autograder.render.clean_text import cleaned, one_line
from autograder.render.histogram import Bin, histogram
from autograder.render.html import page_environment
from autograder.render.outcome_bar import Segment, outcome_bar


@dataclass(frozen=True)
class CheckRow:
    """The results of one check over the class.

    Attributes:
        rate: how many of the submissions that it was graded for passed it, 0 to 100.
        counts: how many submissions had each outcome.
        flagged: in how many submissions a person should look at the check.
    """

    id: str
    title: str
    visible: bool
    points: float
    rate: float | None
    counts: dict[Outcome, int]
    flagged: int
    bar: tuple[Segment, ...]


@dataclass(frozen=True)
class QuestionRows:
    """One question with the rows of its checks."""

    id: str
    title: str
    notebook: str
    points: float
    mean: float | None
    checks: tuple[CheckRow, ...]


@dataclass(frozen=True)
class StudentRow:
    """One student's line.

    Attributes:
        out_of: the points of the checks that were graded.
        percent: of all points; `percent_of_graded` is of those that were graded.
        flagged: which checks a person should look at, and why; empty if none.
        missing_modules: what it imports and was not installed; empty if nothing.
    """

    student: str
    name: str
    late: bool
    attempt: int | None
    earlier: str
    status: Status
    score: float
    out_of: float
    points: float
    percent: float | None
    percent_of_graded: float | None
    reason: str
    flagged: str
    missing_modules: str
    bar: tuple[Segment, ...]
    isolated: bool


@dataclass(frozen=True)
class Overview:
    """All that the instructor's page shows.

    Attributes:
        harnesses: the SHA-256 of each harness that a report was made with.
        first, last: when the first and the last grading started; empty if nothing was graded.
        mean, median: of the students' percents; None if nobody has one.
        unscored: how many students have no percent.
        outcomes: those that occur, in their fixed order.
        unisolated: how many reports were made without a sandbox.
        sandboxes: each backend with what enforced its limits, each such pair once.
    """

    title: str
    assignment: str
    variant: str
    harnesses: tuple[str, ...]
    first: str
    last: str
    points: float
    statuses: dict[Status, int]
    mean: float | None
    median: float | None
    bins: tuple[Bin, ...]
    unscored: int
    questions: tuple[QuestionRows, ...]
    students: tuple[StudentRow, ...]
    outcomes: tuple[Outcome, ...]
    unisolated: int
    sandboxes: tuple[Sandbox, ...]


def instructor_page(reports: Iterable[Report]) -> str:
    """The page as HTML; it links to ``feedback/`` and ``reports/``."""
    return page_environment().get_template("instructor.html.j2").render(page=overview(reports))


def overview(reports: Iterable[Report]) -> Overview:
    """What the page shows of the reports of one assignment."""
    ordered = by_student(map(cleaned, reports))
    first = ordered[0] if ordered else None
    times = sorted(report.started for report in ordered if report.started)
    percents = [p for report in ordered if (p := report.percent) is not None]
    all_outcomes = {check.outcome for report in ordered for check in report.checks}
    return Overview(
        title=first.title if first else "No submissions",
        assignment=first.assignment if first else "",
        variant=first.variant if first else "",
        harnesses=tuple(dict.fromkeys(report.harness_sha256 for report in ordered)),
        first=times[0] if times else "",
        last=times[-1] if times else "",
        points=max((report.points for report in ordered), default=0.0),
        statuses={s: n for s in Status if (n := sum(r.status is s for r in ordered))},
        mean=statistics.fmean(percents) if percents else None,
        median=statistics.median(percents) if percents else None,
        bins=histogram(percents),
        unscored=len(ordered) - len(percents),
        questions=_questions(ordered),
        students=tuple(map(_student, ordered)),
        outcomes=tuple(outcome for outcome in Outcome if outcome in all_outcomes),
        unisolated=sum(not _isolated(report) for report in ordered),
        sandboxes=_sandboxes(ordered),
    )


def by_student(reports: Iterable[Report]) -> list[Report]:
    """The reports in the order of the students' ids; capitals count as small letters."""
    return sorted(reports, key=lambda report: (report.student.casefold(), report.student))


def _questions(reports: Sequence[Report]) -> tuple[QuestionRows, ...]:
    """Every question and check of any report, in the order in which they first occur."""
    heads = {q.id: q for report in reports for q in report.questions}
    results: dict[str, dict[str, list[CheckResult]]] = {question: {} for question in heads}
    for report in reports:
        for check in report.checks:
            results[check.question].setdefault(check.id, []).append(check)
    rows = []
    for question, checks in results.items():
        all_results = [check for group in checks.values() for check in group]
        graded = sum(c.points for c in all_results if c.outcome is not Outcome.NOT_GRADED)
        rows.append(
            QuestionRows(
                id=question,
                title=heads[question].title,
                notebook=heads[question].notebook,
                points=sum(group[0].points for group in checks.values()),
                mean=100 * sum(c.score for c in all_results) / graded if graded else None,
                checks=tuple(map(_check, checks.values())),
            )
        )
    return tuple(rows)


def _check(results: list[CheckResult]) -> CheckRow:
    first = results[0]
    counts = Counter(result.outcome for result in results)
    graded = len(results) - counts[Outcome.NOT_GRADED]
    return CheckRow(
        id=first.id,
        title=first.title,
        visible=first.visible,
        points=first.points,
        rate=100 * counts[Outcome.PASSED] / graded if graded else None,
        counts=dict(counts),
        flagged=sum(bool(result.flagged) for result in results),
        bar=outcome_bar((result.outcome, 1) for result in results),
    )


def _student(report: Report) -> StudentRow:
    return StudentRow(
        student=one_line(report.student),
        name=one_line(report.name),
        late=report.submission.late,
        attempt=report.submission.attempt,
        earlier=one_line(", ".join(report.submission.earlier)),
        status=report.status,
        score=report.score,
        out_of=report.graded_points,
        points=report.points,
        percent=report.percent,
        percent_of_graded=report.percent_of_graded,
        reason=report.reason,
        flagged=flagged_checks(report),
        bar=outcome_bar((check.outcome, 1) for check in report.checks),
        missing_modules=one_line(", ".join(report.submission.missing_modules)),
        isolated=_isolated(report),
    )


def flagged_checks(report: Report) -> str:
    """The first check that a person should look at, why, and how many more; empty if none."""
    flagged = [check for check in report.checks if check.flagged]
    if not flagged:
        return ""
    more = f" and {len(flagged) - 1} more" if len(flagged) > 1 else ""
    return one_line(f"{flagged[0].id}{more}: {flagged[0].flagged}")


def _isolated(report: Report) -> bool:
    return report.sandbox is None or report.sandbox.isolated


def _sandboxes(reports: Sequence[Report]) -> tuple[Sandbox, ...]:
    """Each backend with what enforced its limits, each such pair once."""
    sandboxes: list[Sandbox] = []
    for report in reports:
        if report.sandbox is not None and report.sandbox not in sandboxes:
            sandboxes.append(report.sandbox)
    return tuple(sandboxes)
