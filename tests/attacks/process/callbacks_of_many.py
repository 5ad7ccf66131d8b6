# Tries: to call one function from many processes and threads at once.
# Must happen: a call is answered one at a time and to one caller; what gets mixed up ends the
#   check.
# Score: 2
# Outcomes: unlocks=error|killed|failed lurking_lock=error|killed|failed
import os
import threading


def calls_of(lock):
    """What sends the calls of a function that the check gave."""
    cells = [cell.cell_contents for cell in lock.__closure__]
    return next(cell for cell in cells if hasattr(cell, "_call_back"))._call_back


def call_often(calls, x):
    calls._caller = (os.getpid(), threading.get_ident())
    for _ in range(50):
        try:
            calls(0, [x], {})
        except RuntimeError:
            pass


def unlocked(x, lock):
    calls = calls_of(lock)
    for _ in range(4):
        if os.fork() == 0:
            call_often(calls, x)
            os._exit(0)
        threading.Thread(target=call_often, args=(calls, x)).start()
    call_often(calls, x)
    return lock(x) <= 0
