"""What a backend is, and what it returns to start a box: a `Launch`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from autograder.box.setup import BoxPipes
from autograder.limits import Limits
from autograder.records import Enforcement
from autograder.sandbox.cgroups import ControlGroup
from autograder.sandbox.pipe_broker import PipeBroker


@dataclass
class Launch:
    """A command that starts a box, with all that it needs.

    Attributes:
        environment: all environment variables of the command; it inherits none.
        cwd: the working directory of the command.
        extra_fds: further file descriptors that the command inherits; we close ours once it runs.
        info_fd: a descriptor from which we read, in bubblewrap's JSON, which process is the first
            of the box's namespace.
        block_fd: a descriptor on which that process waits for a byte before it runs anything.
        group: the control group that this process is put into before that.
        broker: where the runner fetches its pipes; None if it inherits them.
        cleanup: a command that removes what is left of the box after its end; empty if none is
            needed.
        uid: the user that runs the command; None for the user that we are.
    """

    command: Sequence[str]
    environment: Mapping[str, str]
    cwd: str = "/"
    extra_fds: list[int] = field(default_factory=list)
    info_fd: int | None = None
    block_fd: int | None = None
    group: ControlGroup | None = None
    broker: PipeBroker | None = None
    cleanup: Sequence[str] = ()
    uid: int | None = None


class Backend(Protocol):
    """A way to start boxes.

    Attributes:
        isolated: whether the boxes keep the student's code away from this machine.
    """

    name: str
    isolated: bool

    def describe(self, limits: Limits) -> dict[str, Enforcement]:
        """What enforces each limit on this machine, by the limit's name."""

    def launch(self, run: Path, package: str, limits: Limits, pipes: BoxPipes) -> Launch:
        """How to start the runner on a run folder. Raises SandboxUnavailable."""
