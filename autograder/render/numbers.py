"""Numbers as people read them."""

from __future__ import annotations


def number(value: float) -> str:
    """Points and scores: at most two decimals, none that are zero."""
    return f"{round(value, 2):.10g}"


def percent(value: float | None) -> str:
    """A percentage with at most one decimal, or a dash where there is none.

    Rounds towards zero, so that only full marks read as 100 %.
    """
    return "–" if value is None else f"{int(value * 10 + 1e-6) / 10:g} %"


def plural(count: int, one: str, many: str = "") -> str:
    """``1 check``, ``2 checks``."""
    return f"{count} {one if count == 1 else many or one + 's'}"
