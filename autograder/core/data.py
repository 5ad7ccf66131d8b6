"""The data that training checks are run on, in the trusted process.

The classes are renamed at random for every check: a model that was trained elsewhere and saved
does not know the new names. The classes of the images that a model is judged by never leave here.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .values import ARRAY, describe, kind

#: What a file of data holds: images as integers, their classes, and the factor of the images.
ARRAYS = ("X_train", "y_train", "X_val", "y_val", "X_test", "y_test")
#: Images are sent through a model so many at a time.
_BATCH = 250

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Data:
    """Images (N, C, H, W) of float32 with the mean training image taken off, and their classes.

    Attributes:
        name: of the data set.
        arrays: X_train, y_train, X_val, y_val, and X_test, y_test that only the grader has.
        classes: how many there are.
    """

    name: str
    arrays: Mapping[str, Array]
    classes: int

    def renamed(self, rng: np.random.RandomState) -> Data:
        """The same data with the classes' numbers exchanged at random."""
        names = rng.permutation(self.classes)
        arrays = {k: names[v] if k.startswith("y_") else v for k, v in self.arrays.items()}
        return Data(self.name, arrays, self.classes)

    def given(self, count: int | None = None) -> dict[str, Array]:
        """What a student's code may have: training and validation images with their classes.

        Args:
            count: only so many training images.
        """
        return {
            "X_train": self.arrays["X_train"][:count],
            "y_train": self.arrays["y_train"][:count],
            "X_val": self.arrays["X_val"],
            "y_val": self.arrays["y_val"],
        }

    def accuracy(self, predict: Callable[[Array], Any], part: str, count: int | None = None) -> Any:
        """The share of images that a model classifies rightly.

        Args:
            predict: gives the scores (N, classes) of images.
            part: ``train``, ``val`` or ``test``.
            count: only the first so many.

        What is no array of scores is returned as it is, to be judged wrong.
        """
        X, y = self.arrays[f"X_{part}"][:count], self.arrays[f"y_{part}"][:count]
        right = 0
        for start in range(0, len(X), _BATCH):
            scores = predict(X[start : start + _BATCH])
            wanted = (len(X[start : start + _BATCH]), self.classes)
            if kind(scores) != ARRAY or scores.dtype.kind != "f" or scores.shape != wanted:
                return f"the model gave {describe(scores)}, not scores of shape {wanted}"
            right += int(np.sum(np.argmax(scores, axis=1) == y[start : start + _BATCH]))
        return right / len(X)


def read_data(name: str, content: bytes) -> Data:
    """Read a file of data: an .npz with `ARRAYS` of integers and a number ``scale``.

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
