# Tries: to take every open file of the machine.
# Must happen: the limit of the process holds, and its end gives them back.
# Score: 2
# Outcomes: lurking_treasure=failed|error
import os


def secret():
    try:
        for _ in range(10_000):
            os.pipe()
    except OSError:
        return 0
    print("GOT twenty thousand")
