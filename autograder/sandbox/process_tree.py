"""Ends a process together with all that it started: what a box without a namespace needs."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from pathlib import Path

#: Rounds of killing; each finds what was orphaned in the one before.
_ROUNDS = 50
#: Seconds to wait for the processes of one round: killed, they are a moment in going.
_ROUND_TIMEOUT_S = 1.0


def kill_process_tree(pid: int) -> None:
    """Kill a process's descendants, then its group.

    Descendants that left the group are found by their parents: the runner adopts every orphan of
    its own, so it is stopped first, to start nothing more, and is the last to go.
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
        _end(found)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def _end(pids: set[int]) -> None:
    """Kill processes and wait until they are gone."""
    with contextlib.ExitStack() as stack:
        handles = []
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                handles.append(os.pidfd_open(pid))
                stack.callback(os.close, handles[-1])
                signal.pidfd_send_signal(handles[-1], signal.SIGKILL)
        deadline = time.monotonic() + _ROUND_TIMEOUT_S
        for handle in handles:
            select.select([handle], [], [], max(0.0, deadline - time.monotonic()))


def _descendants(pid: int) -> set[int]:
    """The living processes below a process; none where there is no /proc."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*"):
        state, parent = _state_and_parent(int(path.name))
        if state != "Z":
            children.setdefault(parent, []).append(int(path.name))
    found: set[int] = set()
    fresh = {pid}
    while fresh:
        fresh = {child for parent in fresh for child in children.get(parent, [])} - found
        found |= fresh
    return found


def _state_and_parent(pid: int) -> tuple[str, int]:
    """What /proc tells of a process; ``Z`` and 0 if it is gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return "Z", 0
    # The command's name, in parentheses, may hold anything.
    state, parent = stat.rpartition(")")[2].split()[:2]
    return state, int(parent)
