"""How long a submission's checks may run: less, once many of them have run out of time.

A loop at the top of a module makes every check run out of time. A class with one such submission
would wait half an hour for nothing. Code that is slow but keeps its limits is bounded by
`submission_budget`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from autograder.core.checks import Check
from autograder.grading.submission_budget import SubmissionBudget
from autograder.limits import Limits
from autograder.records import Outcome


@dataclass(frozen=True)
class Allowance:
    """The time that a check may take.

    Attributes:
        seconds: for the student's code; 0 if the check is not to be run.
        reason: why that is less than the check's own seconds, or empty.
        last: whether it is all that is left of the submission's budget.
    """

    seconds: float
    reason: str = ""
    last: bool = False


class TimeBudget:
    """Counts one submission's checks that ran out of time, separately for each kind of limits.

    A check is *stuck* if it needs a question that ran out of time in every check. Stuck checks are
    counted apart. One endless loop stops all of them, and the work that does not meet the loop
    shall not get less time for that.

    Args:
        budget: what all checks of the submission may take together.
    """

    def __init__(self, budget: SubmissionBudget | None = None) -> None:
        self._budget = budget or SubmissionBudget()
        self._timeouts: Counter[tuple[Limits, bool]] = Counter()

    def allowance(self, check: Check, limits: Limits, *, stuck: bool = False) -> Allowance:
        """The time that a check may take, given how many ran out of time before it.

        A stuck check that is hidden never gets more than `hurried_seconds`: all checks of the
        question that it needs were run by then, so that a class does not wait for hours.
        """
        allowed = self._within_limits(check, limits, stuck)
        left = self._budget.left(check, limits)
        if left >= allowed.seconds:
            return allowed
        reason = (
            f"all checks of this kind may take {self._budget.seconds(check, limits):g} s together"
        )
        if not left:
            return Allowance(0.0, f"it was not run, because {reason}")
        return Allowance(left, f"it had {left:.3g} s, because {reason}", last=True)

    def _within_limits(self, check: Check, limits: Limits, stuck: bool) -> Allowance:
        full, timeouts = check.seconds or limits.seconds, self._timeouts[limits, stuck]
        hurry = stuck and not check.visible
        if timeouts < limits.timeouts and not hurry:
            return Allowance(full)
        reason = f"{timeouts} of this submission's checks had run out of time before"
        if timeouts >= (1 if hurry else 2) * limits.timeouts:
            return Allowance(0.0, f"it was not run, because {reason}")
        if hurry:
            reason = "a question that it needs ran out of time in every check"
        hurried = min(full, limits.hurried_seconds)
        return Allowance(hurried, f"it had {hurried:g} s and not {full:g} s, because {reason}")

    def record(
        self,
        check: Check,
        limits: Limits,
        outcome: Outcome,
        seconds: float,
        allowance: Allowance,
        *,
        stuck: bool = False,
    ) -> None:
        """Count a check that was run, and what it took; see `allowance`.

        Whatever ended it counts: breaking the protocol costs a new box, for example.
        """
        if outcome is not Outcome.TIMEOUT:
            self._budget.spend(check, limits, seconds)
        elif allowance.last:
            self._budget.spend(check, limits, allowance.seconds)
        else:
            self._timeouts[limits, stuck] += 1

    def note(self) -> str:
        """The note in the report; empty if no check was given less time."""
        exceeded = [
            timeouts
            for (limits, _), timeouts in self._timeouts.items()
            if timeouts >= limits.timeouts
        ]
        if used_up := self._budget.used_up:
            return (
                f"its checks used up the {min(used_up):g} s that they may take together, so that "
                "not all were run. Slow code is often at the top level of a module, outside "
                "functions"
            )
        if not exceeded:
            return ""
        return (
            f"{max(exceeded)} checks ran out of time; after the first of them, the others were "
            "given less time or were not run. Endless code is often at the top level of a "
            "module, outside functions"
        )
