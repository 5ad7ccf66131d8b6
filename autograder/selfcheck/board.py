"""Faults of predictions for the leaderboard, so that students see them before they hand in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..core.errors import SubmissionError
from ..core.predictions import read_predictions

_PATH = re.compile(r"output/phase_([1-9]\d?)/prediction\.npy")


def prediction_faults(board: Mapping[str, Any], files: Mapping[str, Path]) -> Iterator[str]:
    """What is wrong with the predictions among some files, a sentence for each fault.

    Args:
        board: how many ``phases``, ``classes`` and ``images`` there are.
        files: all that are handed in, by their names in the archive.
    """
    for name, path in files.items():
        if not name.endswith("prediction.npy"):
            continue
        path_match = _PATH.fullmatch(name)
        if path_match is None or int(path_match[1]) > board["phases"]:
            phases = " or ".join(f"output/phase_{n + 1}" for n in range(board["phases"]))
            yield f"{name} does not count there; predictions belong in {phases}"
            continue
        try:
            read_predictions(path.read_bytes(), board["images"], board["classes"])
        except SubmissionError as error:
            yield f"{name} does not count: {error}"
