"""One submission, one report."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Collection

import numpy as np

from autograder.check_order import in_run_order
from autograder.core.checks import Check
from autograder.cpu_guard import MAX_CPU_SECONDS, limited_cpu_time
from autograder.errors import CpuTimeExceeded, SandboxUnavailable
from autograder.grading.check_run import CheckRun
from autograder.grading.consequences import with_consequences
from autograder.grading.grading_session import GradingSession, grading_session
from autograder.grading.notebook_trial import ChosenCells, Unfit
from autograder.grading.reporting import GradingRun, check_result, report
from autograder.harness import Harness
from autograder.records import CheckResult, Outcome, Report, Sandbox, utc_now
from autograder.sandbox.compile_extension import Compiled, compile_given
from autograder.sandbox.launch import Backend
from autograder.submissions.imported_modules import missing_modules
from autograder.submissions.notes import LeftAside
from autograder.submissions.submission import Submission

Progress = Callable[[CheckResult], None]


def grade(
    harness: Harness,
    submission: Submission,
    backend: Backend,
    *,
    compiled: Compiled | None = None,
    progress: Progress | None = None,
    known_cells: Unfit | None = None,
    begins: Callable[[Check], object] = lambda _check: None,
    endless: Collection[str] = (),
) -> Report:
    """Run every check on a submission and report.

    Our own failures are in the report: a check that could not be graded, or all of them. Raises
    SandboxUnavailable alone.

    Args:
        compiled: the given extension; by default it is compiled or found in the cache.
        progress: is called with the result of each check when it was run, before it is known which
            results are consequences of others.
        known_cells: which cells cannot run whole, from an earlier run; by default a trial tells.
        begins: is called with each check before it runs.
        endless: checks that are not run, but failed: over what the submission answered, a call of
            theirs never returned, and ended an earlier process.
    """
    started, clock = utc_now(), time.monotonic()
    compiled = compiled or compile_given(harness.package_folder)
    notes = [compiled.reason] if compiled.reason else []
    session: GradingSession | None = None
    reason = ""
    try:
        with grading_session(harness, submission, backend, compiled, known_cells) as session:
            for check in in_run_order(harness.checks, [q.id for q in harness.questions]):
                begins(check)
                result = session.grade_check(check, endless=check.id in endless)
                if progress is not None:
                    progress(result)
    except SandboxUnavailable:
        raise
    except Exception as error:  # ours, whatever it is: the report says so, and gives no zero
        reason = f"grading stopped: {type(error).__name__}: {error}"
    results = session.results if session else {}
    notes += session.notes if session else ()
    cells = session.cells if session else ChosenCells()
    notes += cells.notes
    if session and session.time_budget.note():
        notes.append(LeftAside(session.time_budget.note()))
    for check in harness.checks:
        if check.id not in results:
            results[check.id] = check_result(check, CheckRun(Outcome.NOT_GRADED, message=reason))
    open_regions = set(session.missing_answers.values()) if session else ()
    results = with_consequences(harness.checks, results, open_regions)
    sandbox = Sandbox(
        backend=backend.name,
        isolated=backend.isolated,
        python=platform.python_version(),  # a box has the grader's own interpreter
        numpy=np.__version__,
        limits=backend.describe(harness.limits),
    )
    missing = _missing_modules(submission, harness)
    seconds = time.monotonic() - clock
    run = GradingRun(sandbox, started, seconds, tuple(notes), missing, cells.records)
    return report(harness, submission, results, run)


def _missing_modules(submission: Submission, harness: Harness) -> tuple[str, ...]:
    try:
        with limited_cpu_time(MAX_CPU_SECONDS):
            return tuple(missing_modules(submission, harness))
    except CpuTimeExceeded:  # then the exceptions of the student's code alone name them
        return ()
