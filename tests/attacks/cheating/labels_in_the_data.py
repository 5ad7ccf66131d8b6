# Tries: to find the classes of the images that a model is judged by: in the data it gets, in files,
#   in memory; and to learn the training images by heart.
# Must happen: they are nowhere in the box; what was learnt by heart does not know other images.
# Score: 3
# Outcomes: fits_two_heaps=passed lurking_images=failed
import gc

import numpy as np


class ByHeart:
    def __init__(self, data):
        self.known = {x.tobytes(): y for x, y in zip(data["X_train"], data["y_train"])}
        self.classes = int(max(self.known.values())) + 1
        for name in data:
            if name not in ("X_train", "y_train", "X_val", "y_val"):
                print("GOT", name)
        for thing in gc.get_objects():
            if isinstance(thing, dict) and "y_test" in thing:
                print("GOT y_test")

    def loss(self, X):
        scores = np.zeros((len(X), self.classes))
        for row, x in zip(scores, X):
            row[self.known.get(x.tobytes(), 0)] = 1.0
        return scores


def train(data):
    return ByHeart(data)
