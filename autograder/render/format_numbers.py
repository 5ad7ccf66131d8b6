"""Numbers written for people: points, percentages, counts of things."""

from __future__ import annotations


def number(value: float) -> str:
    """Points and scores: at most two decimals, without zeros at the end."""
    return f"{round(value, 2):.10g}"


def percent(value: float | None) -> str:
    """A percentage with at most one decimal, or a dash for None.

    It is rounded towards zero, so that only a full score reads as 100 %.
    """
    return "–" if value is None else f"{int(value * 10 + 1e-6) / 10:g} %"


def plural(count: int, singular: str, several: str = "") -> str:
    """The count with its noun: ``1 check``, ``2 checks``."""
    return f"{count} {singular if count == 1 else several or singular + 's'}"
