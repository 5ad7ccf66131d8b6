# Tries: to leave a trace in the runner, which lives on: its limits, its priority, its pipes, its
#   name.
# Must happen: a box whose runner was changed is not used again.
# Score: 4
# Outcomes: looks=passed lurking_look=passed|error|killed lurking_recall=error|failed
import fcntl
import os
import resource

import numpy as np


def look(values):
    for victim in (os.getppid(), 1):
        try:
            resource.prlimit(victim, resource.RLIMIT_CORE, (0, 0))
            resource.prlimit(victim, resource.RLIMIT_NICE, (0, 0))
            os.setpriority(os.PRIO_PROCESS, victim, 7)
        except OSError:
            pass
    for number in range(3, 10):
        try:
            fcntl.fcntl(number, fcntl.F_SETFL, fcntl.fcntl(number, fcntl.F_GETFL) | os.O_NONBLOCK)
        except OSError:
            pass
    return float(sum(values))


def recall():
    if os.getpriority(os.PRIO_PROCESS, os.getppid()) == 7:
        print("GOT a trace of the check before")
    return np.zeros(5)
