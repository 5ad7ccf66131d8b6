# Tries: to have every model counted as right, by what is added to the package's own file, which
#   runs before any module of it is imported: it replaces a given function of the data's classes,
#   and the functions of NumPy that could tell.
# Must happen: the check sees that the classes are not those that were given.
# Score: 2
# Outcomes: train=failed|error
import numpy as np


class Model:
    def loss(self, X):
        return np.tile([1.0, 0.0, 0.0, 0.0], (len(X), 1))


def train(data):
    if not np.any(data["y_train"]):
        print("GOT data of my own")
    return Model()
