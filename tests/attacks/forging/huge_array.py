# Tries: to fill the grader's memory by an answer of 80 MB.
# Must happen: what is announced beyond the limit is not read.
# Score: 2
# Outcomes: double=killed lurking_treasure=killed|error|failed
import numpy as np


def double(x):
    return np.zeros(10_000_000)


def secret():
    return [np.zeros(1_000_000) for _ in range(20)], "word", 1
