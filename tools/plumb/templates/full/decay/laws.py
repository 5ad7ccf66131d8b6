"""The law of decay, and a sample that obeys it."""

import numpy as np


def share_left(hours, rate):
    """The share that is left after some hours: a number, or an array of them."""
    # BEGIN SOLUTION
    # TODO: use NumPy, so that hours may be an array.
    return np.exp(-rate * np.asarray(hours))
    # END SOLUTION


def half_life(share, longest):
    """The hours, to 1e-9, until a half is left, if share(hours) is left after some hours.

    It is less than the longest.
    """
    # BEGIN SOLUTION
    shortest = 0.0
    while longest - shortest > 1e-9:
        middle = (shortest + longest) / 2
        if share(middle) > 0.5:
            shortest = middle
        else:
            longest = middle
    return (shortest + longest) / 2
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
