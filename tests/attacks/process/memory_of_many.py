# Tries: to take three times what the whole box may have, by ten processes that each keep to the
#   limit for one.
# Must happen: the limit for the box holds: it ends them, or as many of them as it must.
# Score: 2
# Outcomes: lurking_treasure=failed|killed|error
# Needs: memory of the box
import os
import time


def secret():
    heard, tell = os.pipe()
    for _ in range(10):
        if os.fork() == 0:
            kept = []
            while len(kept) < 80:
                kept.append(b"x" * (2 << 20))
            os.write(tell, b"x")
            time.sleep(60)
    time.sleep(1.5)
    os.set_blocking(heard, False)
    os.write(tell, b"x")
    full = len(os.read(heard, 100)) - 1
    if full > 5:
        print("GOT", 160 * full, "MiB")
    return 0
