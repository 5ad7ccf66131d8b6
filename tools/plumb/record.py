"""Records the expected outputs: every check is run once on the reference, in a real box."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from autograder.core.checks import Check
from autograder.core.judge import Expected, observe, unrecordable
from autograder.core.scores import share_by
from autograder.errors import (
    BoxError,
    CheckError,
    CpuTimeExceeded,
    PlumblineError,
    WireError,
)
from autograder.harness import Harness
from autograder.sandbox.session import StudentSession
from plumb import body_watch
from plumb.body_watch import bounded_body, no_files


def record(
    harness: Harness, session: StudentSession, progress: Callable[[str], None]
) -> dict[str, Expected]:
    """The expected outputs of a harness's checks, by a check's id.

    Args:
        session: lends the reference as a student.
        progress: is called with the id of each check before it is run.

    Raises CheckError with the place and the reason for a check that raises, or whose observations
    of the reference are not finite or cannot be recorded. Raises BoxError if the box fails.
    """
    expected = {}
    for check in harness.checks:
        progress(check.id)
        expected[check.id] = record_check(check, harness, session)
    return expected


def record_check(check: Check, harness: Harness, session: StudentSession) -> Expected:
    """The expected output of one check; raises as `record` does."""
    limits = harness.limits_of(check)
    seconds = check.seconds or limits.seconds
    with session.student(seed=check.seed, seconds=seconds, limits=limits) as student:
        try:
            with bounded_body(lambda: session.asking), no_files(check.body, harness.folder):
                observations = observe(check, student, harness.data, harness.grader_data)
        except BoxError:
            raise
        except CpuTimeExceeded as error:
            raise CheckError(
                f"{check.place.reached_by(error)}: {check.id} computed for more than "
                f"{body_watch.OWN_SECONDS:g} s itself, besides what the student's code did; does "
                "a loop of its own never end?"
            ) from error
        except CheckError as error:
            if check.id in str(error):
                raise
            raise CheckError(f"{check.place.reached_by(error)}: {check.id}: {error}") from error
        except WireError as error:
            raise CheckError(
                f"{check.place.reached_by(error)}: {check.id} gives the student's code {error}, "
                "which cannot be sent to it; give arrays, numbers, texts, lists or functions"
            ) from error
        except PlumblineError as error:
            raise CheckError(
                f"{check.place}: {check.id} does not get through on the reference: {error}"
                f"{_detail(error)}"
            ) from error
        except Exception as error:  # an instructor's check may raise anything
            place = check.place.reached_by(error)
            raise CheckError(
                f"{place}: {check.id} raised {type(error).__name__}: {error}"
            ) from error
    reason = unrecordable(observations)
    if reason:
        raise CheckError(f"{check.place}: {check.id}: {reason}")
    tolerated = check.tolerance if isinstance(check.tolerance, Mapping) else ()
    for kind, names in (("goal", check.goals), ("tolerance", tolerated)):
        if unknown := sorted(set(names) - set(observations)):
            raise CheckError(
                f"{check.place}: {check.id} has a {kind} for {unknown[0]!r}, which it does not "
                f"return; it returns: {', '.join(observations)}"
            )
    if check.score is not None:
        share, problem = share_by(check.score, observations)
        if share != 1:
            problem = problem or f"score= gives {share:g}, not 1"
            raise CheckError(
                f"{check.place}: {check.id}: of the reference, {problem}; it takes the "
                "observations by name, and of the right ones it returns 1"
            )
    return Expected(observations, tuple(student.trace), student.function_use)


def _detail(error: PlumblineError) -> str:
    trace = getattr(error, "traceback", "")
    return f"\n{trace}" if trace else ""
