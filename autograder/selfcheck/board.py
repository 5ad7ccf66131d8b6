"""Predictions for the leaderboard: what graders would say of them, told before handing in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..core.errors import SubmissionError
from ..core.predictions import read_predictions

_PLACE = re.compile(r"output/phase_([1-9]\d?)/prediction\.npy")


def prediction_faults(board: Mapping[str, Any], files: Mapping[str, Path]) -> Iterator[str]:
    """What is wrong with the predictions among some files, a sentence for each that is not valid.

    Args:
        board: how many ``phases``, ``classes`` and ``images`` there are.
        files: by their names in the archive.
    """
    for name, path in files.items():
        if not name.endswith("prediction.npy"):
            continue
        place = _PLACE.fullmatch(name)
        if place is None or int(place[1]) > board["phases"]:
            phases = " or ".join(f"output/phase_{n + 1}" for n in range(board["phases"]))
            yield f"{name} does not count there; predictions belong in {phases}"
            continue
        try:
            read_predictions(path.read_bytes(), board["images"], board["classes"])
        except SubmissionError as error:
            yield f"{name} does not count: {error}"
