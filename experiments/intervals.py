"""Intervals of means over replicates, and how many replicates an interval of a wanted width takes."""

from __future__ import annotations

import math

import numpy as np
from scipy import stats

CONFIDENCE = 0.95
MOST_REPLICATES = 100_000  # no answer above it: that many runs tell that the target is out of reach


def interval(values: np.ndarray) -> tuple[float, float]:
    """The t interval of the mean of `values` (shape n); NaN for fewer than two of them."""
    half = half_width(values)
    mean = float(np.mean(values)) if len(values) else math.nan
    return mean - half, mean + half


def half_width(values: np.ndarray, confidence: float = CONFIDENCE) -> float:
    """Half the width of the t interval of the mean, in the unit of the values; NaN for fewer than two."""
    count = len(values)
    if count < 2:
        return math.nan
    spread = float(np.std(values, ddof=1))
    return float(stats.t.ppf(0.5 + confidence / 2.0, count - 1)) * spread / math.sqrt(count)


def replicates_for(spread: float, target: float) -> int | None:
    """The fewest replicates (2 or more) whose interval of the mean has a half-width of at most `target`.

    `spread` is the standard deviation of single runs, in the unit of `target`. None if it takes more than
    MOST_REPLICATES, or if the target is no positive number.
    """
    if not (target > 0.0 and math.isfinite(spread)):
        return None

    def enough(count: int) -> bool:
        quantile = float(stats.t.ppf(0.5 + CONFIDENCE / 2.0, count - 1))
        return quantile * spread / math.sqrt(count) <= target

    low, high = 1, 2  # `low` is too few, `high` is tried
    while not enough(high):
        low, high = high, 2 * high
        if low >= MOST_REPLICATES:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high if high <= MOST_REPLICATES else None
