"""Intervals of means over replicates and of differences over pairs of runs that share their luck.

Two worlds run under the same seeds differ run by run by what the change does; what luck did to both cancels out
(common random numbers; Law and Kelton 1991, chapter 11).
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
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

    counts = range(2, MOST_REPLICATES + 1)
    place = bisect_left(counts, True, key=enough)
    return counts[place] if place < len(counts) else None


def weighted_quantiles(values: np.ndarray, weights: np.ndarray, shares: Sequence[float]) -> np.ndarray:
    """Weighted quantiles of a column, such that what lies between two of them holds a further draw as often as it says
    (Weibull's positions: of n points of equal weight the i-th lies at i / (n + 1)). Beyond what so many points can tell
    it stays at the outermost of them: half a point's weight from the end, so that one of no weight is never it.
    """
    order = np.argsort(values, kind="stable")
    squared = float((weights**2).sum())
    if not squared > 0.0:
        return np.full(len(shares), np.nan)
    worth = 1.0 / squared
    below = np.cumsum(weights[order]) - 0.5 * weights[order]
    places = (np.asarray(shares) * (worth + 1.0) - 0.5) / worth
    half = min(0.5, 0.5 / worth)
    return np.interp(np.clip(places, half, 1.0 - half), below, values[order])


RESAMPLES = 2000
LEAST_PAIRS = 6  # fewer are too few to be drawn from again
EQUAL = 1e-12  # differences this small beside the values are rounding


@dataclass(frozen=True)
class Paired:
    """The mean difference `other` - `first` over `n` pairs of runs; all in the outcome's unit.

    `first`, `other`: means over the pairs. `low`, `high`: ends of the t interval of the mean difference
    (n - 1 degrees of freedom; NaN for fewer than two pairs). `variance`: of the differences; `of_first`: of the first's
    runs; `unpaired`: what the former would be if the two runs of a pair had luck of their own, the sum of both
    variances (unit squared).
    """

    n: int
    first: float
    other: float
    change: float
    low: float
    high: float
    variance: float
    of_first: float
    unpaired: float

    @property
    def variance_reduction_factor(self) -> float:
        """How many times as many replicates without shared luck would give the same interval.

        unpaired / variance: an interval's width goes with the root of variance over number of pairs. Infinite where
        the difference is the same in all pairs, NaN where luck plays no part at all or n is below 2. Below 1, sharing
        does harm.
        """
        if self.variance > 0.0:
            return self.unpaired / self.variance
        return math.inf if self.unpaired > 0.0 else math.nan

    @property
    def clear(self) -> bool:
        """Whether the interval leaves zero out: the sign of the difference is decided."""
        return self.low > 0.0 or self.high < 0.0

    @property
    def none_at_all(self) -> bool:
        """Whether the two are equal in every pair."""
        return self.n > 0 and self.change == 0.0 and self.variance == 0.0


def paired(first: ArrayLike, other: ArrayLike) -> Paired:
    """Compare two outcomes pair by pair; both of shape (pairs,), in the same unit and order of seeds.

    A pair in which either is NaN does not count. Differences within rounding of the values are taken for none, and
    those within rounding of each other for the same.
    Errors: ValueError if the shapes differ.
    """
    a, b = np.asarray(first, float), np.asarray(other, float)
    if a.shape != b.shape or a.ndim != 1:
        raise ValueError(f"pairs need two values each: {a.shape} beside {b.shape}")
    known = ~(np.isnan(a) | np.isnan(b))
    a, b = a[known], b[known]
    if not len(a):
        return Paired(0, *[math.nan] * 8)
    change = b - a
    rounding = EQUAL * np.maximum(np.abs(a), np.abs(b))
    change[np.abs(change) <= rounding] = 0.0
    if np.ptp(change) <= rounding.max():  # the same in every pair
        change[:] = change[0]
    low, high = interval(change)
    return Paired(
        n=len(a),
        first=float(a.mean()),
        other=float(b.mean()),
        change=float(change.mean()),
        low=low,
        high=high,
        variance=_variance(change),
        of_first=_variance(a),
        unpaired=_variance(a) + _variance(b),
    )


def paired_by_seed(first: pd.DataFrame, other: pd.DataFrame) -> dict[str, Paired]:
    """Compare the outcomes (columns) of two worlds over the seeds (index) that both have; nothing without any."""
    seeds = [seed for seed in first.index if seed in other.index]
    columns = first.columns if seeds else ()
    return {name: paired(first.loc[seeds, name], other.loc[seeds, name]) for name in columns}


def interval_of_reduction(first: ArrayLike, other: ArrayLike) -> tuple[float, float]:
    """The interval of `Paired.variance_reduction_factor` by bootstrap over pairs, the same each time.

    The ratio of two variances is uncertain while pairs are few. NaN for fewer than LEAST_PAIRS pairs, or where the
    ratio is none or infinite.
    """
    a, b = np.asarray(first, float), np.asarray(other, float)
    factor = paired(a, b).variance_reduction_factor
    known = ~(np.isnan(a) | np.isnan(b))
    a, b = a[known], b[known]
    if len(a) < LEAST_PAIRS or not math.isfinite(factor):
        return math.nan, math.nan

    def ratio(a: np.ndarray, b: np.ndarray, axis: int) -> np.ndarray:
        spread = np.var(b - a, axis=axis, ddof=1)
        both = np.var(a, axis=axis, ddof=1) + np.var(b, axis=axis, ddof=1)
        return np.divide(both, spread, where=spread > 0, out=np.full_like(spread, math.inf))

    with np.errstate(invalid="ignore"):  # a draw of one pair alone has no spread
        how: dict[str, Any] = {"paired": True, "vectorized": True, "method": "percentile"}
        how |= {"n_resamples": RESAMPLES, "confidence_level": CONFIDENCE, "rng": np.random.default_rng(0)}
        found = stats.bootstrap((a, b), ratio, **how).confidence_interval
    return float(found.low), float(found.high)


def _variance(values: np.ndarray) -> float:
    """Between runs; NaN for fewer than two, and exactly 0 where all are equal."""
    if len(values) < 2:
        return math.nan
    return 0.0 if (values == values[0]).all() else float(values.var(ddof=1))
