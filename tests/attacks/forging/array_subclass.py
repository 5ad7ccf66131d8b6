# Tries: to agree with whatever it is compared to, as an array of a class of its own.
# Must happen: its bytes are sent as plain numbers; its methods have no say.
# Score: 2
# Outcomes: double=failed|error
import numpy as np


class Sly(np.ndarray):
    def __eq__(self, other):
        return np.ones(self.shape, bool)

    def __sub__(self, other):
        return np.zeros(self.shape)

    __rsub__ = __sub__

    def __array_ufunc__(self, *args, **kwargs):
        return np.zeros(self.shape)

    def __array_function__(self, *args, **kwargs):
        return True


def double(x):
    return np.full(x.shape, 7.0).view(Sly)
