"""How far an observation may be from the expected output: one table of named tolerances."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Tiers = tuple[tuple[float, float], ...]


def rel_error(x: Any, y: Any) -> float:
    """The largest relative difference, max abs(x - y) / max(1e-8, abs(x) + abs(y)).

    The measure of the course: x and y are arrays of one shape, or numbers. An empty array is 0.
    """
    errors = elementwise_error(np.asarray(x), np.asarray(y))
    return float(errors.max()) if errors.size else 0.0


def elementwise_error(x: np.ndarray[Any, Any], y: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """``rel_error`` before the maximum is taken; same shape as x and y, float64."""
    x, y = _widen(x), _widen(y)
    # Infinities are judged before this is called; here they must only not warn.
    with np.errstate(invalid="ignore", over="ignore"):
        return np.asarray(np.abs(x - y) / np.maximum(1e-8, np.abs(x) + np.abs(y)))


def normwise_error(x: np.ndarray[Any, Any], y: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Like ``elementwise_error``, but every difference is set against the largest element.

    Single precision leaves small elements of a sum with few right digits although the whole is
    right; set against the largest one, they are forgiven and a wrong element is not.
    """
    x, y = _widen(x), _widen(y)
    with np.errstate(invalid="ignore", over="ignore"):
        scale = max(1e-8, float(np.max(np.abs(x) + np.abs(y), initial=0.0)))
        return np.asarray(np.abs(x - y) / scale)


def _widen(x: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return x.astype(np.complex128 if x.dtype.kind == "c" else np.float64)


@dataclass(frozen=True)
class Tolerance:
    """Tiers of (largest error, share of the points), and how the error is measured.

    Attributes:
        tiers: in order of rising error; the first tier that holds gives the share.
        normwise: measure against the largest element instead of element by element.
    """

    tiers: Tiers
    normwise: bool = False

    def __post_init__(self) -> None:
        errors = [error for error, _ in self.tiers]
        shares = [share for _, share in self.tiers]
        if not self.tiers or errors != sorted(errors) or shares != sorted(shares, reverse=True):
            raise ValueError(f"tiers must rise in error and fall in share: {self.tiers}")
        if shares[0] != 1.0:
            raise ValueError(f"the first tier must earn all points: {self.tiers}")

    @property
    def widest(self) -> float:
        """The largest error that still earns full points."""
        return max((error for error, share in self.tiers if share >= 1.0), default=0.0)

    def errors(self, x: np.ndarray[Any, Any], y: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """The error of every element, in this tolerance's measure."""
        return normwise_error(x, y) if self.normwise else elementwise_error(x, y)

    def share(self, error: float) -> float:
        """The share of the points that an error of this size earns, 0 to 1."""
        return next((share for limit, share in self.tiers if error <= limit), 0.0)


EXACT = Tolerance(((0.0, 1.0),))
#: Right answers in double precision differ by rounding alone, some 1e-10 after a whole network.
FLOAT64 = Tolerance(((1e-6, 1.0),))
#: Right answers in single precision, whatever the order of their sums.
FLOAT32 = Tolerance(((1e-4, 1.0),), normwise=True)
