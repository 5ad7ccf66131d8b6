"""No box: the runner as a plain process. For one's own code, never for a class's."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from autograder.limits import Limits
from autograder.records import NOT_ENFORCED
from autograder.sandbox.launch import (
    BOX_MODULES,
    Descriptors,
    Launch,
    copy_box_modules,
    environment,
    pinned,
    rlimits,
    runner_command,
)
from autograder.scratch import HOLDS


class Bare:
    """Starts the runner as an ordinary child process, with rlimits and deadlines only."""

    name = "none"
    isolated = False

    def describe(self, limits: Limits) -> dict[str, str]:
        """Each limit, and what enforces it."""
        return {
            "files": f"{NOT_ENFORCED}: the code could read and write whatever the grader can",
            "network": NOT_ENFORCED,
            "processes": NOT_ENFORCED,
            "time": f"{limits.seconds:g} s for a check; by the clock outside",
            "memory of a process": f"{limits.data_mb} MiB; by rlimit",
            "memory of the box": NOT_ENFORCED,
            "system calls": NOT_ENFORCED,
            "numerics": pinned(),
        }

    def launch(self, run: Path, package: str, limits: Limits, pipes: Descriptors) -> Launch:
        """The command that starts the runner on a run folder."""
        copy_box_modules(run)
        home = tempfile.mkdtemp(prefix="home-", dir=run)  # the last box may have left its own full
        # The allowance of processes counts all of a user's, and we are that user here.
        own = {name: value for name, value in rlimits(limits).items() if name != "NPROC"}
        setup = {
            "package": package,
            "package_root": str(run / "package"),
            "notebooks": str(run / "notebooks") if (run / "notebooks").is_dir() else "",
            "scratch": [home],
            "contained": False,
            "rlimits": own,
            **vars(pipes),
        }
        command = runner_command(sys.executable, str(run / BOX_MODULES), setup)
        # What outlives a grader that is killed outright is found by it, and ended by the next run.
        marked = environment(home) | {"TMPDIR": home, HOLDS: str(run)}
        return Launch(command, marked, cwd=home)
