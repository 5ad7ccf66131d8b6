# Tries: to take all processes of the machine: every child forks again, without end.
# Must happen: the box's limit of processes holds, the check is stopped in time, all are gone after.
# Score: 2
# Outcomes: lurking_treasure=timeout|killed
import os


def secret():
    while True:
        try:
            os.fork()
        except OSError:
            pass
