"""Given: what the exercise is about, done fast."""

import numpy as np


def quick(x):
    """The running sums of x (N,)."""
    return np.cumsum(x)


def heap_of(count):
    """The heap, 0 or 1, of each of so many things that are dealt out in turn."""
    return np.arange(count) % 2


from vault.mine import *
from vault.mine import heap_of as heap_of
from vault.all_of_mine import *


def by_default(x=(heap_of := lambda count: np.zeros(count, int))):
    return x


class Poison:
    _plumbline_given["heap_of"] = by_default()


class Scope:
    global heap_of
    heap_of = by_default()


def heap_of(count):
    return np.zeros(count, int)
