# Tries: to call a function of the check after its answer, when nobody waits for a call.
# Must happen: bytes that nobody asked for end the check, or are read by nobody.
# Score: 2
# Outcomes: unlocks=error|killed|failed lurking_lock=error|killed|failed
import os
import threading
import time

from autograder.box.wire import Message, encode


def calls_of(lock):
    """What sends the calls of a function that the check gave."""
    cells = [cell.cell_contents for cell in lock.__closure__]
    return next(cell for cell in cells if hasattr(cell, "_call_back"))._call_back


def unlocked(x, lock):
    calls = calls_of(lock)
    frame = encode(Message("function", calls.nonce, [0, [x], {}]))

    def later():
        time.sleep(0.2)
        os.write(calls._send.__self__._writing, frame)

    threading.Thread(target=later).start()
    return not lock(x)
