"""A module with two regions, one of them indented twice, and given code around them."""

import numpy as np


def scale(x, factor):
    """Multiply an array by a number."""
    # BEGIN SOLUTION scale
    # TODO: Return a new array; leave x as it is.
    # One operator is enough.

    # a comment of the solution
    out = factor * x
    # END SOLUTION scale
    return out


class Mean:
    """A running mean."""

    def __init__(self):
        self.values = []

    def add(self, value):
        if value is not None:
            # BEGIN SOLUTION mean.add
            # TODO: Remember the value.
            self.values.append(value)
            # END SOLUTION mean.add

    def get(self):
        return np.mean(self.values)
