# Tries: to fill the places for temporary files with a hundred thousand empty ones.
# Must happen: they lie in the box alone and are gone for the next check, which passes.
# Score: 2
# Outcomes: lurking_treasure=failed|error|timeout|killed
import os


def secret():
    for place in ("/tmp", "/dev/shm"):
        for number in range(100_000):
            os.close(os.open(f"{place}/{number}", os.O_CREAT | os.O_WRONLY))
    return 0
