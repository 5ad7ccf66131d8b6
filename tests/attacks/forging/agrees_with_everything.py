# Tries: to be equal to everything, and to be whatever it is asked to be.
# Must happen: a thing that is no value stays in the box; it is no array.
# Score: 2
# Outcomes: double=failed|error lurking_treasure=failed|error
import numpy as np


class Yes:
    shape, dtype, ndim, size = (2, 3), np.dtype("float64"), 2, 6

    def __eq__(self, other):
        return True

    __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __eq__

    def __getattr__(self, name):
        return self

    def __call__(self, *args, **kwargs):
        return self

    def __iter__(self):
        return iter((self, self, self))

    def __bool__(self):
        return True


def double(x):
    return Yes()


def secret():
    return Yes()
