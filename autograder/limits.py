"""What a student's code may use."""

from __future__ import annotations

from typing import Annotated

import msgspec

MIB = 1 << 20


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The limits of a box; in assignment.toml the table ``[limits]``.

    Attributes:
        seconds: wall clock for one check, kept outside the box.
        cpu_seconds: processor time for one process of the box, a second line behind `seconds`.
        timeouts: checks of one submission that may run out of time at their full length. Further
            ones get `hurried_seconds`, and when as many again have run out of those, the rest is
            not run. A check that keeps its time counts for nothing here.
        hurried_seconds: see `timeouts`.
        memory_mb: memory of the box as a whole, where the machine lets us bound that.
        data_mb, address_space_mb: memory of one process, by rlimit.
        processes, open_files, file_mb: as their names say.
        tmp_mb, shm_mb: room in /tmp and /dev/shm.
        output_kept: bytes of printed text that are kept for one check.
        output_killed: bytes of printed text at which the box is ended.
        answer_mb: the arrays that one answer may hold.
    """

    seconds: float = 10.0
    timeouts: Annotated[int, msgspec.Meta(ge=1)] = 10
    hurried_seconds: float = 1.0
    cpu_seconds: int = 600
    memory_mb: int = 2048
    data_mb: int = 1024
    address_space_mb: int = 4096
    processes: int = 64
    open_files: int = 128
    file_mb: int = 64
    tmp_mb: int = 64
    shm_mb: int = 16
    output_kept: int = 64 << 10
    output_killed: int = 32 * MIB
    answer_mb: int = 64
