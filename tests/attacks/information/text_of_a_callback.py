# Tries: to find the text of a function that the check gives, and what that function knows.
# Must happen: nothing of it is in the box but a number; its exceptions have no traceback of its
#   own.
# Score: 2
# Outcomes: unlocks=failed lurking_lock=failed
import gc
import types


def calls_of(lock):
    """What sends the calls of a function that the check gave."""
    cells = [cell.cell_contents for cell in lock.__closure__]
    return next(cell for cell in cells if hasattr(cell, "_call_back"))._call_back


def unlocked(x, lock):
    for thing in (lock, lock.__code__, lock.__closure__, lock.__globals__, vars(calls_of(lock))):
        print(repr(thing)[:2000])
    for constant in lock.__code__.co_consts:
        print(constant)
    for thing in gc.get_objects():
        if isinstance(thing, types.CodeType) and thing.co_name == "lock":
            print("GOT", thing.co_consts)
    try:
        lock()
    except TypeError as error:
        print(error)
        frames = error.__traceback__
        while frames is not None:
            if frames.tb_frame.f_code.co_name == "lock":
                print("GOT", frames.tb_frame.f_locals)
            frames = frames.tb_next
    return lock(x) <= 0
