# Tries: to leave the runner with limits under which no further check can run.
# Must happen: such a box is not used again; the next check passes.
# Score: 2
# Outcomes: lurking_treasure=failed|error|killed
import os
import resource


def secret():
    for victim in (os.getppid(), 1):
        for number in (resource.RLIMIT_NOFILE, resource.RLIMIT_CPU, resource.RLIMIT_NPROC):
            try:
                resource.prlimit(victim, number, (1, 1))
            except OSError:
                pass
        try:
            os.setpriority(os.PRIO_PROCESS, victim, 19)
            os.sched_setaffinity(victim, {0})
        except OSError:
            pass
    return 0
