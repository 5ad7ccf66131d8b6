# Tries: to take three times what one process may have, by ten processes.
# Must happen: the limit for the whole box ends them.
# Score: 2
# Outcomes: lurking_treasure=killed|error
# Needs: memory of the box
import os
import time


def secret():
    for _ in range(10):
        if os.fork() == 0:
            kept = []
            while len(kept) < 80:
                kept.append(b"x" * (2 << 20))
            time.sleep(60)
    time.sleep(1.5)
    return 0
