# Tries: to stop the clock, so that no time is ever over.
# Must happen: time is taken outside the box.
# Score: 2
# Outcomes: lurking_treasure=timeout
import signal
import time

time.monotonic = time.time = time.perf_counter = lambda: 0.0
signal.alarm(0)
signal.setitimer(signal.ITIMER_REAL, 0)


def secret():
    while True:
        time.sleep(0.01)
