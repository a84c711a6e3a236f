"""Design points set side by side: means with intervals, spreads of runs, differences, and whether n is enough."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from ..intervals import CONFIDENCE, half_width, interval, replicates_for
from ..paired import paired
from .reading import Numbers

SPREAD, OF_MEAN = "spread of runs", "95% interval of the mean"
PAIRED, UNPAIRED = "95% interval of the mean paired difference", "95% interval of the difference of means"
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
OF_A_MEAN, OF_A_SHARE, OF_A_DIFFERENCE = 0.05, 0.01, 0.25  # what half a width may be, if nobody says


def estimates(numbers: Numbers) -> pd.DataFrame:
    """A row a design point: point, outcome, label, unit, what `estimate` says of its runs, and band (of low, high)."""
    words = {"outcome": numbers.outcome, "label": numbers.label, "unit": numbers.unit}
    rows = [
        {"point": point, **words, **estimate(row.to_numpy(dtype=float)), "band": OF_MEAN}
        for point, row in numbers.wide.iterrows()
    ]
    return pd.DataFrame(rows)


def estimate(values: np.ndarray) -> dict[str, float]:
    """n, mean, low and high (its t interval), q05, q25, q50, q75, q95 of the values that are known."""
    known = values[~np.isnan(values)]
    low, high = interval(known)
    spread = np.quantile(known, QUANTILES) if len(known) else np.full(len(QUANTILES), math.nan)
    return {
        "n": len(known),
        "mean": float(known.mean()) if len(known) else math.nan,
        "low": low,
        "high": high,
        **{f"q{round(100 * q):02d}": float(value) for q, value in zip(QUANTILES, spread, strict=True)},
    }


def differences(numbers: Numbers, against: int) -> pd.DataFrame:
    """A row a design point other than `against`: what it has more than that one, with its interval.

    Columns: point, against, label, unit, n, difference, low, high, variance_ratio, band. Where replicates share
    their luck, the difference is taken replicate by replicate, and `variance_ratio` is the variance that it would
    have unpaired over the one it has: how many times fewer replicates are needed (NaN if not paired).
    """
    rows = []
    base = numbers.runs_of(against)
    for point in numbers.points:
        if point == against:
            continue
        row = numbers.runs_of(point)
        found = _paired(row, base) if numbers.shared else _unpaired(row, base)
        words = {"outcome": numbers.outcome, "label": numbers.label, "unit": numbers.unit}
        rows.append({"point": point, "against": against, **words, **found})
    return pd.DataFrame(rows)


def _paired(one: pd.Series, other: pd.Series) -> Mapping[str, object]:
    found = paired(other.to_numpy(dtype=float), one.to_numpy(dtype=float))
    return {
        "n": found.n,
        "difference": found.change,
        "low": found.low,
        "high": found.high,
        "variance_ratio": found.worth if math.isfinite(found.worth) else math.nan,
        "band": PAIRED,
    }


def _unpaired(one: pd.Series, other: pd.Series) -> Mapping[str, object]:
    """Welch's interval."""
    first, second = one.dropna().to_numpy(dtype=float), other.dropna().to_numpy(dtype=float)
    count = min(len(first), len(second))
    mean = float(first.mean() - second.mean()) if count else math.nan
    low = high = math.nan
    if count > 1:
        parts = first.var(ddof=1) / len(first), second.var(ddof=1) / len(second)
        variance = parts[0] + parts[1]
        half = 0.0
        if variance > 0.0:
            freedom = variance**2 / (parts[0] ** 2 / (len(first) - 1) + parts[1] ** 2 / (len(second) - 1))
            half = float(stats.t.ppf(0.5 + CONFIDENCE / 2.0, freedom)) * math.sqrt(variance)
        low, high = mean - half, mean + half
    return {
        "n": count,
        "difference": mean,
        "low": low,
        "high": high,
        "variance_ratio": math.nan,
        "band": UNPAIRED,
    }


@dataclass(frozen=True)
class Verdict:
    """Whether there are enough replicates: the half-width that an interval has, and the one that it should have.

    `what` is the quantity, `criterion` how well it should be known, in words; `more` is about how many more replicates
    a point would do (0 if enough, None if no number within reach does).
    """

    what: str
    criterion: str
    n: int
    half: float
    target: float
    more: int | None

    @property
    def enough(self) -> bool:
        return self.more == 0

    @property
    def words(self) -> str:
        """One clause for a subtitle: n, enough or not, by what criterion."""
        if self.n < 2:
            return f"n = {self.n} a point, so that no interval can be told"
        if self.enough:
            return f"n = {self.n} a point: enough ({self.what} is known within {self.criterion})"
        if self.more is None:
            lacking = f"no number within reach would make {self.what} known within {self.criterion}"
        else:
            lacking = f"about {self.more:,} more would make {self.what} known within {self.criterion}"
        return f"n = {self.n} a point: not enough; {lacking}"


def verdict(numbers: Numbers, target: float | None = None) -> Verdict:
    """Judge the replicates by the 95% interval that matters most.

    Of one point: that of its mean, whose half-width should be at most 5% of the mean, or one percentage point of a
    share. Of several: that of the difference between the two points furthest apart (paired where they share their
    luck), at most a quarter of the difference. `target` (in the outcome's unit) overrules both.
    """
    means = numbers.wide.mean(axis=1).dropna()
    if len(means) < 2:
        values = numbers.wide.to_numpy(dtype=float).ravel()
        return _of_mean(values[~np.isnan(values)], numbers.unit, target)
    bottom, top = numbers.extremes()
    found = differences(numbers.of([bottom, top]), bottom).iloc[0]
    half, count = float(found["high"] - found["difference"]), int(found["n"])
    wanted = OF_A_DIFFERENCE * float(found["difference"]) if target is None else target
    criterion = "a quarter of itself" if target is None else f"{target:.3g} {numbers.unit}"
    # The spread of one pair, from the width of the interval; Welch's for unpaired ones alike.
    spread = (
        half * math.sqrt(count) / float(stats.t.ppf(0.5 + CONFIDENCE / 2.0, count - 1))
        if count > 1
        else math.nan
    )
    return _judged("the largest difference", criterion, count, half, wanted, spread)


def _of_mean(values: np.ndarray, unit: str, target: float | None) -> Verdict:
    count = len(values)
    if target is not None:
        criterion, wanted = f"{target:.3g} {unit}", target
    elif unit.startswith("share"):
        criterion, wanted = "1 percentage point", OF_A_SHARE
    else:
        criterion, wanted = "5% of itself", OF_A_MEAN * abs(float(np.mean(values))) if count else math.nan
    spread = float(np.std(values, ddof=1)) if count > 1 else math.nan
    return _judged("the mean", criterion, count, half_width(values), wanted, spread)


def _judged(what: str, criterion: str, count: int, half: float, wanted: float, spread: float) -> Verdict:
    more: int | None = None
    if count > 1 and half <= wanted:
        more = 0
    elif count > 1 and (needed := replicates_for(spread, wanted)) is not None:
        more = max(1, needed - count)
    return Verdict(what, criterion, count, half, wanted, more)
