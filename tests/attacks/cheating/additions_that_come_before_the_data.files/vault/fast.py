"""Given: what the exercise is about, done fast."""

import numpy as np


def quick(x):
    """The running sums of x (N,)."""
    return np.cumsum(x)


def heap_of(count):
    """The heap, 0 or 1, of each of so many things that are dealt out in turn."""
    return np.arange(count) % 2


from vault.mine import wait as wait
