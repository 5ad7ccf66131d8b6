"""Ends a process together with all that it started: what a box without a namespace needs."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path

#: Rounds of killing; each finds what was orphaned in the one before.
_ROUNDS = 50


def kill_family(pid: int) -> None:
    """Kill a process's descendants, then its group.

    Descendants that left the group are found by their parents: the runner adopts every orphan of
    its own, so it must be the last to go.
    """
    for _ in range(_ROUNDS):
        found = _descendants(pid)
        if not found:
            break
        for one in found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        time.sleep(0.005)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def _descendants(pid: int) -> set[int]:
    """The living processes below a process; none where there is no /proc."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # The command's name, in parentheses, may hold anything.
            state, parent = path.read_text(errors="replace").rpartition(")")[2].split()[:2]
            if state != "Z":
                children.setdefault(int(parent), []).append(int(path.parent.name))
    found: set[int] = set()
    fresh = {pid}
    while fresh:
        fresh = {child for parent in fresh for child in children.get(parent, [])} - found
        found |= fresh
    return found
