# Tries: to be compared with everything at once: shapes that NumPy would stretch.
# Must happen: only the very shape is right.
# Score: 2
# Outcomes: double=failed
import numpy as np


def double(x):
    return (2 * x)[np.newaxis]
