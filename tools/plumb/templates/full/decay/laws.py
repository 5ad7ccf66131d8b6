"""The law of decay, and a sample that obeys it."""

import numpy as np


def share_left(hours, rate):
    """The share that is left after some hours: a number, or an array of them."""
    # BEGIN SOLUTION
    # TODO: use NumPy, so that hours may be an array.
    return np.exp(-rate * np.asarray(hours))
    # END SOLUTION


class Sample:
    """A number of atoms that decay."""

    def __init__(self, atoms, rate):
        self.atoms = atoms
        self.rate = rate

    # The id of a region in a method is class and method: sample.wait, of the question sample.
    def wait(self, hours):
        """Let hours go by; returns how many atoms are left."""
        # BEGIN SOLUTION
        self.atoms = self.atoms * share_left(hours, self.rate)
        return self.atoms
        # END SOLUTION


def scale(counts, factor):
    """Multiply an array of counts by a factor, in place."""
    # BEGIN SOLUTION
    counts *= factor
    # END SOLUTION
