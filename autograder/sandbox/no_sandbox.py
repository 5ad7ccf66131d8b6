"""No sandbox: the runner is an ordinary process. For your own code, never for a class's."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from autograder.box.setup import BoxPipes
from autograder.limits import Limits
from autograder.records import Enforcement
from autograder.sandbox.box_modules import copy_box_modules, runner_command
from autograder.sandbox.box_setup import box_setup, rlimits
from autograder.sandbox.environment import box_environment, pinned_numerics
from autograder.sandbox.launch import Launch
from autograder.scratch import SCRATCH_VARIABLE


class NoSandbox:
    """Starts the runner as an ordinary child process, which only rlimits and time limits bound."""

    name = "none"
    isolated = False

    def describe(self, limits: Limits) -> dict[str, Enforcement]:
        """What enforces each limit on this machine, by the limit's name."""
        nothing = Enforcement(False)
        return {
            "files": Enforcement(False, "the code could read and write whatever the grader can"),
            "network": nothing,
            "processes": nothing,
            "time": Enforcement(True, f"{limits.seconds:g} s for a check; by the clock outside"),
            "memory of a process": Enforcement(True, f"{limits.data_mb} MiB; by rlimit"),
            "memory of the box": nothing,
            "system calls": nothing,
            "numerics": Enforcement(True, pinned_numerics()),
        }

    def launch(self, run: Path, package: str, limits: Limits, pipes: BoxPipes) -> Launch:
        """How to start the runner on a run folder."""
        copy_box_modules(run)
        # A new one for each box: an earlier box may have left its home folder full.
        home = tempfile.mkdtemp(prefix="home-", dir=run)
        setup = box_setup(
            run,
            package,
            # This limit counts all processes of a user, and here the box runs as our own user.
            rlimits(limits, count_processes=False),
            inside=str(run),
            scratch=[home],
            contained=False,
            pipes=pipes,
        )
        command = runner_command(sys.executable, str(run), setup)
        # If the grader is killed, the next run finds what is left of this box by this variable.
        variables = box_environment(home, str(run)) | {"TMPDIR": home, SCRATCH_VARIABLE: str(run)}
        return Launch(command, variables, cwd=home)
