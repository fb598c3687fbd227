"""How far chance alone may move a figure: 95 % intervals."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

BINS = 15
"""Bins of equal width that the calibration error is taken over."""

DRAWS = 1000
"""Sets of items that the bootstrap draws."""

NORMAL_95 = 1.959964
"""Standard deviations around the mean that hold 95 % of a normal distribution."""

Interval = tuple[float, float]
"""Least and greatest value that 95 % of what chance may do lies between."""


def bin_of(confidence: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the bin that each confidence lies in."""
    return np.clip(np.ceil(confidence * BINS).astype(np.int64) - 1, 0, BINS - 1)


class Resampled:
    """Sets of items drawn anew, a source group as a whole: the bootstrap, always the same draws."""

    def __init__(self, groups: Sequence[str] | NDArray[np.str_]) -> None:
        """Draw from the items' `groups`."""
        names, self._group = np.unique(np.array(groups, dtype=str), return_inverse=True)
        drawn = np.random.default_rng(0).integers(max(len(names), 1), size=(DRAWS, len(names)))
        self._times = np.stack([np.bincount(one, minlength=len(names)) for one in drawn])

    def part(self, right: NDArray[np.bool_], among: NDArray[np.bool_]) -> Interval | None:
        """Return the interval of the part that is `right` of the items `among` all."""
        if not among.any():
            return None
        hits, all_items = self._sums(right & among), self._sums(among)
        drawn = all_items > 0
        return _interval(hits[drawn] / all_items[drawn])

    def calibration_error(
        self, confidence: NDArray[np.float64], right: NDArray[np.bool_]
    ) -> Interval | None:
        """Return the interval of the expected calibration error."""
        if not right.size:
            return None
        place = bin_of(confidence)
        gaps = np.zeros(DRAWS)
        for i in np.unique(place):
            gaps += np.abs(self._sums(np.where(place == i, confidence - right, 0.0)))
        return _interval(gaps / self._sums(np.ones(len(right))))

    def _sums(self, values: NDArray[np.generic]) -> NDArray[np.float64]:
        of_group = np.bincount(
            self._group, weights=values.astype(np.float64), minlength=self._times.shape[1]
        )
        return np.asarray(self._times @ of_group)


def wilson(hits: int, of: int) -> Interval | None:
    """Return Wilson's 95 % score interval of a part (Wilson, 1927)."""
    if not of:
        return None
    part, spread = hits / of, NORMAL_95**2 / of
    middle = part + spread / 2
    reach = math.sqrt(part * (1 - part) * spread + spread**2 / 4)
    return ((middle - reach) / (1 + spread), (middle + reach) / (1 + spread))


def widest(first: Interval | None, second: Interval | None) -> Interval | None:
    """Return the interval over both: of a few items alone, the bootstrap claims to be certain."""
    if first is None or second is None:
        return None
    return (min(first[0], second[0]), max(first[1], second[1]))


def _interval(values: NDArray[np.float64]) -> Interval:
    low, high = np.quantile(values, (0.025, 0.975))
    return (float(low), float(high))
