"""One check on one submission, and whose fault it is when it does not get through."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from autograder.core.checks import Check
from autograder.core.compare import Comparison
from autograder.core.data import Data
from autograder.core.errors import StudentError, StudentFault
from autograder.core.judge import Expected, judge, observe, structural_difference
from autograder.core.student import Student
from autograder.cpu_guard import MAX_CPU_SECONDS, CpuTimeExceeded, limited_cpu_time
from autograder.errors import BoxError, SandboxUnavailable, StudentKilled, StudentTimeout
from autograder.grading.time_budget import Allowance
from autograder.limits import Limits
from autograder.records import Outcome
from autograder.sandbox.session import StudentSession


@dataclass(frozen=True)
class CheckRun:
    """What came of running one check.

    Attributes:
        share: of the points, 0 to 1.
        message: for staff: what differs, or why there is nothing to compare.
        observations: what the check returned; None if it did not return.
        comparisons: each observation set against the expected output.
        traceback: the student's own frames.
        output: what the student's code printed.
        unwritten: the id of the untouched stub that was met.
    """

    outcome: Outcome
    share: float = 0.0
    message: str = ""
    observations: Mapping[str, Any] | None = None
    comparisons: Mapping[str, Comparison] = field(default_factory=dict)
    traceback: str = ""
    output: str = ""
    unwritten: str = ""
    seconds: float = 0.0


def run_check(
    check: Check,
    expected: Expected,
    session: StudentSession,
    limits: Limits,
    data: Data | None = None,
    left_out: Callable[[str], str | None] = lambda _: None,
    allowance: Allowance | None = None,
) -> CheckRun:
    """Run a check on the bench's submission and judge what it saw.

    A box that fails is tried once more with a new one. Never raises for a failure of the
    student's or of ours: those are outcomes; only SandboxUnavailable passes through.

    Args:
        limits: of the box; its seconds count if the check sets none of its own.
        data: for a training check.
        left_out: the region that is not written of a name which the check asks for, or None; such
            a check, if it earned nothing, is missing.
        allowance: what it may take, if that is not what the check or its limits say.
    """
    started = time.monotonic()
    allowance = allowance or Allowance(check.seconds or limits.seconds)
    if not allowance.seconds:
        return CheckRun(Outcome.TIMEOUT, message=allowance.reason)
    seconds = allowance.seconds
    try:
        result = _try(check, expected, session, limits, data, seconds, left_out)
    except BoxError:
        session.close()
        try:
            result = _try(check, expected, session, limits, data, seconds, left_out)
        except BoxError as error:
            session.close()
            result = CheckRun(Outcome.NOT_GRADED, message=f"the box failed twice: {error}")
    if result.outcome is Outcome.TIMEOUT and allowance.reason:
        result = replace(result, message=f"{result.message}; {allowance.reason}")
    return replace(result, seconds=time.monotonic() - started)


def _try(
    check: Check,
    expected: Expected,
    session: StudentSession,
    limits: Limits,
    data: Data | None,
    seconds: float,
    left_out: Callable[[str], str | None],
) -> CheckRun:
    student: Student | None = None
    try:
        with (
            session.student(seed=check.seed, seconds=seconds, limits=limits) as student,
            limited_cpu_time(MAX_CPU_SECONDS, lambda: session.asking),
        ):
            observations = observe(check, student, data)
        result = _judged(check, observations, expected)
    except (BoxError, SandboxUnavailable):
        raise
    except StudentFault as fault:
        result = _faulty(fault)
    except (
        Exception,
        CpuTimeExceeded,
    ) as error:  # a check is an instructor's code: it may raise anything
        result = _broken(error, check, expected, student)
    if student is None:
        return result
    if result.outcome in (Outcome.FAILED, Outcome.ERROR):
        unwritten = next(filter(None, map(left_out, student.names_used)), None)
        if unwritten:
            result = _missing(unwritten)
    return replace(result, output=session.output)


def _judged(check: Check, observations: Mapping[str, Any], expected: Expected) -> CheckRun:
    judgement = judge(check, observations, expected)
    outcome = Outcome.PARTIAL
    if judgement.share >= 1.0:
        outcome = Outcome.PASSED
    elif judgement.share <= 0.0:
        outcome = Outcome.FAILED
    return CheckRun(
        outcome,
        judgement.share,
        judgement.message,
        observations,
        judgement.comparisons,
    )


def _faulty(fault: StudentFault) -> CheckRun:
    """The student's code kept a call from returning."""
    if isinstance(fault, StudentError):
        if fault.unwritten:
            return _missing(fault.unwritten)
        return CheckRun(Outcome.ERROR, message=str(fault), traceback=fault.traceback)
    if isinstance(fault, StudentTimeout):
        return CheckRun(Outcome.TIMEOUT, message=str(fault))
    limit = isinstance(fault, StudentKilled) and fault.limit
    return CheckRun(Outcome.KILLED if limit else Outcome.ERROR, message=str(fault))


def _missing(what: str) -> CheckRun:
    return CheckRun(Outcome.MISSING, message=f"{what} is not written yet", unwritten=what)


def _broken(
    error: BaseException, check: Check, expected: Expected, student: Student | None
) -> CheckRun:
    """The check's body raised: the submission's doing if its answers were of another structure."""
    if student is None:
        raise BoxError(f"{type(error).__name__}: {error}") from error
    departed = structural_difference(student.trace, expected.trace)
    if departed:
        return CheckRun(Outcome.FAILED, message=departed)
    place = check.place.reached_by(error)
    text = (
        f"the check broke ({Path(place.file).name}:{place.line}): {type(error).__name__}: {error}"
    )
    return CheckRun(Outcome.NOT_GRADED, message=text)
