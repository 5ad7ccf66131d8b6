"""How many threads the compiled functions use, and how they share their work."""

import threading

import numpy as np

_count = 1


def set_num_threads(count):
    """Let the compiled functions use so many threads; it is one if you never say.

    Their results are the same, to the last bit, for any number.

    Raises ValueError for less than one.
    """
    global _count
    if not isinstance(count, (int, np.integer)) or count < 1:
        raise ValueError(f"{count} threads cannot work; let it be a whole number from 1 on")
    _count = int(count)


def get_num_threads():
    """How many threads the compiled functions use."""
    return _count


def share(number, work):
    """Call work(part) for slices that make up range(number), each on a thread of its own.

    The threads end with the call: kept for the next one, they would be missing in a process that
    was forked meanwhile.
    """
    parts = max(1, min(_count, number))
    bounds = [part * number // parts for part in range(parts + 1)]
    slices = [slice(*ends) for ends in zip(bounds, bounds[1:])]
    failures = []

    def run(part):
        try:
            work(part)
        except BaseException as error:  # raised below, where the caller sees it
            failures.append(error)

    threads = [threading.Thread(target=run, args=(part,)) for part in slices[1:]]
    for thread in threads:
        thread.start()
    run(slices[0])
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
