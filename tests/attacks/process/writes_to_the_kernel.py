# Tries: to change settings of the machine through /proc/sys, /sys and /dev.
# Must happen: nothing of it can be written.
# Score: 2
# Outcomes: lurking_treasure=failed|error|killed
import os


def secret():
    for path in (
        "/proc/sys/kernel/core_pattern", "/proc/sys/kernel/hostname", "/proc/sysrq-trigger",
        "/proc/sys/vm/drop_caches", "/sys/kernel/uevent_helper", "/sys/fs/cgroup/cgroup.procs",
        "/dev/mem", "/dev/sda", "/dev/vda", "/dev/kmsg",
    ):  # fmt: skip
        try:
            os.close(os.open(path, os.O_WRONLY))
            print("GOT", path)
        except OSError:
            pass
    return 0
