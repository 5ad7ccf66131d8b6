"""Builds the leaderboard's examples for students, with their labels for graders."""

from __future__ import annotations

import io
from typing import Any

import numpy as np

from autograder.core.data import read_data
from autograder.errors import AssignmentError

Array = np.ndarray[Any, Any]


def leaderboard_images(data: bytes) -> bytes:
    """An .npy file of the leaderboard's examples (N, ...), prepared like those for training.

    Args:
        data: the bytes of a data file with ``X_board`` and ``y_board``, see `core.data`.
    """
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        train, images = file["X_train"], file["X_board"]
        if "scale" not in file:
            return as_npy(images)
        scale = float(file["scale"].item())
    mean = train.astype(np.float64).mean(axis=0) * scale
    return as_npy((images * scale - mean).astype(np.float32))


def leaderboard_labels(data: bytes) -> bytes:
    """An .npy file of the labels of these examples, see `read_board_labels`."""
    return as_npy(read_board_labels(data))


def read_board_labels(data: bytes) -> Array:
    """The labels of the leaderboard's examples: classes (N,), int64, or numbers (N, ...), float64.

    Raises AssignmentError if it cannot be ranked by them.
    """
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        labels, trained = file["y_board"], file["y_train"]
    numbers = labels.dtype.kind == "f"
    if labels.dtype.kind not in "iuf" or numbers != (trained.dtype.kind == "f"):
        raise AssignmentError(
            f"y_board holds {labels.dtype.name} and y_train {trained.dtype.name}: give classes, "
            "which are integers, in both, or numbers to predict, which are floats"
        )
    if numbers and not np.isfinite(labels).all():
        raise AssignmentError("y_board holds a number that is not finite; leave its example out")
    held_out: Array = labels.astype(np.float64 if numbers else np.int64)
    return held_out


def secret_labels(data: bytes) -> dict[str, Array]:
    """The labels that no student may have, by name."""
    labels = {"y_test": read_data("", data).arrays["y_test"]}
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        return labels | ({"y_board": file["y_board"]} if "y_board" in file else {})


def as_npy(array: Array) -> bytes:
    """The content of an .npy file with an array."""
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.ascontiguousarray(array), allow_pickle=False)
    return buffer.getvalue()
