"""The leaderboard's files: the hidden labels in the harness, and ``leaderboard.json``."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np

from autograder.core.files import write_whole
from autograder.errors import HarnessError, UserError
from autograder.harness import Harness
from autograder.leaderboard.board import Board, Labels, are_numbers, new_board

BOARD_FILE = "leaderboard.json"


def read_labels(harness: Harness) -> Labels:
    """The harness's hidden labels. Raises UserError if it has no leaderboard."""
    rules = harness.manifest.leaderboard
    if rules is None:
        raise UserError("this variant has no leaderboard")
    try:
        labels = np.load(harness.leaderboard_labels, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise HarnessError(f"the leaderboard's labels: {error}; build the harness again") from None
    if isinstance(labels, np.ndarray) and labels.ndim and labels.size:
        if are_numbers(labels) and np.isfinite(labels).all():
            return labels.astype(np.float64)
        integers = labels.ndim == 1 and labels.dtype.kind in "iu"
        if integers and labels.min() >= 0 and labels.max() < rules.classes:
            return labels.astype(np.int64)
    raise HarnessError(
        f"the leaderboard's labels are neither integers from 0 to {rules.classes - 1} in a row "
        "nor finite floats; build the harness again"
    )


def open_board(folder: Path, labels: Labels) -> Board:
    """The board in a folder, or a new one.

    Raises UserError if it is damaged, or was made with other labels.
    """
    path = folder / BOARD_FILE
    empty = new_board(labels)
    try:
        board = msgspec.json.decode(path.read_bytes(), type=Board)
    except FileNotFoundError:
        return empty
    except msgspec.DecodeError as error:
        raise UserError(f"{path} is damaged ({error}); put back a copy, or move it away") from None
    fixed = ("format", "labels_sha256", "count", "numbers")
    if any(getattr(board, key) != getattr(empty, key) for key in fixed):
        raise UserError(
            f"{path} was made with other labels or by another version of Plumbline, so its scores "
            "cannot be compared with new ones; choose another folder"
        )
    return board


def save_board(folder: Path, board: Board) -> None:
    """Write the board's file, see `write_whole`."""
    data = msgspec.json.format(msgspec.json.encode(board), indent=1)
    write_whole(folder / BOARD_FILE, data + b"\n")
