"""The global random generators, seeded the same wherever a student's code runs."""

from __future__ import annotations

import random

# NumPy imports it only when it is used. A runner has it before it forks because it is named here.
import numpy.random


def set_seeds(seed: int) -> None:
    """Seed the generators of Python and of NumPy."""
    random.seed(seed)
    numpy.random.seed(seed)
