"""The outcome of one check on one submission, and whose fault it is if the check did not finish."""

from __future__ import annotations

import ast
import errno
import traceback
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from autograder.core import grader_data
from autograder.core.checks import Check
from autograder.core.comparison import Comparison
from autograder.core.judge import Expected, judge, structural_difference
from autograder.core.stubs import beside_stub_message
from autograder.core.student import Student
from autograder.errors import (
    AnswerTooLarge,
    BoxError,
    StudentError,
    StudentFault,
    StudentKilled,
    StudentTimeout,
)
from autograder.records import Outcome

#: What a system says of its disks, and of how many files are open. No answer brings it about.
_DISK_ERRORS = frozenset(
    (errno.EIO, errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENFILE, errno.ESTALE)
)


@dataclass(frozen=True)
class CheckRun:
    """One run of a check on a submission, with its outcome.

    Attributes:
        share: of the points, 0 to 1.
        message: for staff: what differs, or why there is nothing to compare.
        observations: what the check returned; None if it did not return.
        comparisons: each observation compared with the expected output.
        traceback: the student's own frames.
        output: what the student's code printed.
        blocked_by: the id of a region whose stub is untouched, if the check met one.
        flagged: for staff alone: why a person should look at the check itself, or empty.
        seconds: wall-clock time.
        overslept: the seconds for which the grader itself was stopped meanwhile.
    """

    outcome: Outcome
    share: float = 0.0
    message: str = ""
    observations: Mapping[str, Any] | None = None
    comparisons: Mapping[str, Comparison] = field(default_factory=dict)
    traceback: str = ""
    output: str = ""
    blocked_by: tuple[str, ...] = ()
    flagged: str = ""
    seconds: float = 0.0
    overslept: float = 0.0


def judged(check: Check, observations: Mapping[str, Any], expected: Expected) -> CheckRun:
    """The check returned: compare its observations with the expected ones."""
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
        flagged=judgement.flagged,
    )


def missing(region: str) -> CheckRun:
    """The stub of a region is untouched."""
    message = f"{region} is not written yet"
    return CheckRun(Outcome.MISSING, message=message, blocked_by=(region,))


def with_cause(run: CheckRun, cause: str) -> CheckRun:
    """The run with the cause of its failure, if one is known, in its message.

    An exception may have another cause, so that its own message stays.
    """
    if not cause:
        return run
    message = f"{cause}\n{run.message}" if run.outcome is Outcome.ERROR else cause
    return replace(run, message=message)


def stopped_by_student(fault: StudentFault, beside_stubs: Collection[str] = ()) -> CheckRun:
    """The student's code kept a call from returning.

    Args:
        beside_stubs: the regions whose stub was left in a function beside an answer.
    """
    if isinstance(fault, StudentError):
        region = fault.unwritten
        if region and region not in beside_stubs:
            return missing(region)
        if region:
            fault = StudentError(fault.kind, beside_stub_message(region), fault.traceback)
        return CheckRun(Outcome.ERROR, message=str(fault), traceback=fault.traceback)
    if isinstance(fault, AnswerTooLarge):
        return CheckRun(Outcome.FAILED, message=str(fault), flagged=str(fault))
    if isinstance(fault, StudentTimeout):
        return CheckRun(Outcome.TIMEOUT, message=str(fault))
    limit = isinstance(fault, StudentKilled) and fault.limit
    return CheckRun(Outcome.KILLED if limit else Outcome.ERROR, message=str(fault))


def broken(
    error: BaseException, check: Check, expected: Expected, student: Student | None
) -> CheckRun:
    """The check's body raised an exception, or took more time or memory than the grader has.

    The check passed on the reference. So once the submission has answered, its answers are the
    cause: the check is failed, and flagged, since a person may find that the check is at fault.
    Otherwise a submission could choose what it is graded on. Before any answer, or if our disk
    failed, it is our failure. Raises BoxError if there was no student yet.
    """
    described = _described(error)
    if student is None:
        raise BoxError(described) from error
    place = check.place.reached_by(error)
    text = f"the check broke ({Path(place.file).name}:{place.line}): {described}"
    difference = structural_difference(student.trace, expected.trace)
    ours = isinstance(error, OSError) and _of_our_files(error, check)
    if not student.answered or (ours and not difference):
        return CheckRun(Outcome.NOT_GRADED, message=text)
    return unusable(described, text, difference or "")


def unusable(described: str, flagged: str, difference: str = "") -> CheckRun:
    """The check could not use what the submission had answered; a person should look at it.

    Args:
        described: what became of the check, for the student and the staff.
        flagged: the same with the place, for the staff alone.
        difference: in what the answers have another structure, which explains it better.
    """
    message = difference or f"the check could not use what your code returned: {described}"
    return CheckRun(Outcome.FAILED, message=message, flagged=flagged)


def _of_our_files(error: OSError, check: Check) -> bool:
    """Whether our disk failed, or a file that the check names itself.

    An OSError by its class alone is neither: a damaged archive, or a time that no calendar has,
    raises one too, and an answer can be either.
    """
    frames = (frame.f_code.co_filename for frame, _ in traceback.walk_tb(error.__traceback__))
    if error.errno in _DISK_ERRORS or grader_data.__file__ in frames:
        return True
    name = Path(error.filename).name if isinstance(error.filename, (str, Path)) else ""
    nodes = ast.walk(ast.parse(Path(check.place.file).read_bytes())) if name else ()
    texts = (node.value for node in nodes if isinstance(node, ast.Constant))
    return any(isinstance(text, str) and Path(text).name == name for text in texts)


def _described(error: BaseException) -> str:
    """The kind of an exception and its text, if it has one.

    It may have none, for it may hold what was answered: Python refuses to print a long integer.
    """
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:  # whatever an object that was answered raises
        return type(error).__name__
