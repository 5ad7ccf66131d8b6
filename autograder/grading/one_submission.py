"""One submission, one report."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from autograder.core.checks import Check
from autograder.core.judge import Expected
from autograder.cpu_guard import MAX_CPU_SECONDS, CpuTimeExceeded, limited_cpu_time
from autograder.errors import SandboxUnavailable
from autograder.grading.check_run import CheckRun, run_check
from autograder.grading.reporting import check_result, now, report, ungraded
from autograder.grading.time_budget import TimeBudget
from autograder.harness import Harness
from autograder.records import CheckResult, Outcome, Report, Sandbox
from autograder.sandbox.compile_extension import Compiled, compile_given
from autograder.sandbox.launch import Backend
from autograder.sandbox.run_folder import lay_out
from autograder.sandbox.session import StudentSession
from autograder.submissions.missing_answers import missing_answers, missing_region
from autograder.submissions.submission import Submission

__all__ = ["Inspection", "grade", "lay_out", "observe_one", "run_order", "ungraded"]

Progress = Callable[[CheckResult], None]


@dataclass(frozen=True)
class Inspection:
    """One check on one submission, with everything a teaching assistant may want to look at."""

    check: Check
    expected: Expected
    check_run: CheckRun


def grade(
    harness: Harness,
    submission: Submission,
    backend: Backend,
    *,
    compiled: Compiled | None = None,
    progress: Progress | None = None,
) -> Report:
    """Run every check on a submission and report.

    Our own failures are in the report: a check that could not be graded, or none. Raises
    SandboxUnavailable alone.

    Args:
        compiled: the given extension; by default it is compiled or found in the cache.
        progress: is told the result of each check.
    """
    started, clock = now(), time.monotonic()
    compiled = compiled or compile_given(harness.package_folder)
    notes = [*submission.notes, *([compiled.reason] if compiled.reason else [])]
    results: dict[str, CheckResult] = {}
    time_budget = TimeBudget()
    reason = ""
    try:
        with (
            lay_out(harness, submission, compiled) as run,
            StudentSession(
                backend, run, harness.package, harness.limits, submission.written_answers
            ) as session,
        ):
            left_out = _left_out(harness, submission)
            for check in run_order(harness.checks, [q.id for q in harness.questions]):
                results[check.id] = _one(
                    harness, check, session, left_out, results.values(), time_budget
                )
                if progress is not None:
                    progress(results[check.id])
    except SandboxUnavailable:
        raise
    except Exception as error:  # ours, whatever it is: a report says so, and no zero
        reason = f"grading stopped: {type(error).__name__}: {error}"
    if time_budget.note():
        notes.append(time_budget.note())
    for check in harness.checks:
        if check.id not in results:
            results[check.id] = check_result(check, CheckRun(Outcome.NOT_GRADED, message=reason))
    sandbox = Sandbox(
        backend=backend.name,
        isolated=backend.isolated,
        limits=backend.describe(harness.limits),
    )
    seconds = time.monotonic() - clock
    return report(harness, submission, notes, results, sandbox, started, seconds)


def observe_one(
    harness: Harness,
    submission: Submission,
    backend: Backend,
    check: Check,
    *,
    compiled: Compiled | None = None,
) -> Inspection:
    """Run one check on a submission, whatever it needs, and keep all that was seen."""
    expected = harness.expected[check.id]
    with (
        lay_out(harness, submission, compiled) as run,
        StudentSession(
            backend, run, harness.package, harness.limits, submission.written_answers
        ) as session,
    ):
        limits, left_out = harness.limits_of(check), _left_out(harness, submission)
        done = run_check(check, expected, session, limits, harness.data, left_out)
        return Inspection(check, expected, done)


def run_order(checks: Iterable[Check], questions: Iterable[str]) -> list[Check]:
    """The checks in their questions' order, but every question after those that it needs."""
    by_question: dict[str, list[Check]] = {question: [] for question in questions}
    for check in checks:
        by_question.setdefault(check.question, []).append(check)
    ordered: dict[str, list[Check]] = {}

    def visit(question: str, open_: frozenset[str]) -> None:
        # A circle of needs is walked once: each check of it still runs.
        if question in ordered or question in open_ or question not in by_question:
            return
        for check in by_question[question]:
            for needed in check.needs:
                visit(needed, open_ | {question})
        ordered.setdefault(question, by_question[question])

    for question in by_question:
        visit(question, frozenset())
    return [check for group in ordered.values() for check in group]


def _left_out(harness: Harness, submission: Submission) -> Callable[[str], str | None]:
    """The region that a name which a check asks for lacks in the submission, see `run_check`."""
    package = harness.package_folder
    stubs = {name: (package / name).read_text("utf-8") for name in harness.answer_files}
    try:
        with limited_cpu_time(MAX_CPU_SECONDS):
            unwritten = missing_answers(stubs, submission.modules)
    except CpuTimeExceeded:  # then what is not written fails, as any wrong answer does
        unwritten = {}

    def look(asked: str) -> str | None:
        notebook, name = harness.locations.find(asked)
        return None if notebook else missing_region(name, unwritten)

    return look


def _one(
    harness: Harness,
    check: Check,
    session: StudentSession,
    left_out: Callable[[str], str | None],
    results: Iterable[CheckResult],
    time_budget: TimeBudget,
) -> CheckResult:
    """Run one check, or say why it is not worth running."""
    lost = _lost(check, list(results))
    if lost:
        text = f"it needs {lost}, which earned nothing"
        return check_result(check, CheckRun(Outcome.SKIPPED, message=text))
    try:
        limits = harness.limits_of(check)
        allowance = time_budget.allowance(check, limits)
        expected = harness.expected[check.id]
        done = run_check(check, expected, session, limits, harness.data, left_out, allowance)
        if allowance.seconds:
            time_budget.record_outcome(done.outcome, limits)
        return check_result(check, done)
    except SandboxUnavailable:
        raise
    except Exception as error:  # ours, whatever it is: this check is not graded
        session.close()
        text = f"Plumbline failed: {type(error).__name__}: {error}"
        return check_result(check, CheckRun(Outcome.NOT_GRADED, message=text))


def _lost(check: Check, results: list[CheckResult]) -> str:
    """The first question needed whose checks were all graded and earned nothing, or empty."""
    for needed in check.needs:
        done = [result for result in results if result.question == needed]
        graded = all(result.outcome is not Outcome.NOT_GRADED for result in done)
        if done and graded and needed != check.question and not any(r.score for r in done):
            return needed
    return ""
