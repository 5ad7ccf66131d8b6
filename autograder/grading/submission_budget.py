"""How long the checks of one submission may take together.

Each check has its own limit, and nearly all end in a hundredth of it. A submission that uses most
of each limit would keep a class waiting for hours. So what its checks took is added up, whatever
came of them. Checks that run out of their own limit are not added: `time_budget` bounds those.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from autograder.core.checks import Check
from autograder.limits import Limits

#: By default the checks of a submission may take this share of the sum of their limits, and so many
#: seconds at least. A limit is three times what the reference takes, or more, so honest work stays
#: below it; and a minute keeps nobody waiting.
DEFAULT_SHARE, DEFAULT_LEAST_S = 0.5, 60.0

#: The limits, and whether the check states its own seconds. Those are mostly checks that train as
#: long as a student's function takes.
_Kind = tuple[Limits, bool]


class SubmissionBudget:
    """Adds up what the checks of one submission took, separately for each kind of check.

    Args:
        checks: all checks of the harness, each with its limits.
        slowness: how many times slower this machine is than the one that limits are meant for.
    """

    def __init__(self, checks: Iterable[tuple[Check, Limits]] = (), slowness: float = 1.0) -> None:
        sums: dict[_Kind, float] = defaultdict(float)
        for check, limits in checks:
            sums[_kind(check, limits)] += check.seconds or limits.seconds
        self._budgets = {kind: slowness * _stated(kind, in_all) for kind, in_all in sums.items()}
        self._spent: dict[_Kind, float] = defaultdict(float)

    def seconds(self, check: Check, limits: Limits) -> float:
        """The budget of all checks of this kind; infinite if none is known."""
        return self._budgets.get(_kind(check, limits), float("inf"))

    def left(self, check: Check, limits: Limits) -> float:
        """What is left of it, in seconds."""
        return max(0.0, self.seconds(check, limits) - self._spent[_kind(check, limits)])

    def spend(self, check: Check, limits: Limits, seconds: float) -> None:
        """Add what a check took."""
        self._spent[_kind(check, limits)] += seconds

    @property
    def used_up(self) -> list[float]:
        """The budgets of which nothing is left."""
        return [b for kind, b in self._budgets.items() if self._spent[kind] >= b]


def _kind(check: Check, limits: Limits) -> _Kind:
    return limits, check.seconds is not None


def _stated(kind: _Kind, in_all: float) -> float:
    """The budget of a kind, of which all limits together are `in_all` seconds."""
    limits, states_its_own = kind
    stated = None if states_its_own else limits.submission_seconds
    if stated is None:
        return max(DEFAULT_SHARE * in_all, min(in_all, DEFAULT_LEAST_S))
    return stated
