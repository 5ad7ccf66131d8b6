# Tries: to call a function and to answer the check's request at once, so that the two get mixed
#   up.
# Must happen: bytes that come before the call is answered end the check.
# Score: 2
# Outcomes: unlocks=error|killed lurking_lock=error|killed
import os

from autograder.box.wire import Message, encode


def calls_of(lock):
    """What sends the calls of a function that the check gave."""
    cells = [cell.cell_contents for cell in lock.__closure__]
    return next(cell for cell in cells if hasattr(cell, "_call_back"))._call_back


def unlocked(x, lock):
    calls = calls_of(lock)
    call = encode(Message("function", calls.nonce, [0, [x], {}]))
    answer = encode(Message("value", calls.nonce, [x > 1]))
    os.write(calls._send.__self__._writing, call + answer)
    os._exit(0)
