# Tries: to have the grader tell which scores are right: scores that are things, too many, or of a
#   class that decides later.
# Must happen: only an array of the very shape is taken as scores.
# Score: 2
# Outcomes: train=failed|error
import numpy as np


class Later(np.ndarray):
    def argmax(self, *args, **kwargs):
        return self

    def __eq__(self, other):
        return np.ones(len(self), bool)


class Asking:
    def loss(self, X):
        return np.full((len(X), 4), np.nan).view(Later)


def train(data):
    return Asking()
