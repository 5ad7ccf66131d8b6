# Tries: to stop the grader by a number for which a function of the check computes for hours.
# Must happen: the function runs in a process of its own, and a clock outside ends it.
# Score: 2
# Outcomes: unlocks=error lurking_lock=timeout|killed


def unlocked(x, lock):
    if isinstance(x, int):
        return lock(1 << 40) > 0
    return lock("") > 0
