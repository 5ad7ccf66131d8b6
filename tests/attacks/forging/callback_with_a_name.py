# Tries: to call a function with a name of the package in the place of a value.
# Must happen: a name is no value, and ends the check.
# Score: 2
# Outcomes: unlocks=error|killed lurking_lock=error|killed
from autograder.core.remote import Name


def calls_of(lock):
    """What sends the calls of a function that the check gave."""
    cells = [cell.cell_contents for cell in lock.__closure__]
    return next(cell for cell in cells if hasattr(cell, "_call_back"))._call_back


def unlocked(x, lock):
    return calls_of(lock)(0, [Name("ops.secret")], {}) > 0
