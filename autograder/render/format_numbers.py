"""Numbers written for people: points, percentages, counts of things."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal


def number(value: float) -> str:
    """Points and scores: at most two decimals, without zeros at the end."""
    return f"{round(value, 2):.10g}"


def percent(value: float | None) -> str:
    """A percentage, rounded to one decimal at most, halves up, or a dash for None.

    Only a full score reads as 100 %, and only a score of nothing as 0 %.
    """
    if value is None:
        return "–"
    # The computer's own number for 84.35 is a little less than that.
    rounded = float(Decimal(f"{value:.9f}").quantize(Decimal("0.1"), ROUND_HALF_UP))
    if rounded >= 100 and value < 100 - 1e-6:
        rounded = 99.9
    elif rounded <= 0 and value > 1e-6:
        rounded = 0.1
    return f"{rounded:g} %"


def plural(count: int, singular: str, several: str = "") -> str:
    """The count with its noun: ``1 check``, ``2 checks``."""
    return f"{count} {singular if count == 1 else several or singular + 's'}"
