# Tries: to take all threads of the machine.
# Must happen: the box's limit of processes, which counts threads, holds.
# Score: 2
# Outcomes: lurking_treasure=timeout|killed|failed
import threading
import time


def secret():
    try:
        for _ in range(1000):
            threading.Thread(target=time.sleep, args=(100,), daemon=True).start()
    except RuntimeError:
        return 0
    print("GOT a thousand")
