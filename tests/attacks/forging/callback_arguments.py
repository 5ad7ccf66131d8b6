# Tries: to call a function with what no reference sends: huge arrays, deep lists, objects,
#   handles, functions, numbers that lie.
# Must happen: each is a TypeError in the student's code; a number arrives as it is.
# Score: 2
# Outcomes: unlocks=failed lurking_lock=failed
import numpy as np

from autograder.core.remote import Ref


def calls_of(lock):
    """What sends the calls of a function that the check gave."""
    cells = [cell.cell_contents for cell in lock.__closure__]
    return next(cell for cell in cells if hasattr(cell, "_call_back"))._call_back


class Liar(float):
    def __float__(self):
        return 1e300

    def __sub__(self, other):
        return "GOT the function's own process"

    __rpow__ = __sub__


def unlocked(x, lock):
    deep = 0
    for _ in range(20):
        deep = [deep]
    for wrong in (np.zeros(1 << 20), deep, object(), lock, Liar, "x" * 10**6, {"a": x}, 1 << 5000):
        try:
            print("GOT", lock(wrong))
        except (TypeError, OverflowError):
            pass
    try:
        print("GOT", calls_of(lock)(0, [Ref(0)], {}))
    except TypeError:
        pass
    said = lock(Liar(1.0))
    if isinstance(said, str):
        print(said)
    return said > 1e200
