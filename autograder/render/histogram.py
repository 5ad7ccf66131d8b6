"""The histogram of scores on the instructor's page; ``histogram.html.j2`` draws it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

#: Ten bins of ten percent each. A score of 100 percent is in the last one.
BINS = 10


@dataclass(frozen=True)
class Bin:
    """One bar: how many scores lie from `low` to below `high` percent."""

    low: int
    high: int
    count: int


def histogram(percents: Iterable[float]) -> tuple[Bin, ...]:
    """Ten bins from 0 to 100; a lower edge belongs to its bin, and 100 to the last bin."""
    step = 100 // BINS
    counts = Counter(min(BINS - 1, int(percent // step)) for percent in percents)
    return tuple(Bin(i * step, (i + 1) * step, counts[i]) for i in range(BINS))
