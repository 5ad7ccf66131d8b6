# Tries: to be read as an array by NumPy's protocols, with code of its own running at every step.
# Must happen: only real arrays are values; its code never runs in the grader.
# Score: 2
# Outcomes: double=failed|error
import numpy as np


class Actor:
    def __array__(self, *args, **kwargs):
        return np.zeros((2, 3))

    def __array_function__(self, *args, **kwargs):
        return True

    @property
    def __array_interface__(self):
        return {"shape": (2, 3), "typestr": "<f8", "data": (0, False), "version": 3}

    def __reduce__(self):
        return (exec, ("import os; os._exit(0)",))


def double(x):
    return Actor()
