# Tries: to hand in a network that was trained at home as numbers in the module.
# Must happen: the classes are renamed at random for every check: it does not know their names.
# Score: 2
# Outcomes: train=failed|error
import numpy as np

CENTRES = np.array(
    [
        [212, 87, 157, 107, 143, 49, 61, 76, 127, 110, 128, 180, 98, 79, 127, 214],
        [128, 121, 205, 65, 117, 112, 49, 188, 155, 119, 215, 122, 139, 69, 187, 187],
        [182, 207, 72, 49, 167, 72, 71, 191, 203, 154, 68, 74, 168, 168, 204, 93],
        [173, 78, 57, 119, 172, 145, 82, 71, 160, 41, 105, 209, 97, 75, 142, 159],
    ]
)


class Trained:
    def loss(self, X):
        flat = X.reshape(len(X), -1)
        flat = flat - flat.mean(axis=0)
        centres = CENTRES - CENTRES.mean(axis=0)
        return -((flat[:, None] - centres) ** 2).sum(axis=2).astype(float)


def train(data):
    return Trained()
