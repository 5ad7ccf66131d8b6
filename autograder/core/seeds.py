"""The global random generators, seeded the same wherever a student's code runs."""

from __future__ import annotations

import random

# NumPy imports it only when it is used. A runner has it before it forks because it is named here.
import numpy.random

#: The seed before the first cell of a notebook. Each check has its own seed, but what the cells
#: draw must be the same in all of them, and in the trial.
CELLS_SEED = 0


def set_seeds(seed: int) -> None:
    """Seed the generators of Python and of NumPy."""
    random.seed(seed)
    numpy.random.seed(seed)
