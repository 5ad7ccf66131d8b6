"""Programs that a test starts: looked at while they run, and ended with the test."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

#: Seconds until what must happen has happened, on however busy a machine.
DEADLINE_S = 60


@contextlib.contextmanager
def started(command, **options) -> Iterator[subprocess.Popen]:
    """A program in a session of its own. At the end of the block, all its processes are killed.

    So a test that fails leaves nothing behind that another test would stumble over.
    """
    with subprocess.Popen(command, start_new_session=True, **options) as process:
        try:
            yield process
        finally:
            # Once it is reaped, and nobody is left in its session, its number may be another's.
            if process.returncode is None or not Path(f"/proc/{process.pid}").exists():
                for pid in session_of(process.pid):
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)


def wait_until(condition) -> bool:
    """Wait until a condition holds; False if it does not in time."""
    deadline = time.monotonic() + DEADLINE_S
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@dataclass(frozen=True)
class Process:
    """A process as /proc tells of it; `seconds` is the processor time that it has used itself."""

    pid: int
    parent: int
    session: int
    seconds: float
    command: bytes


def all_processes() -> dict[int, Process]:
    """The living processes of this machine; those that wait to be reaped are none."""
    found = {}
    tick = os.sysconf("SC_CLK_TCK")
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            fields = (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()
            if fields[0] not in "ZX":
                found[int(entry.name)] = Process(
                    pid=int(entry.name),
                    parent=int(fields[1]),
                    session=int(fields[3]),
                    seconds=(int(fields[11]) + int(fields[12])) / tick,
                    command=(entry / "cmdline").read_bytes(),
                )
    return found


def processes_of(leader: int) -> dict[int, bytes]:
    """A process and those that descend from it: their command lines by number."""
    processes = all_processes()
    return {pid: processes[pid].command for pid in _with_descendants({leader}, processes)}


def session_of(leader: int) -> set[int]:
    """The processes of the session that a process leads, or led, and all that descend from them.

    Workers stay in the session; boxes leave it, and descend from a worker.
    """
    processes = all_processes()
    members = {pid for pid, process in processes.items() if process.session == leader}
    return _with_descendants(members, processes)


def endless_checks(leader: int) -> int:
    """How many checks below a process have computed for longer than an honest one does.

    A check runs in a fork of its box's runner: it bears the command line of its parent.
    """
    processes = all_processes()
    below = _with_descendants({leader}, processes)
    parents = {processes[pid].parent for pid in below}
    return sum(
        process.seconds > 0.3
        and process.pid not in parents
        and process.parent in below
        and process.command == processes[process.parent].command
        for process in map(processes.__getitem__, below)
    )


def gone(processes: dict[int, bytes]) -> None:
    """Wait until all these processes have ended."""

    def left():
        living = all_processes()
        return [
            command
            for pid, command in processes.items()
            if pid in living and living[pid].command == command
        ]

    wait_until(lambda: not left())
    assert left() == []


def _with_descendants(leaders: set[int], processes: dict[int, Process]) -> set[int]:
    found, fresh = set(), leaders & processes.keys()
    while fresh:
        found |= fresh
        fresh = {pid for pid, process in processes.items() if process.parent in fresh} - found
    return found
