# Tries: to have every model counted as right, by code that runs before the check asks for the
#   data's classes: a module that is imported in what is added to their given file. It gives the
#   given module a class that has a property in the place of a given function.
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
