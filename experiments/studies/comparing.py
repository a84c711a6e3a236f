"""Design points set side by side: means with intervals, spreads of runs, differences, and whether n is enough."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from ...outcomes.wording import localised
from ...scenarios.languages import later, tr
from ..intervals import CONFIDENCE, half_width, interval, paired, replicates_for
from .results import OutcomeMatrix

SPREAD, OF_MEAN = later("spread of runs"), later("95% interval of the mean")
PAIRED, UNPAIRED = "95% interval of the mean paired difference", "95% interval of the difference of means"
QUANTILES = {"q05": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q95": 0.95}
OF_A_MEAN, OF_A_SHARE, OF_A_DIFFERENCE = 0.05, 0.01, 0.25  # what half a width may be, if nobody says


def estimates(matrix: OutcomeMatrix) -> pd.DataFrame:
    """A row a design point: point, outcome, label, unit, what `estimate` says of its runs, and band (of low, high)."""
    rows = matrix.wide.iterrows()
    return pd.DataFrame(
        {"point": point, **matrix.words, **estimate(row.to_numpy(dtype=float)), "band": OF_MEAN}
        for point, row in rows
    )


def estimate(values: np.ndarray) -> dict[str, float]:
    """n, mean, low and high (its t interval), q05, q25, q50, q75, q95 of the values that are known."""
    known = values[~np.isnan(values)]
    low, high = interval(known)
    mean = float(known.mean()) if len(known) else math.nan
    return {"n": len(known), "mean": mean, "low": low, "high": high, **quantiles(known)}


def quantiles(values: np.ndarray) -> dict[str, float]:
    """q05, q25, q50, q75, q95; NaN of nothing."""
    found = np.quantile(values, list(QUANTILES.values())) if len(values) else [math.nan] * len(QUANTILES)
    return dict(zip(QUANTILES, map(float, found), strict=True))


def differences(matrix: OutcomeMatrix, against: int) -> pd.DataFrame:
    """A row a design point other than `against`: what it has more than that one, with its interval.

    Columns: point, against, label, unit, n, difference, low, high, variance_reduction_factor, band. Where replicates
    share their luck, the difference is taken replicate by replicate, and `variance_reduction_factor` is the variance
    that it would have unpaired over the one it has: how many times fewer replicates are needed (NaN if not paired).
    """
    base = matrix.wide.loc[against].to_numpy(dtype=float)
    rows = []
    for point in matrix.points:
        if point != against:
            runs = matrix.wide.loc[point].to_numpy(dtype=float)
            numbers = _paired(runs, base) if matrix.shared else _welch(runs, base)
            rows.append((point, against, *matrix.words.values(), *numbers))
    names = ["point", "against", "outcome", "label", "unit", "n", "difference", "low", "high"]
    return pd.DataFrame(rows, columns=[*names, "variance_reduction_factor", "band"])


def _paired(one: np.ndarray, other: np.ndarray) -> tuple[Any, ...]:
    found = paired(other, one)
    factor = found.variance_reduction_factor if math.isfinite(found.variance_reduction_factor) else math.nan
    return found.n, found.change, found.low, found.high, factor, PAIRED


def _welch(one: np.ndarray, other: np.ndarray) -> tuple[Any, ...]:
    """Welch's interval, for points with luck of their own."""
    first, second = one[~np.isnan(one)], other[~np.isnan(other)]
    count = min(len(first), len(second))
    mean = float(first.mean() - second.mean()) if count else math.nan
    low = high = mean if count > 1 else math.nan
    if count > 1 and np.ptp(first) + np.ptp(second) > 0.0:
        low, high = stats.ttest_ind(first, second, equal_var=False).confidence_interval(CONFIDENCE)
    return count, mean, float(low), float(high), math.nan, UNPAIRED


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
            return tr("n = {number} a point, so that no interval can be told", number=self.n)
        if self.enough:
            return tr("n = {number} a point: enough ({what} is known within {criterion})", **self._told)
        if self.more is None:
            return tr(
                "n = {number} a point: not enough; no number within reach would make {what} known within {criterion}",
                **self._told,
            )
        return tr(
            "n = {number} a point: not enough; about {more} more would make {what} known within {criterion}",
            more=localised(f"{self.more:,}"),
            **self._told,
        )

    @property
    def _told(self) -> dict[str, Any]:
        return {"number": self.n, "what": tr(self.what), "criterion": tr(self.criterion)}


def verdict(matrix: OutcomeMatrix, target: float | None = None) -> Verdict:
    """Judge the replicates by the 95% interval that matters most.

    Of one point: that of its mean, whose half-width should be at most 5% of the mean, or one percentage point of a
    share. Of several: that of the difference between the two points furthest apart (paired where they share their
    luck), at most a quarter of the difference. `target` (in the outcome's unit) overrules both.
    """
    criterion = f"{target:.3g} {matrix.unit}" if target is not None else ""
    if len(matrix.wide.mean(axis=1).dropna()) < 2:
        values = matrix.wide.to_numpy(dtype=float).ravel()
        values = values[~np.isnan(values)]
        count = len(values)
        if target is None and matrix.unit.startswith("share"):
            criterion, target = later("1 percentage point"), OF_A_SHARE
        elif target is None:
            criterion, target = later("5% of itself"), OF_A_MEAN * abs(values.mean()) if count else math.nan
        spread = float(np.std(values, ddof=1)) if count > 1 else math.nan
        return _judged(later("the mean"), criterion, count, half_width(values), target, spread)
    bottom, top = matrix.extremes()
    found = differences(matrix.of([bottom, top]), bottom).iloc[0]
    half, count = float(found["high"] - found["difference"]), int(found["n"])
    if target is None:
        criterion, target = later("a quarter of itself"), OF_A_DIFFERENCE * float(found["difference"])
    spread = math.nan
    if count > 1:  # of one pair, from the width of the interval; Welch's for unpaired ones alike
        spread = half * math.sqrt(count) / float(stats.t.ppf(0.5 + CONFIDENCE / 2.0, count - 1))
    return _judged(later("the largest difference"), criterion, count, half, target, spread)


def _judged(what: str, criterion: str, count: int, half: float, target: float, spread: float) -> Verdict:
    more: int | None = None
    if count > 1 and half <= target:
        more = 0
    elif count > 1 and (needed := replicates_for(spread, target)) is not None:
        more = max(1, needed - count)
    return Verdict(what, criterion, count, half, target, more)
