"""Faults of predictions for the leaderboard, so that students see them before they hand in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..core.errors import SubmissionError
from ..core.predictions import PredictionForm, read_predictions

_PATH = re.compile(r"output/phase_([1-9]\d?)/prediction\.npy")


def prediction_faults(board: Mapping[str, Any], files: Mapping[str, Path]) -> Iterator[str]:
    """What is wrong with the predictions among some files, a sentence for each fault.

    Args:
        board: how many ``phases`` there are; for classes, how many ``classes`` and ``images``
            (examples of any kind); for numbers to predict, the ``shape`` of these.
        files: all that are handed in, by their names in the archive.
    """
    form = _form(board)
    for name, path in files.items():
        if not name.endswith("prediction.npy"):
            continue
        path_match = _PATH.fullmatch(name)
        if path_match is None or int(path_match[1]) > board["phases"]:
            phases = " or ".join(f"output/phase_{n + 1}" for n in range(board["phases"]))
            yield f"{name} does not count there; predictions belong in {phases}"
            continue
        try:
            read_predictions(path.read_bytes(), form)
        except SubmissionError as error:
            yield f"{name} does not count: {error}"


def _form(board: Mapping[str, Any]) -> PredictionForm:
    if "shape" in board:
        return PredictionForm(tuple(board["shape"]))
    return PredictionForm((board["images"],), board["classes"])
