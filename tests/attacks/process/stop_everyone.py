# Tries: to freeze the runner, itself and whatever it can reach, instead of ending them.
# Must happen: it is stopped in time, the next check passes.
# Score: 2
# Outcomes: lurking_treasure=timeout|error|killed
import os
import signal


def secret():
    for victim in (os.getppid(), 1, -1, 0):
        try:
            os.kill(victim, signal.SIGSTOP)
        except OSError:
            pass
    os.kill(os.getpid(), signal.SIGSTOP)
