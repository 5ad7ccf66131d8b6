"""Which needed cells can run whole: the rule of the trial, in grading and in ``selfcheck`` alike.

A cell cannot run whole if it raises, ends its process, or takes longer than `TRIAL_SECONDS` with
the cells above it. How cells are run is not known here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from .needed_cells import Part, Plan

#: Seconds that the cells up to the last one of the student's own may take together.
TRIAL_SECONDS = 5.0
#: Seconds after which no more is tried of a notebook. The choice of what to try is counted in.
MAX_TRIAL_SECONDS = 4 * TRIAL_SECONDS


class Step(NamedTuple):
    """What came of running one part.

    Attributes:
        reason: why it failed; empty if it did not.
        over: whether the try's process has ended.
        timed_out: whether it ended because the time was over.
    """

    reason: str = ""
    over: bool = False
    timed_out: bool = False


#: The step of a part at which the time was over.
TOO_SLOW = Step(f"the cells up to it take more than {TRIAL_SECONDS:g} s", over=True, timed_out=True)


@dataclass
class Tried:
    """What one try showed.

    Attributes:
        failed: why cells cannot run whole, by their numbers.
        ran: the own cells that ran whole above the first that failed.
        timed_out: whether the try ran out of time, and nothing else failed before.
    """

    failed: dict[int, str] = field(default_factory=dict)
    ran: set[int] = field(default_factory=set)
    timed_out: bool = False


def judge_try(parts: Sequence[Part], step: Callable[[int], Step]) -> Tried:
    """What a try of parts shows, which run one after another in one process.

    A cell that raises does not end the try: its definitions are run, and then the cells below it.

    Args:
        step: runs the part with this index.
    """
    tried = Tried()
    for number, part in enumerate(parts):
        reason, over, timed_out = step(number)
        if over and tried.failed:  # maybe because of what failed: the next try will show it
            break
        tried.timed_out = timed_out
        if part.is_own and part.whole and reason:
            tried.failed[part.cell.number] = reason
        elif part.is_own and part.whole and not tried.failed:
            tried.ran.add(part.cell.number)
        elif over:  # a cell that runs anyway: nothing is known of those below it
            below = [p.cell.number for p in parts[number:] if p.is_own and p.whole]
            tried.failed = dict.fromkeys(below, f"{part.cell.label} above it: {reason}")
        if over:
            break
    return tried


def find_unfit(
    plan: Callable[[Mapping[int, str]], Plan],
    run_try: Callable[[Sequence[Part], float], Tried],
    now: Callable[[], float],
) -> tuple[dict[int, str], float]:
    """Run the cells, again without those that failed, until all that are left run whole.

    Once a notebook, a try that ran out of time is made again: the machine may have been busy.

    Args:
        plan: what runs of the notebook, by why cells cannot run whole.
        run_try: runs parts in a new process for no longer than these seconds.
        now: a clock, in seconds.

    Returns why cells cannot run whole, by their numbers; and the seconds that the last try took,
    or may have taken if it did not come to its end.
    """
    unfit: dict[int, str] = {}
    tried = Tried()
    begun = now()
    again = True
    while parts := plan(unfit).to_try:
        started = now()
        left = MAX_TRIAL_SECONDS - (started - begun)
        if left <= 0:
            break
        tried = run_try(parts, min(TRIAL_SECONDS, left))
        if not tried.failed:
            return unfit, now() - started
        if tried.timed_out and left < TRIAL_SECONDS:
            break
        if tried.timed_out and again:
            again = False
            continue
        unfit |= tried.failed
    reason = f"the trial of the cells had taken {MAX_TRIAL_SECONDS:g} s"
    while numbers := [n for n in plan(unfit).whole_cells if n not in tried.ran]:
        unfit |= dict.fromkeys(numbers, reason)
    return unfit, TRIAL_SECONDS if plan(unfit).whole_cells else 0.0
