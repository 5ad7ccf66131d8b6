"""The limits of what a student's code may use."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import msgspec

MIB = 1 << 20

Seconds: TypeAlias = Annotated[float, msgspec.Meta(gt=0)]
Count: TypeAlias = Annotated[int, msgspec.Meta(ge=1)]


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The limits of a box: the table ``[limits]`` in assignment.toml.

    Attributes:
        seconds: wall-clock time for one check, measured outside the box.
        cpu_seconds: processor time for one process of the box, in case `seconds` fails.
        timeouts: how many checks of one submission may run out of their full time. Further checks
            get `hurried_seconds`. When as many again have run out of that, the remaining checks are
            not run. Checks that end in time are not counted.
        hurried_seconds: see `timeouts`.
        memory_mb: memory of the box as a whole, in MiB, if the machine lets us limit that.
        data_mb, address_space_mb: memory of one process, in MiB, by rlimit.
        processes: number of processes and threads in the box.
        open_files: number of open files of one process.
        file_mb: size of one file, in MiB.
        tmp_mb, shm_mb: size of /tmp and of /dev/shm, in MiB.
        output_kept: bytes of printed text that are kept for one check.
        output_killed: bytes of printed text after which the box is killed.
        answer_mb: size of the arrays in one answer, in MiB.
    """

    seconds: Seconds = 10.0
    timeouts: Count = 10
    hurried_seconds: Seconds = 1.0
    cpu_seconds: Count = 600
    memory_mb: Count = 2048
    data_mb: Count = 1024
    address_space_mb: Count = 4096
    processes: Count = 64
    open_files: Count = 128
    file_mb: Count = 64
    tmp_mb: Count = 64
    shm_mb: Count = 16
    output_kept: Count = 64 << 10
    output_killed: Count = 32 * MIB
    answer_mb: Count = 64
