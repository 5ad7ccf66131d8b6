# Tries: to take memory that is counted for no process: files that lie in memory alone.
# Must happen: the limit for the whole box ends it.
# Score: 2
# Outcomes: lurking_treasure=killed|error
# Needs: memory of the box
import os


def secret():
    block = b"x" * (1 << 20)
    for number in range(40):
        file = os.memfd_create(str(number))
        for _ in range(15):
            os.write(file, block)
    return 0
