"""Goals: thresholds that an observation must reach, instead of an expected output."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

Tier = tuple[float, float]


@dataclass(frozen=True)
class Goal:
    """Tiers of (threshold, share of the points). The best tier that is reached counts.

    Attributes:
        tiers: in any order.
        upwards: whether larger numbers are better.
    """

    tiers: tuple[Tier, ...]
    upwards: bool

    def share(self, number: float) -> float:
        """The share of the points that this number earns, 0 to 1; 0 if it is not finite."""
        if not math.isfinite(number):
            return 0.0
        reached = [s for limit, s in self.tiers if self._reaches(number, limit)]
        return max(reached, default=0.0)

    def _reaches(self, number: float, limit: float) -> bool:
        return number >= limit if self.upwards else number <= limit

    def __str__(self) -> str:
        word = "at least" if self.upwards else "at most"
        return ", ".join(
            f"{word} {limit:g}" + (f" ({share:.0%} of the points)" if share < 1 else "")
            for limit, share in self.tiers
        )


@dataclass(frozen=True)
class GoalByData:
    """A goal for each data set that a check may run on, by the data set's name."""

    goals: Mapping[str, Goal]

    def on(self, data: str) -> Goal:
        """The goal for one data set. Raises KeyError if there is none."""
        return self.goals[data]


def by_data(**goals: Goal) -> GoalByData:
    """A goal that depends on the data set: ``by_data(cifar10=at_least(0.5), ...)``."""
    return GoalByData(goals)


def at_least(*tiers: float | Tier) -> Goal:
    """A goal to reach or exceed: ``at_least(0.5)``.

    With partial credit, as (threshold, share): ``at_least((0.35, 0.5), (0.45, 1.0))``.
    """
    return Goal(_tiers(tiers), upwards=True)


def at_most(*tiers: float | Tier) -> Goal:
    """A goal not to exceed: ``at_most(0.1)``.

    With partial credit, as (threshold, share): ``at_most((0.1, 1.0), (0.2, 0.5))``.
    """
    return Goal(_tiers(tiers), upwards=False)


def _tiers(tiers: tuple[float | Tier, ...]) -> tuple[Tier, ...]:
    if not tiers:
        raise ValueError("a goal needs at least one threshold")
    return tuple(tier if isinstance(tier, tuple) else (float(tier), 1.0) for tier in tiers)
