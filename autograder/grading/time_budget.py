"""How long the checks of one submission may take: one total for all of them, and each one's part.

Nearly every check ends in a hundredth of its own limit. All limits together are hours. So a class
would wait for hours if one submission used them all, by a loop at the top of a module or by a long
sleep. Whatever the student's code takes is added up, also if a check ran out of time or broke the
protocol, and nothing more is run once the total is used up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from autograder.core.checks import Check
from autograder.limits import Limits
from autograder.records import Outcome

#: What the checks of a submission may take together, if the assignment does not state it: this
#: share of the sum of their limits, twice the longest limit at least, and so many seconds at least.
#: A minute keeps nobody waiting.
DEFAULT_SHARE, DEFAULT_LEAST_S = 0.5, 60.0
#: With less than this left nothing is run: hardly a check would end in it.
_LEAST_S = 1.0


def submission_seconds(
    checks: Iterable[tuple[Check, Limits]], stated: float | None = None, slowness: float = 1.0
) -> float:
    """What the checks of one submission may take together, in seconds.

    Args:
        checks: all checks of the harness, each with its limits.
        stated: what the assignment says; None for the default.
        slowness: how many times slower this machine is than the one that limits are meant for.
    """
    if stated is None:
        limits = [check.seconds or limits.seconds for check, limits in checks]
        stated = max(DEFAULT_SHARE * sum(limits), 2 * max(limits, default=0.0), DEFAULT_LEAST_S)
    return round(stated * slowness, 1)


@dataclass(frozen=True)
class Allowance:
    """The time that a check may take.

    Attributes:
        seconds: for the student's code; 0 if the check is not to be run.
        reason: why that is less than the check's own seconds, or empty.
        usual: the check's own seconds, if there is a reason.
    """

    seconds: float
    reason: str = ""
    usual: float = 0.0

    def sentence(self, for_cells: float = 0.0) -> str:
        """What a student reads of a check that had less time than usual, or none; else empty.

        Args:
            for_cells: the seconds that were added to either for cells of the student's own.
        """
        if not self.reason:
            return ""
        if not self.seconds:
            return f"it was not run, because {self.reason}"
        had, usual = self.seconds + for_cells, self.usual + for_cells
        return f"it had {had:g} s and not {usual:g} s, because {self.reason}"


class TimeBudget:
    """Adds up what one submission's code takes, and says how long each check may take.

    No check gets more than half of what is left. So one endless training leaves enough for the
    checks after it. Checks that ran out of time are also counted, separately for each kind of
    limits: once there are many, the others get less time, so that an endless submission does not
    use the whole total.

    A check is *stuck* if it needs a question that ran out of time in every check. Stuck checks are
    counted apart. One endless loop may stop all of them, and the work that does not meet the loop
    shall not get less time for that. A stuck check may be right without that question, so it has as
    much time as any other.

    Args:
        total: what all checks of the submission may take together, in seconds.

    Attributes:
        spent: what they took so far.
    """

    def __init__(self, total: float = float("inf")) -> None:
        self.total = total
        self.spent = 0.0
        self._used_up = False
        self._timeouts: Counter[tuple[Limits, bool]] = Counter()

    def spend(self, seconds: float) -> None:
        """Add what the submission's code took, whatever came of it."""
        self.spent += max(0.0, seconds)

    def allowance(self, check: Check, limits: Limits, *, stuck: bool = False) -> Allowance:
        """The time that a check may take, given what was run before it."""
        full = check.seconds or limits.seconds
        seconds, reason = self._after_timeouts(full, limits, stuck)
        left = self.total - self.spent
        if seconds and left < _LEAST_S:
            self._used_up = True
            seconds, reason = 0.0, self._why_less
        elif left / 2 < seconds:
            seconds, reason = round(left / 2, 1), self._why_less
        return Allowance(seconds, reason, full) if seconds < full else Allowance(full)

    @property
    def _why_less(self) -> str:
        return (
            f"all checks of a submission may take {self.total:g} s together, and each at most "
            "half of what is left"
        )

    def _after_timeouts(self, full: float, limits: Limits, stuck: bool) -> tuple[float, str]:
        """The seconds after so many checks that ran out of time, and why they are less."""
        timeouts = self._timeouts[limits, stuck]
        if timeouts < limits.timeouts:
            return full, ""
        reason = f"{timeouts} of this submission's checks had run out of time before"
        if timeouts >= 2 * limits.timeouts:
            return 0.0, reason
        return min(full, limits.hurried_seconds), reason

    def record(self, limits: Limits, outcome: Outcome, *, stuck: bool = False) -> None:
        """Count a check that was run, if it ran out of time; see `allowance`."""
        if outcome is Outcome.TIMEOUT:
            self._timeouts[limits, stuck] += 1

    def note(self) -> str:
        """The note in the report; empty if no check was given less time."""
        if self._used_up:
            return (
                f"its checks used up the {self.total:g} s that they may take together, so that "
                "not all were run. Slow code is often at the top level of a module, outside "
                "functions"
            )
        exceeded = [
            timeouts
            for (limits, _), timeouts in self._timeouts.items()
            if timeouts >= limits.timeouts
        ]
        if not exceeded:
            return ""
        return (
            f"{max(exceeded)} checks ran out of time; after the first of them, the others were "
            "given less time or were not run. Endless code is often at the top level of a "
            "module, outside functions"
        )
