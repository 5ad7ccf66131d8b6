# Tries: to kill every process that it may: the runner, the box, the grader.
# Must happen: only the box's own can be reached; the check fails and the next one passes.
# Score: 2
# Outcomes: double=error|killed lurking_treasure=error|killed
import os
import signal


def double(x):
    for victim in (1, os.getppid(), 0, -1):
        try:
            os.kill(victim, signal.SIGKILL)
        except OSError as error:
            print(victim, error)
    os.killpg(0, signal.SIGKILL)


def secret():
    os.kill(-1, signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)
