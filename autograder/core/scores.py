"""Partial credit by a function of a check's author: observations in, a share of the points out."""

from __future__ import annotations

import numbers
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np

from .values import ARRAY, FRACTION, NUMBER, is_finite, kind

#: Takes a check's observations by name, and returns the share of the points, 0 to 1.
Score: TypeAlias = Callable[[Mapping[str, Any]], float]


def share_by(score: Score, observations: Mapping[str, Any]) -> tuple[float, str]:
    """The share that a score gives, and a sentence for staff if it gives none.

    The observations may be a submission's. The function gets a dictionary of its own; what it
    raises is part of the sentence. Whoever calls this bounds the time.
    """
    try:
        share = score(dict(observations))
        if not isinstance(share, (numbers.Real, np.bool_)):
            return 0.0, f"score= returned an object of type {type(share).__name__}, no number"
        if not 0 <= float(share) <= 1:
            return 0.0, f"score= returned {float(share):g}, which is not from 0 to 1"
    except Exception as error:  # an author's function may raise anything
        return 0.0, f"score= raised {type(error).__name__}: {error}"[:1000]
    return float(share), ""


def unlike(observed: Any, expected: Any) -> bool:
    """Whether an observation cannot be given to a score: of another kind, or not finite.

    A function that was written for a number would break on a text, and may take a NaN for right.
    """
    found, wanted = kind(observed), kind(expected)
    if found != wanted and (found, wanted) != (FRACTION, NUMBER):
        return True
    if found == ARRAY and np.ndim(observed) != np.ndim(expected):
        return True
    return not is_finite(observed)
