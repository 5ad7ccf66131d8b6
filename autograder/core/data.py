"""The data that training checks use, in the trusted process.

The classes are numbered anew at random for every check: a model that was trained elsewhere does
not know the new numbers. What belongs to the test examples never leaves the trusted process.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .errors import CheckError
from .values import ARRAY, describe, kind

#: The arrays in a file of data: examples, and their classes or numbers to predict.
ARRAYS = ("X_train", "y_train", "X_val", "y_val", "X_test", "y_test")
#: How many examples a model gets at a time.
_BATCH = 250

#: In the place of an error that no number can hold.
_LARGEST = np.finfo(np.float64).max

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Data:
    """Examples (N, ...) of any shape, and the class or the number that belongs to each.

    Attributes:
        name: of the data set.
        arrays: examples as X_train, X_val, X_test; as y_train, y_val, y_test classes (N,), int64,
            or numbers (N, ...), float64, that are to be predicted. Only the grader has the test
            examples and what belongs to them.
        classes: how many classes there are; 0 if numbers are to be predicted.
    """

    name: str
    arrays: Mapping[str, Array]
    classes: int

    def with_permuted_classes(self, rng: np.random.RandomState) -> Data:
        """The same data with the numbers of the classes permuted at random, if there are any."""
        if not self.classes:
            return self
        numbers = rng.permutation(self.classes)
        arrays = {k: numbers[v] if k.startswith("y_") else v for k, v in self.arrays.items()}
        return Data(self.name, arrays, self.classes)

    def for_student(self, count: int | None = None) -> dict[str, Array]:
        """What a student's code may have: training and validation examples.

        Args:
            count: how many training examples; None for all.
        """
        return {
            "X_train": self.arrays["X_train"][:count],
            "y_train": self.arrays["y_train"][:count],
            "X_val": self.arrays["X_val"],
            "y_val": self.arrays["y_val"],
        }

    def accuracy(self, predict: Callable[[Array], Any], part: str, count: int | None = None) -> Any:
        """The share of examples that a model classifies correctly, 0 to 1.

        Args:
            predict: returns the scores (N, classes) of examples, of floats.
            part: ``train``, ``val`` or ``test``.
            count: how many examples, from the first; None for all.

        If `predict` returns something else, returns a sentence that says so, which earns nothing.
        Raises CheckError for data without classes.
        """
        if not self.classes:
            raise CheckError(f"{self.name} has no classes; measure its error: data.error(...)")
        X, y = self.arrays[f"X_{part}"][:count], self.arrays[f"y_{part}"][:count]
        correct = 0
        for start in range(0, len(X), _BATCH):
            scores = predict(X[start : start + _BATCH])
            expected = (len(X[start : start + _BATCH]), self.classes)
            if kind(scores) != ARRAY or scores.dtype.kind != "f" or scores.shape != expected:
                return f"got {describe(scores)} from the model, expected scores of shape {expected}"
            correct += int(np.sum(np.argmax(scores, axis=1) == y[start : start + _BATCH]))
        return correct / len(X)

    def error(self, predict: Callable[[Array], Any], part: str, count: int | None = None) -> Any:
        """The root of the mean squared error of a model that predicts numbers.

        Args:
            predict: returns an array of floats of the shape of the numbers for these examples.
            part, count: as for `accuracy`.

        If `predict` returns something else, returns a sentence that says so, which earns nothing.
        Raises CheckError for data with classes.
        """
        if self.classes:
            raise CheckError(f"{self.name} has classes; measure its accuracy: data.accuracy(...)")
        X, y = self.arrays[f"X_{part}"][:count], self.arrays[f"y_{part}"][:count]
        squares = 0.0
        for start in range(0, len(X), _BATCH):
            got, wanted = predict(X[start : start + _BATCH]), y[start : start + _BATCH]
            if kind(got) != ARRAY or got.dtype.kind != "f" or got.shape != wanted.shape:
                return (
                    f"got {describe(got)} from the model, expected floats of shape {wanted.shape}"
                )
            if not np.all(np.isfinite(got)):
                return "got numbers that are not finite from the model"
            squares += squared_error(got, wanted)
        return root_of_mean(squares, y.size)


def squared_error(got: Array, wanted: Array) -> float:
    """The sum of the squared errors of finite numbers; infinite if no number can hold it."""
    with np.errstate(over="ignore"):
        return float(np.sum((got.astype(np.float64) - wanted) ** 2))


def root_of_mean(squares: float, count: int) -> float:
    """The root of the mean of `count` squares that have this sum; finite for an infinite one."""
    return float(np.sqrt(squares / count)) if np.isfinite(squares) else float(_LARGEST)


def read_data(name: str, content: bytes) -> Data:
    """Read a file of data: an .npz with `ARRAYS`.

    Classes are integers; floats are numbers to predict. With ``scale``, the examples are multiplied
    by it, and the mean training example is subtracted, as float32; without it they stay as they
    are.

    Raises ValueError or KeyError if it is damaged.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            scale = float(file["scale"].item()) if "scale" in file else None
            raw = {key: file[key] for key in ARRAYS}
    except (zipfile.BadZipFile, EOFError, AttributeError) as error:
        raise ValueError(f"it is no .npz: {error}") from None
    numbers = raw["y_train"].dtype.kind == "f"
    arrays = {}
    for key, array in raw.items():
        if key.startswith("y_"):
            arrays[key] = array.astype(np.float64 if numbers else np.int64)
        else:
            arrays[key] = prepared(array, raw["X_train"], scale)
    classes = 0 if numbers else int(max(raw["y_train"].max(), raw["y_test"].max())) + 1
    return Data(name, arrays, classes)


def prepared(examples: Array, train: Array, scale: float | None) -> Array:
    """Examples as a model gets them; see `read_data`.

    Args:
        train: the training examples.
    """
    if scale is None:
        return examples
    mean = train.astype(np.float64).mean(axis=0) * scale
    centred: Array = examples * np.float32(scale) - mean.astype(np.float32)
    return centred.astype(np.float32)
