# Tries: to load a network that was trained at home, from files handed in beside the module.
# Must happen: only modules and notebooks are taken: there is no such file.
# Score: 2
# Outcomes: train=error
import os

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))


class Trained:
    def __init__(self):
        for name in ("weights.npy", "weights.npz", "weights.txt", "weights.pkl", "../weights.txt"):
            if os.path.exists(os.path.join(HERE, name)):
                print("GOT", name)
        self.centres = np.loadtxt(os.path.join(HERE, "weights.txt"))

    def loss(self, X):
        return -((X.reshape(len(X), 1, -1) - self.centres) ** 2).sum(axis=2)


def train(data):
    return Trained()
