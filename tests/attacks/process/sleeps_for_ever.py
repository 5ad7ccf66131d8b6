# Tries: to keep the grader waiting, at no cost of its own.
# Must happen: it is stopped in time.
# Score: 2
# Outcomes: lurking_treasure=timeout
import time


def secret():
    time.sleep(10**6)
