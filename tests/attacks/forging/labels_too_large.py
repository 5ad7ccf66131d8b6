# Tries: to make the check fail by itself, in plain Python: the labels that the check numbers anew
#     are the model's, and are too large for its table of numbers.
# Must happen: the check is failed, since the code has answered; it is never "not graded".
# Score: 2
# Outcomes: train=failed
import numpy as np


class Model:
    def loss(self, X):
        return np.tile(np.arange(1000.0), (len(X), 1))


def train(data):
    return Model()
