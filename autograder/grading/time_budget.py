"""How long a submission's checks may run: less, once many of them have run out of time.

A loop at a module's top costs every check its whole time; a class with one such submission in it
would wait half an hour for nothing. Code that is slow but keeps its limits never meets this.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from autograder.core.checks import Check
from autograder.limits import Limits
from autograder.records import Outcome


@dataclass(frozen=True)
class Allowance:
    """What a check may take.

    Attributes:
        seconds: for the student's code; 0 if the check is not to be run.
        reason: why that is less than the check's own, or empty.
    """

    seconds: float
    reason: str = ""


class TimeBudget:
    """Counts one submission's checks that ran out of time, for each kind of limits apart."""

    def __init__(self) -> None:
        self._timeouts: Counter[Limits] = Counter()

    def allowance(self, check: Check, limits: Limits) -> Allowance:
        """What a check may take, after what happened before."""
        full, lost = check.seconds or limits.seconds, self._timeouts[limits]
        if lost < limits.timeouts:
            return Allowance(full)
        told = f"{lost} of this submission's checks had run out of time before"
        if lost >= 2 * limits.timeouts:
            return Allowance(0.0, f"it was not run, because {told}")
        hurried = min(full, limits.hurried_seconds)
        return Allowance(hurried, f"it had {hurried:g} s and not {full:g} s, because {told}")

    def record_outcome(self, outcome: Outcome, limits: Limits) -> None:
        """Count what came of a check that was run."""
        self._timeouts[limits] += outcome is Outcome.TIMEOUT

    def note(self) -> str:
        """What the report says of it; empty if no check was hurried."""
        spent = [lost for limits, lost in self._timeouts.items() if lost >= limits.timeouts]
        if not spent:
            return ""
        return (
            f"{max(spent)} checks ran out of time; after the first of them, the others were given "
            "less time or were not run. Code that never ends often stands outside of any function"
        )
