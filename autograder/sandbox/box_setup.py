"""Makes the `BoxSetup` that a backend hands over to the runner in a box."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from autograder.box.setup import BoxPipes, BoxSetup
from autograder.limits import MIB, Limits
from autograder.sandbox.box_folders import RUN, SCRATCH


def box_setup(
    run: Path,
    package: str,
    rlimits: dict[str, int],
    *,
    inside: str = RUN,
    scratch: Sequence[str] = SCRATCH,
    contained: bool = True,
    pipes: BoxPipes | None = None,
    broker: str = "",
) -> BoxSetup:
    """The setup of a box on a run folder.

    Args:
        run: the run folder, as it lies on this machine.
        inside: the run folder's path inside the box.
        pipes, broker: see `BoxSetup`; exactly one of them is given.
    """
    return BoxSetup(
        package=package,
        package_root=f"{inside}/package",
        notebooks=f"{inside}/notebooks" if (run / "notebooks").is_dir() else "",
        scratch=tuple(scratch),
        contained=contained,
        rlimits=rlimits,
        pipes=pipes,
        broker=broker,
    )


def rlimits(limits: Limits, *, count_processes: bool = True) -> dict[str, int]:
    """The limits that the runner sets on itself before it runs any of the student's code.

    See getrlimit(2); the names are those without ``RLIMIT_``.

    Args:
        count_processes: whether to limit the number of processes. A control group does this
            better: before Linux 5.14 the rlimit counts all processes of a user, who may have
            others outside the box.
    """
    values = {
        "CPU": limits.cpu_seconds,
        "DATA": limits.data_mb * MIB,
        "AS": limits.address_space_mb * MIB,
        "NPROC": limits.processes,
        "NOFILE": limits.open_files,
        "FSIZE": limits.file_mb * MIB,
        "CORE": 0,
        "MEMLOCK": 64 << 10,
        "MSGQUEUE": 0,
    }
    return {name: value for name, value in values.items() if name != "NPROC" or count_processes}
