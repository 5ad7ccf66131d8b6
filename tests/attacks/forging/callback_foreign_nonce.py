# Tries: to call a function with other random bytes than those of the request.
# Must happen: such a call is no answer to the request, and ends the check.
# Score: 2
# Outcomes: unlocks=error|killed lurking_lock=error|killed


def calls_of(lock):
    """What sends the calls of a function that the check gave."""
    cells = [cell.cell_contents for cell in lock.__closure__]
    return next(cell for cell in cells if hasattr(cell, "_call_back"))._call_back


def unlocked(x, lock):
    calls_of(lock).nonce = bytes(16)
    return lock(x) > 0
