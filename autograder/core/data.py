"""The data that training checks use, in the trusted process.

The classes are numbered anew at random for every check: a model that was trained elsewhere does
not know the new numbers. The classes of the test images never leave the trusted process.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .values import ARRAY, describe, kind

#: The arrays in a file of data: images as integers, and their classes.
ARRAYS = ("X_train", "y_train", "X_val", "y_val", "X_test", "y_test")
#: How many images a model gets at a time.
_BATCH = 250

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Data:
    """Images (N, C, H, W), float32, with the mean training image subtracted, and their classes.

    Attributes:
        name: of the data set.
        arrays: images as X_train, X_val, X_test; classes (N,), int64, as y_train, y_val, y_test.
            Only the grader has the test images and their classes.
        classes: how many classes there are.
    """

    name: str
    arrays: Mapping[str, Array]
    classes: int

    def with_permuted_classes(self, rng: np.random.RandomState) -> Data:
        """The same data with the numbers of the classes permuted at random."""
        numbers = rng.permutation(self.classes)
        arrays = {k: numbers[v] if k.startswith("y_") else v for k, v in self.arrays.items()}
        return Data(self.name, arrays, self.classes)

    def for_student(self, count: int | None = None) -> dict[str, Array]:
        """What a student's code may have: training and validation images with their classes.

        Args:
            count: how many training images; None for all.
        """
        return {
            "X_train": self.arrays["X_train"][:count],
            "y_train": self.arrays["y_train"][:count],
            "X_val": self.arrays["X_val"],
            "y_val": self.arrays["y_val"],
        }

    def accuracy(self, predict: Callable[[Array], Any], part: str, count: int | None = None) -> Any:
        """The share of images that a model classifies correctly, 0 to 1.

        Args:
            predict: returns the scores (N, classes) of images, of floats.
            part: ``train``, ``val`` or ``test``.
            count: how many images, from the first; None for all.

        If `predict` returns something else, returns a sentence that says so, which earns nothing.
        """
        X, y = self.arrays[f"X_{part}"][:count], self.arrays[f"y_{part}"][:count]
        correct = 0
        for start in range(0, len(X), _BATCH):
            scores = predict(X[start : start + _BATCH])
            expected = (len(X[start : start + _BATCH]), self.classes)
            if kind(scores) != ARRAY or scores.dtype.kind != "f" or scores.shape != expected:
                return f"got {describe(scores)} from the model, expected scores of shape {expected}"
            correct += int(np.sum(np.argmax(scores, axis=1) == y[start : start + _BATCH]))
        return correct / len(X)


def read_data(name: str, content: bytes) -> Data:
    """Read a file of data: an .npz with `ARRAYS` of integers, and ``scale``, the images' factor.

    Raises ValueError or KeyError if it is damaged.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            scale = float(file["scale"].item())
            raw = {key: file[key] for key in ARRAYS}
    except (zipfile.BadZipFile, EOFError, AttributeError) as error:
        raise ValueError(f"it is no .npz: {error}") from None
    mean = raw["X_train"].astype(np.float64).mean(axis=0) * scale
    arrays = {}
    for key, array in raw.items():
        if key.startswith("y_"):
            arrays[key] = array.astype(np.int64)
        else:
            arrays[key] = (array * np.float32(scale) - mean.astype(np.float32)).astype(np.float32)
    return Data(name, arrays, int(max(raw["y_train"].max(), raw["y_test"].max())) + 1)
