"""How far an observation may be from the expected output, and the named tolerances."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Tiers = tuple[tuple[float, float], ...]


def rel_error(x: Any, y: Any) -> float:
    """The largest relative difference, max abs(x - y) / max(1e-8, abs(x) + abs(y)).

    This is the measure of the course. x and y are arrays of one shape, or numbers. For empty
    arrays it is 0.
    """
    errors = elementwise_error(np.asarray(x), np.asarray(y))
    return float(errors.max()) if errors.size else 0.0


def elementwise_error(x: np.ndarray[Any, Any], y: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The relative difference of every element, as in `rel_error`; shape of x and y, float64."""
    x, y = widened(x), widened(y)
    # Infinities are refused before this is called; here they must not cause warnings.
    with np.errstate(invalid="ignore", over="ignore"):
        return np.asarray(np.abs(x - y) / np.maximum(1e-8, np.abs(x) + np.abs(y)))


def normwise_error(x: np.ndarray[Any, Any], y: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The difference of every element, relative to the largest element; shape of x and y, float64.

    In single precision the small elements of a correct result have few correct digits. Measured
    against the largest element they pass, while a wrong element does not.
    """
    x, y = widened(x), widened(y)
    with np.errstate(invalid="ignore", over="ignore"):
        scale = max(1e-8, float(np.max(np.abs(x) + np.abs(y), initial=0.0)))
        return np.asarray(np.abs(x - y) / scale)


def widened(x: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The array in a type that can be subtracted; flags and unsigned integers cannot."""
    return x.astype(np.complex128 if x.dtype.kind == "c" else np.float64)


@dataclass(frozen=True)
class Tolerance:
    """Tiers of (largest error, share of the points), and how the error is measured.

    Attributes:
        tiers: in order of rising error; the first tier whose error is not exceeded gives the share.
        normwise: whether errors are relative to the largest element (`normwise_error`) instead of
            to each element (`elementwise_error`).

    Raises ValueError if the tiers are no pairs of numbers from 0 or not in order, or the first one
    does not earn all points.
    """

    tiers: Tiers
    normwise: bool = False

    def __post_init__(self) -> None:
        if not _are_pairs(self.tiers):
            raise ValueError(
                "tiers are pairs of (largest error, share of the points), numbers from 0, such as "
                f"((1e-6, 1.0), (1e-2, 0.5)); not {self.tiers!r}"
            )
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
        """The error of every element, measured as this tolerance says."""
        return normwise_error(x, y) if self.normwise else elementwise_error(x, y)

    def share(self, error: float) -> float:
        """The share of the points that an error of this size earns, 0 to 1."""
        return next((share for limit, share in self.tiers if error <= limit), 0.0)


def _are_pairs(tiers: Any) -> bool:
    return isinstance(tiers, (tuple, list)) and all(
        isinstance(tier, (tuple, list))
        and len(tier) == 2
        and all(isinstance(number, (int, float)) and number >= 0 for number in tier)
        for tier in tiers
    )


EXACT = Tolerance(((0.0, 1.0),))
#: For double precision: correct answers differ by rounding alone, 1e-10 after a whole network.
FLOAT64 = Tolerance(((1e-6, 1.0),))
#: For single precision: correct answers pass, in whatever order their sums are taken.
FLOAT32 = Tolerance(((1e-4, 1.0),), normwise=True)
