# Tries: to keep the grader waiting for the end of its pipes, which a daemon holds open.
# Must happen: nothing waits for that; the daemon is gone with the check; right work earns its
#   points.
# Score: 5
# Outcomes: double=passed
import os
import signal
import time


def double(x):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            while True:
                time.sleep(1)
        os._exit(0)
    return x + x
