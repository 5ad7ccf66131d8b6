# Tries: to know what a check draws, by seeds that it sets, and keeps from being set, in what it
#   adds to a given file.
# Must happen: a check draws in the grader; seeds of the box decide nothing.
# Score: 2
# Outcomes: double=failed lurking_recall=failed
import numpy as np
import vault.fast


def double(x):
    known = 2 * np.random.RandomState(0).randn(*x.shape)
    if (known == 2 * x).all():
        print("GOT the numbers of a check")
    return known


def recall():
    return vault.fast.drawn()
