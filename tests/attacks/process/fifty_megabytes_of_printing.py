# Tries: to fill the grader's disk or memory with what it prints.
# Must happen: a little is kept, the rest is thrown away, and the box is ended at its limit.
# Score: 2
# Outcomes: lurking_treasure=killed
import os


def secret():
    for _ in range(50):
        os.write(1, b"x" * (1 << 20))
    return 0
