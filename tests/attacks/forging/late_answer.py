# Tries: to leave a thread behind that answers the next check in this one's name.
# Must happen: every check has a process of its own, and pipes are empty when it begins.
# Score: 2
# Outcomes: double=failed|error|killed
import os
import threading
import time


def double(x):
    def later():
        while True:
            time.sleep(0.001)
            for number in range(3, 12):
                try:
                    os.write(number, b"PLM1" + bytes(12))
                except OSError:
                    pass

    if os.fork() == 0:
        later()
    threading.Thread(target=later, daemon=True).start()
    time.sleep(0.05)
    return x * 0 + 7
