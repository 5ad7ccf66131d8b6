"""Compares what was run in a notebook's kernel with what grading runs of the notebook's file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from ..core.cell_names import cell_names
from ..core.cell_source import parse_cell
from ..core.needed_cells import Plan


def executed_cells(main: Mapping[str, Any]) -> list[str]:
    """The sources that were run in this kernel, in order; none if this is no kernel's namespace."""
    shell = main["get_ipython"]() if callable(main.get("get_ipython")) else None
    # As they were typed: what IPython keeps as ``In`` has its magics translated.
    raw = getattr(getattr(shell, "history_manager", None), "input_hist_raw", None)
    inputs = main.get("In") if raw is None else raw
    return [str(source).strip() for source in inputs or ()]


def differences(
    file: str, plan: Plan, sources: Mapping[int, str], executed: Sequence[str]
) -> list[str]:
    """Sentences on how the order or the texts of what was run differ from what grading will run.

    Args:
        file: the name of the notebook's file.
        plan: what grading runs.
        sources: the code cells in the file, by number.
        executed: the sources that were run in the kernel, in order; empty if that is not known.
    """
    if not executed:
        return []
    found = []
    last = {source: position for position, source in enumerate(executed)}
    if newer := _newer(plan, sources, last):
        found.append(
            f"{file} is older than the cells that you ran, for {', '.join(newer)}: save the "
            "notebook, and check again"
        )
    numbers = dict.fromkeys(part.cell.number for part in plan.parts if part.cell.number)
    known = [(n, last[sources[n].strip()]) for n in numbers if sources[n].strip() in last]
    for (first, earlier), (second, later) in pairwise(known):
        if later < earlier:
            found.append(
                f"you ran code cell {first} of {file} after code cell {second}; grading runs "
                f"{first} first"
            )
    # Whoever works from the top down has not come to the cells below, and may leave a question out.
    lowest = max((n for n, source in sources.items() if source.strip() in last), default=0)
    not_run = [str(n) for n in plan.needed if n < lowest and sources[n].strip() not in last]
    if not_run and not newer:
        cells = "code cell" if len(not_run) == 1 else "code cells"
        found.append(
            f"grading runs {cells} {', '.join(not_run)} of {file}, which you did not run as it "
            "is saved: save the notebook, and run it from the top"
        )
    return found


def _newer(plan: Plan, sources: Mapping[int, str], last: Mapping[str, int]) -> list[str]:
    """The needed names that were bound or changed last by a text that is in no cell of the file."""
    needed = {name for part in plan.parts if part.cell.is_answer for name in part.names.defines}
    needed = needed.union(*plan.needed.values())
    saved = {source.strip() for source in sources.values()}
    seen: set[str] = set()
    newer: set[str] = set()
    for source in sorted(last, key=lambda text: -last[text]):
        parsed = parse_cell(source)
        if parsed is None:
            continue
        names = cell_names(parsed.tree)
        its = (names.binds | names.changes) & needed - seen
        if source not in saved:
            newer |= its
        seen |= its
    return sorted(newer)
