"""How large luck is: the variance of runs of one point, which may grow or fall with what they say on average."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .plan import Floats

_FARTHEST = 2.0  # deviations from the middle beyond which the variance goes on as it is there
_STEEPEST = 2.0  # of the log of the variance, a deviation
_MOST_WORTH = 1000.0  # runs, from which on a prior is certain
_CLEAR = 9.0  # by how much twice the log likelihood must rise to believe in a slope


@dataclass(frozen=True)
class Luck:
    """The variance at a mean m is `variance` * exp(`slope` * (m - middle) / spread), in the outcome's unit squared.
    `variance` is 0 where nothing was repeated."""

    variance: float
    slope: float = 0.0
    middle: float = 0.0
    spread: float = 1.0

    def at(self, means: Floats) -> Floats:
        """Variance of a run at points with these means."""
        place = np.clip((np.asarray(means) - self.middle) / self.spread, -_FARTHEST, _FARTHEST)
        return self.variance * np.exp(self.slope * place)


def luck_of(values: Floats) -> Luck:
    """Of runs (points, replicates) of one target, NaN where they can't tell: variances of points as gamma variates
    around a line of their logs, which stays level unless a slope is clearly better."""
    told = ~np.isnan(values)
    free = told.sum(axis=1) - 1
    some = free > 0
    if not some.any():
        return Luck(0.0)
    values, free = values[some], free[some].astype(float)
    means, squares = np.nanmean(values, axis=1), np.nanvar(values, axis=1, ddof=1)
    level, spread = float(free @ squares / free.sum()), float(means.std())
    if level <= 0.0 or spread <= 0.0 or len(means) < 20:
        return Luck(level)
    middle = float(means.mean())
    place = np.clip((means - middle) / spread, -_FARTHEST, _FARTHEST)

    def fit(slope: float) -> tuple[float, float]:
        """The best variance at the middle, and twice the log likelihood up to a constant."""
        shape = np.exp(slope * place)
        variance = float(free @ (squares / shape) / free.sum())
        return variance, -float(free @ (np.log(variance * shape) + squares / (variance * shape)))

    slopes = np.linspace(-_STEEPEST, _STEEPEST, 81)
    best = max(slopes, key=lambda slope: fit(float(slope))[1])
    variance, height = fit(float(best))
    if height - fit(0.0)[1] < _CLEAR:
        return Luck(level)
    return Luck(variance, float(best), middle, spread)


def of_points(values: Floats, luck: Luck) -> Floats:
    """Variance of a run, by point, of runs (points, replicates): what `luck` says of its mean, and what its own runs
    differ by, each by as much as it tells (Smyth 2004): the less points differ in luck beyond chance, the less their
    own few runs count. Where points have luck of their own, much of it in a few is no error of an emulator."""
    told = ~np.isnan(values)
    free = np.maximum(told.sum(axis=1) - 1, 0).astype(float)
    means = np.where(told.any(axis=1), np.nansum(values, axis=1) / np.maximum(told.sum(axis=1), 1), np.nan)
    prior = luck.at(means)
    some = (free > 0) & (prior > 0.0)
    if some.sum() < 20:
        return prior
    away = np.where(told, values - means[:, None], 0.0)
    ratios = (away**2).sum(axis=1)[some] / free[some] / prior[some]
    worth = _worth_of_prior(np.log(np.maximum(ratios, 1e-9)), free[some])
    found = prior.copy()
    found[some] = prior[some] * (worth + free[some] * ratios) / (worth + free[some])
    return found


def _worth_of_prior(logs: Floats, free: Floats) -> float:
    """Of how many runs more the common variance is worth: by how far logs of variances differ beyond chance."""
    from scipy.special import polygamma

    beyond = float(np.var(logs, ddof=1) - polygamma(1, free / 2.0).mean())
    if beyond <= float(polygamma(1, _MOST_WORTH / 2.0)):
        return _MOST_WORTH
    low, high = 0.1, _MOST_WORTH
    for _ in range(60):
        middle = (low + high) / 2.0
        low, high = (middle, high) if float(polygamma(1, middle / 2.0)) > beyond else (low, middle)
    return low
