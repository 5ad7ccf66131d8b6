"""Builds the leaderboard's images for students, with their labels for graders."""

from __future__ import annotations

import io
from typing import Any

import numpy as np

from autograder.core.data import read_data


def leaderboard_images(data: bytes) -> bytes:
    """An .npy file of float32 images (N, C, H, W), prepared like the training images.

    Args:
        data: the bytes of a data file with ``X_board`` and ``y_board``, see `core.data`.
    """
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        scale, train, images = float(file["scale"].item()), file["X_train"], file["X_board"]
    mean = train.astype(np.float64).mean(axis=0) * scale
    return _npy((images * scale - mean).astype(np.float32))


def leaderboard_labels(data: bytes) -> bytes:
    """An .npy file of the labels (N,) of these images, int64."""
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        return _npy(file["y_board"].astype(np.int64))


def leaderboard_size(data: bytes) -> int:
    """The number of the leaderboard's images."""
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        return len(file["y_board"])


def secret_labels(data: bytes) -> dict[str, np.ndarray[Any, Any]]:
    """The labels that no student may have, by name."""
    labels = {"y_test": read_data("", data).arrays["y_test"]}
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        return labels | ({"y_board": file["y_board"]} if "y_board" in file else {})


def _npy(array: np.ndarray[Any, Any]) -> bytes:
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.ascontiguousarray(array), allow_pickle=False)
    return buffer.getvalue()
