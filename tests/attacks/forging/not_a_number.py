# Tries: to pass a comparison that is false for whatever is no number.
# Must happen: what is not finite is wrong.
# Score: 2
# Outcomes: double=failed lurking_treasure=failed
import numpy as np


def double(x):
    return x * np.nan


def secret():
    return np.full(4, np.inf), "", float("nan")
