"""Kills a process and all that it started, for a box without a process namespace."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from pathlib import Path

#: How often to look for descendants and kill them. Killing some may orphan others, which the next
#: round finds.
_ROUNDS = 50
#: Seconds to wait in one round until the killed processes are gone.
_ROUND_TIMEOUT_S = 1.0


def kill_process_tree(pid: int) -> None:
    """Kill the descendants of a process, then its process group.

    The process is a runner, which becomes the parent of all orphans among its descendants. So we
    find every descendant by its parents, even one that left the process group. The runner is
    stopped first, so that it starts nothing more, and killed last.
    """
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGSTOP)
    deadline = time.monotonic() + _ROUND_TIMEOUT_S
    while _state_and_parent(pid)[0] in "RSD" and time.monotonic() < deadline:
        time.sleep(0.001)
    for _ in range(_ROUNDS):
        found = _descendants(pid)
        if not found:
            break
        _kill_all(found)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def _kill_all(pids: set[int]) -> None:
    """Kill processes and wait until they are gone."""
    with contextlib.ExitStack() as stack:
        pidfds = []
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                pidfds.append(os.pidfd_open(pid))
                stack.callback(os.close, pidfds[-1])
                signal.pidfd_send_signal(pidfds[-1], signal.SIGKILL)
        deadline = time.monotonic() + _ROUND_TIMEOUT_S
        for pidfd in pidfds:
            select.select([pidfd], [], [], max(0.0, deadline - time.monotonic()))


def _descendants(pid: int) -> set[int]:
    """The living descendants of a process. None are found on a machine without /proc."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*"):
        state, parent = _state_and_parent(int(path.name))
        if state != "Z":
            children.setdefault(parent, []).append(int(path.name))
    found: set[int] = set()
    generation = {pid}
    while generation:
        generation = {child for parent in generation for child in children.get(parent, [])} - found
        found |= generation
    return found


def _state_and_parent(pid: int) -> tuple[str, int]:
    """The state of a process and its parent's id, from /proc; ``Z`` and 0 if it is gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return "Z", 0
    # The command's name stands in parentheses before them, and may contain any character.
    state, parent = stat.rpartition(")")[2].split()[:2]
    return state, int(parent)
