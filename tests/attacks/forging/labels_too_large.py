# Tries: to make the check fail by itself, in plain Python: the labels that the check numbers anew
#     come from given code, and are 1,000 too large for its table of numbers.
# Must happen: the check is failed, since the code has answered; it is never "not graded".
# Score: 2
# Outcomes: train=failed
import numpy as np
from vault import fast

heap_of = fast.heap_of


class Model:
    def loss(self, X):
        return np.zeros((len(X), 2))


def train(data):
    fast.heap_of = lambda count: heap_of(count) + 1000
    return Model()
