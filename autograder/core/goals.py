"""Goals: thresholds that an observation must reach, instead of an expected output."""

from __future__ import annotations

import math
import numbers
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Tier = tuple[float, float]


@dataclass(frozen=True)
class Goal:
    """Tiers of (threshold, share of the points). The best tier that is reached counts.

    Attributes:
        tiers: in any order.
        upwards: whether larger numbers are better.

    Raises ValueError if there are no tiers, if they are no pairs of a finite number and a share
    from 0 to 1, or if a better number would earn less.
    """

    tiers: tuple[Tier, ...]
    upwards: bool

    def __post_init__(self) -> None:
        if not self.tiers or not all(map(_is_tier, self.tiers)):
            raise ValueError(
                "a goal has thresholds, or pairs of (threshold, share of the points from 0 to 1), "
                f"such as (0.9, 1.0), (0.8, 0.5); not {self.tiers!r}"
            )
        shares = [share for _, share in sorted(self.tiers, reverse=not self.upwards)]
        if shares != sorted(shares):
            raise ValueError(f"a better number must not earn a smaller share: {self.tiers!r}")

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
    return tuple(tier if isinstance(tier, tuple) else (tier, 1.0) for tier in tiers)


def _is_tier(tier: Any) -> bool:
    if not isinstance(tier, tuple) or len(tier) != 2:
        return False
    return all(isinstance(n, numbers.Real) and math.isfinite(n) for n in tier) and 0 <= tier[1] <= 1
