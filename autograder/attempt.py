"""One check on one submission, and whose fault it is when it does not get through."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from autograder.core.checks import Check
from autograder.core.compare import Comparison
from autograder.core.data import Data
from autograder.core.errors import StudentError, StudentFault
from autograder.core.run import Expected, departure, judge, observe
from autograder.core.student import Student
from autograder.errors import BoxError, SandboxUnavailable, StudentKilled, StudentTimeout
from autograder.owntime import MOST_SECONDS, TooLong, own_time
from autograder.patience import Allowance
from autograder.records import Outcome
from autograder.sandbox.limits import Limits
from autograder.student import Bench


@dataclass(frozen=True)
class Attempt:
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


def attempt(
    check: Check,
    expected: Expected,
    bench: Bench,
    limits: Limits,
    data: Data | None = None,
    left_out: Callable[[str], str | None] = lambda _: None,
    allowance: Allowance | None = None,
) -> Attempt:
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
        return Attempt(Outcome.TIMEOUT, message=allowance.reason)
    seconds = allowance.seconds
    try:
        result = _try(check, expected, bench, limits, data, seconds, left_out)
    except BoxError:
        bench.close()
        try:
            result = _try(check, expected, bench, limits, data, seconds, left_out)
        except BoxError as error:
            bench.close()
            result = Attempt(Outcome.NOT_GRADED, message=f"the box failed twice: {error}")
    if result.outcome is Outcome.TIMEOUT and allowance.reason:
        result = replace(result, message=f"{result.message}; {allowance.reason}")
    return replace(result, seconds=time.monotonic() - started)


def _try(
    check: Check,
    expected: Expected,
    bench: Bench,
    limits: Limits,
    data: Data | None,
    seconds: float,
    left_out: Callable[[str], str | None],
) -> Attempt:
    student: Student | None = None
    try:
        with (
            bench.student(seed=check.seed, seconds=seconds, limits=limits) as student,
            own_time(MOST_SECONDS, lambda: bench.asking),
        ):
            observations = observe(check, student, data)
        result = _judged(check, observations, expected)
    except (BoxError, SandboxUnavailable):
        raise
    except StudentFault as fault:
        result = _faulty(fault)
    except (Exception, TooLong) as error:  # a check is an instructor's code: it may raise anything
        result = _broken(error, check, expected, student)
    if student is None:
        return result
    if result.outcome in (Outcome.FAILED, Outcome.ERROR):
        unwritten = next(filter(None, map(left_out, student.asked)), None)
        if unwritten:
            result = _missing(unwritten)
    return replace(result, output=bench.output)


def _judged(check: Check, observations: Mapping[str, Any], expected: Expected) -> Attempt:
    judgement = judge(check, observations, expected)
    outcome = Outcome.PARTIAL
    if judgement.share >= 1.0:
        outcome = Outcome.PASSED
    elif judgement.share <= 0.0:
        outcome = Outcome.FAILED
    return Attempt(
        outcome,
        judgement.share,
        judgement.message,
        observations,
        judgement.comparisons,
    )


def _faulty(fault: StudentFault) -> Attempt:
    """The student's code kept a call from returning."""
    if isinstance(fault, StudentError):
        if fault.unwritten:
            return _missing(fault.unwritten)
        return Attempt(Outcome.ERROR, message=str(fault), traceback=fault.traceback)
    if isinstance(fault, StudentTimeout):
        return Attempt(Outcome.TIMEOUT, message=str(fault))
    limit = isinstance(fault, StudentKilled) and fault.limit
    return Attempt(Outcome.KILLED if limit else Outcome.ERROR, message=str(fault))


def _missing(what: str) -> Attempt:
    return Attempt(Outcome.MISSING, message=f"{what} is not written yet", unwritten=what)


def _broken(
    error: BaseException, check: Check, expected: Expected, student: Student | None
) -> Attempt:
    """The check's body raised: the submission's doing if its answers were of another structure."""
    if student is None:
        raise BoxError(f"{type(error).__name__}: {error}") from error
    departed = departure(student.trace, expected.trace)
    if departed:
        return Attempt(Outcome.FAILED, message=departed)
    text = f"the check broke ({_place(error, check)}): {type(error).__name__}: {error}"
    return Attempt(Outcome.NOT_GRADED, message=text)


def _place(error: BaseException, check: Check) -> str:
    """``file:line`` of the last frame in the check's own file, else of the check."""
    file, _, line = check.place.rpartition(":")
    frames = error.__traceback__
    while frames is not None:
        if frames.tb_frame.f_code.co_filename == file:
            line = str(frames.tb_lineno)
        frames = frames.tb_next
    return f"{file.rpartition('/')[2]}:{line}"
