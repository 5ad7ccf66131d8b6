# Tries: to call functions that the check has not given, by numbers that mean nothing.
# Must happen: a call of an unknown function ends the check.
# Score: 2
# Outcomes: unlocks=error|killed lurking_lock=error|killed


def calls_of(lock):
    """What sends the calls of a function that the check gave."""
    cells = [cell.cell_contents for cell in lock.__closure__]
    return next(cell for cell in cells if hasattr(cell, "_call_back"))._call_back


def unlocked(x, lock):
    for number in (7, -1, True, 1 << 60, "0", None):
        calls_of(lock)(number, [x], {})
    return x > 1
