"""A bar whose parts are the outcomes of checks; ``outcome_bars.html.j2`` draws it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from autograder.records import Outcome


@dataclass(frozen=True)
class Segment:
    """One outcome's part of a bar, in percent of its length; `count` is of the checks in it."""

    outcome: Outcome
    count: int
    start: float
    width: float


def outcome_bar(checks: Iterable[tuple[Outcome, float]]) -> tuple[Segment, ...]:
    """The bar of these checks: the outcome of each, and its share of the bar, in any unit."""
    counts: Counter[Outcome] = Counter()
    shares: dict[Outcome, float] = {}
    for outcome, share in checks:
        counts[outcome] += 1
        shares[outcome] = shares.get(outcome, 0.0) + share
    total, start, segments = sum(shares.values()), 0.0, []
    for outcome in Outcome:
        if shares.get(outcome):
            width = 100 * shares[outcome] / total
            segments.append(Segment(outcome, counts[outcome], start, width))
            start += width
    return tuple(segments)
