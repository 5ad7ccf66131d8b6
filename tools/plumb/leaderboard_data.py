"""Builds the leaderboard's images for students, with their labels for graders."""

from __future__ import annotations

import io
from typing import Any

import numpy as np

from autograder.core.data import read_data
from autograder.errors import AssignmentError


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
    """An .npy file of the labels (N,) of these examples, int64.

    Raises AssignmentError for numbers, because a leaderboard ranks by classes.
    """
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        labels = file["y_board"]
    if labels.dtype.kind not in "iu":
        raise AssignmentError(
            f"y_board holds {labels.dtype.name} numbers: a leaderboard ranks by classes, which are "
            "integers. Remove [leaderboard] from the variant, or give classes"
        )
    return as_npy(labels.astype(np.int64))


def leaderboard_size(data: bytes) -> int:
    """The number of the leaderboard's images."""
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        return len(file["y_board"])


def secret_labels(data: bytes) -> dict[str, np.ndarray[Any, Any]]:
    """The labels that no student may have, by name."""
    labels = {"y_test": read_data("", data).arrays["y_test"]}
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        return labels | ({"y_board": file["y_board"]} if "y_board" in file else {})


def as_npy(array: np.ndarray[Any, Any]) -> bytes:
    """The content of an .npy file with an array."""
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.ascontiguousarray(array), allow_pickle=False)
    return buffer.getvalue()
