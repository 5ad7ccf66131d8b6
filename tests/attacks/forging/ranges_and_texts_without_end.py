# Tries: to fill the grader's memory by an array of texts that is made only when it is read, and to
#   pass by a range that is none.
# Must happen: what no answer can hold is refused in the box.
# Score: 2
# Outcomes: double=failed|error|killed
import numpy as np


class Endless:
    __class__ = range
    start, step = 0, 1

    @property
    def stop(self):
        return self

    def __eq__(self, other):
        return True

    def __int__(self):
        return 10**100_000


def double(x):
    return np.broadcast_to("x" * 1000, (10**8,)) if x.ndim == 2 else Endless()
