"""Estimates from a noisy design: what is the factors' doing, what is luck, and how sure.

Every index here is a ratio of quadratic forms of the outcome (variances, mean products). A product of two numbers of
one replicate carries that replicate's luck; a product of numbers of different replicates does not, on average. From
the form of the replicates' mean, Q(mean), and those of the single replicates, Q(y_r), follows the mean over all pairs
of different replicates, (R Q(mean) - mean Q(y_r)) / (R - 1): the form without luck, whether or not the points share
their luck. Indices of means alone would take luck for an effect of the factors.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import stats

from ..intervals import CONFIDENCE

RESAMPLES = 300
LEAST_JACKKNIFE = 3  # replicates: of two, one left out leaves nothing to compare
SEED = 20081  # of the resampling alone, so that a study is always read alike

Values = dict[str, np.ndarray]
Estimator = Callable[[np.ndarray, np.ndarray], Values]


@dataclass(frozen=True)
class Estimates:
    """Name -> estimate, and half the width of its 95% interval (NaN where the design gives none)."""

    value: Values
    half: Values


def without_luck(of_mean: np.ndarray, of_each: np.ndarray) -> np.ndarray:
    """A quadratic form without replicate noise; `of_each` has a row a replicate. With one, the form as it is."""
    count = len(of_each)
    if count < 2:
        return np.asarray(of_mean, dtype=float)
    return np.asarray((count * np.asarray(of_mean) - of_each.mean(axis=0)) / (count - 1))


def estimated(estimator: Estimator, y: np.ndarray, units: int, *, resampled: bool, shared: bool) -> Estimates:
    """What `estimator` says of `y` (points by replicates), with intervals.

    `estimator(y, rows)` takes the rows of units (blocks, trajectories, points), shape (units, draws), and returns
    arrays whose last axis is draws. `resampled`: the units are a sample, and are drawn again with replacement (the
    bootstrap); else they are all there is. Where the replicates are the same luck at all points (`shared`), or where
    nothing is resampled, leaving one replicate out at a time (the jackknife) tells what the luck adds; that takes
    three replicates. The interval is normal, from both variances together, which is on the safe side.
    """
    everything = np.arange(units)[:, None]
    value = {name: each[..., 0] for name, each in estimator(y, everything).items()}
    variance = {name: np.zeros_like(each) for name, each in value.items()}
    replicates = y.shape[1]
    bootstrap = resampled and units > 1
    jackknife = (shared or not resampled) and replicates >= LEAST_JACKKNIFE
    if bootstrap:
        rows = np.random.default_rng(SEED).integers(units, size=(units, RESAMPLES))
        for name, draws in estimator(y, rows).items():
            some = (~np.isnan(draws)).sum(axis=-1) > 1  # else there is no such index: a share of nothing
            spread = np.nanvar(np.where(some[..., None], draws, 0.0), axis=-1, ddof=1)
            variance[name] = variance[name] + np.where(some, spread, np.nan)
    if jackknife:
        left = [estimator(np.delete(y, r, axis=1), everything) for r in range(replicates)]
        for name in value:
            each = np.stack([found[name][..., 0] for found in left])
            variance[name] = variance[name] + (replicates - 1) * each.var(axis=0)
    quantile = float(stats.norm.ppf(0.5 + CONFIDENCE / 2.0)) if bootstrap or jackknife else math.nan
    return Estimates(value, {name: quantile * np.sqrt(each) for name, each in variance.items()})


def centred(y: np.ndarray) -> np.ndarray:
    """Each replicate less its mean over the points: what lifts all points alike is no effect of the factors."""
    return np.asarray(y - y.mean(axis=0))


def within_points(y: np.ndarray) -> np.ndarray:
    """The variance of runs at each point, in the unit squared (0 for one replicate, which can't tell)."""
    return y.var(axis=1, ddof=1) if y.shape[1] > 1 else np.zeros(len(y))


def ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """`part / whole`, NaN where the whole is not positive."""
    part, whole = np.broadcast_arrays(np.asarray(part, dtype=float), np.asarray(whole, dtype=float))
    return np.divide(part, whole, out=np.full(part.shape, math.nan), where=whole > 0.0)
