"""Estimates from a noisy design: what is the factors' doing, what is luck, and how sure.

Every index here is a ratio of quadratic forms of the outcome (variances, mean products). A product of two numbers of
one replicate carries that replicate's luck; a product of numbers of different replicates does not, on average. From
the form of the replicates' mean, Q(mean), and those of the single replicates, Q(y_r), follows the mean over all pairs
of different replicates, (R Q(mean) - mean Q(y_r)) / (R - 1): the form without luck, whether or not the points share
their luck. Indices of means alone would take luck for an effect of the factors.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from ..intervals import CONFIDENCE

RESAMPLES = 300
LEAST_JACKKNIFE = 3  # replicates: of two, one left out leaves nothing to compare
SEED = 20081  # of the resampling alone, so that a study is always read alike

Values = dict[str, np.ndarray]
# Of points by replicates and rows of units (blocks, trajectories, points; units by draws): arrays whose last axis is
# draws. All estimators tell first_order (a row a group: its share of the variance of runs by itself), luck (its share),
# variance (of the factors' doing), residual (of runs at a point), and most of them upper_bound (a row a group: with all
# its interplay at most) and interaction (of groups).
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

    `resampled`: the units are a sample, and are drawn again with replacement (the
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


# Crossed designs: every value of a factor is as likely as the others.


def crossed_estimator(inputs: pd.DataFrame, groups: np.ndarray) -> Estimator:
    """Estimate from points by replicates; `inputs`: a row a point, a column a factor.

    S1 (share of the factors' variance that a factor makes by itself) and ST (with its interplay): a row a factor. A
    crossed design is no sample, so that these are the shares themselves, but for replicate noise.
    """
    codes = np.column_stack([pd.factorize(inputs[name].astype(str))[0] for name in inputs.columns])

    def of_means(y: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """The variance of the means over all points that agree in these columns."""
        if not columns.any():
            return np.zeros(y.shape[1])
        cells = np.unique(codes[:, columns], axis=0, return_inverse=True)[1].ravel()
        counts = np.bincount(cells)[:, None]
        sums = np.zeros((len(counts), y.shape[1]))
        np.add.at(sums, cells, y)
        return np.asarray(((sums / counts)[cells] ** 2).mean(axis=0))

    def estimate(y: np.ndarray, rows: np.ndarray) -> Values:
        level = centred(y)
        both = np.column_stack([level.mean(axis=1), level])

        def clean(columns: np.ndarray) -> np.ndarray:
            forms = of_means(both, columns)
            return without_luck(forms[0], forms[1:])

        everything = np.ones(codes.shape[1], dtype=bool)
        total = clean(everything)
        each = np.eye(codes.shape[1], dtype=bool)
        sets = groups > 0
        residual = within_points(y).mean()
        whole = np.maximum(total, 0.0) + residual
        alone = np.array([clean(one) for one in sets])
        found = {
            "S1": ratio(np.array([clean(one) for one in each]), total),
            "ST": ratio(np.array([total - clean(~one) for one in each]), total),
            "first_order": ratio(alone, whole),
            "upper_bound": ratio(np.array([total - clean(~one) for one in sets]), whole),
            "interaction": ratio(total - alone.sum(), whole),
            "luck": ratio(residual, whole),
            "variance": total,
            "residual": residual,
        }
        return {name: np.asarray(value)[..., None] for name, value in found.items()}

    return estimate


# Latin hypercubes: partial rank correlations (PRCC, after Marino et al. 2008, Journal of Theoretical Biology 254(1)),
# and the shares of variance that straight lines explain.


def linear_estimator(unit: np.ndarray, groups: np.ndarray) -> Estimator:
    """Estimate from points by replicates; `unit` is points by factors, each from 0 to 1.

    PRCC, linear (share of the factors' variance that a straight line in this factor explains): a row a factor; R2: of
    all straight lines together. A group's share is what straight lines in its factors explain; interplay, what none
    explains.
    """

    def estimate(y: np.ndarray, rows: np.ndarray) -> Values:
        level, within = centred(y), within_points(y)
        draws = [_one(unit[kept], level[kept], within[kept], groups) for kept in rows.T]
        return {name: np.stack([draw[name] for draw in draws], axis=-1) for name in draws[0]}

    return estimate


def _one(unit: np.ndarray, y: np.ndarray, within: np.ndarray, groups: np.ndarray) -> dict[str, np.ndarray]:
    both = np.column_stack([y.mean(axis=1), y])  # the mean, then each replicate
    both = both - both.mean(axis=0)
    total = _clean((both**2).mean(axis=0))
    residual = within.mean()
    whole = np.maximum(total, 0.0) + residual
    linear = np.array([_clean(_explained(unit[:, [j]], both)) for j in range(unit.shape[1])])
    by_group = _shared_out([unit[:, group > 0] for group in groups], both)
    fit = by_group.sum()
    alone = ratio(by_group, whole)
    rest = ratio(np.maximum(total - fit, 0.0), whole)
    return {
        "PRCC": partial_rank_correlation(unit, both[:, 0]),
        "linear": ratio(linear, total),
        "R2": ratio(fit, total),
        "first_order": alone,
        "upper_bound": alone + rest,
        "interaction": rest,
        "luck": ratio(residual, whole),
        "variance": np.asarray(total),
        "residual": np.asarray(residual),
    }


def _shared_out(parts: list[np.ndarray], y: np.ndarray) -> np.ndarray:
    """What all parts explain together, shared out between them: the mean over all orders in which they may enter.

    The Shapley value, also known as LMG (Lindeman, Merenda and Gold 1980), since columns of a sample are correlated
    by chance. Its sum is what they explain together.
    """
    number = len(parts)
    told = {frozenset[int](): 0.0}
    for size in range(1, number + 1):
        for inside in itertools.combinations(range(number), size):
            columns = np.column_stack([parts[each] for each in inside])
            told[frozenset(inside)] = float(_clean(_explained(columns, y)))
    shares = np.zeros(number)
    for entered, value in told.items():
        for part in set(range(number)) - entered:
            weight = 1.0 / (number * math.comb(number - 1, len(entered)))
            shares[part] += weight * (told[entered | {part}] - value)
    return shares


def _clean(forms: np.ndarray) -> np.ndarray:
    """Of forms of the mean and then of each replicate: the form without noise."""
    return without_luck(forms[0], forms[1:])


def _explained(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The variance of each column of y that straight lines in the columns of x explain; less what chance would.

    Chance explains, for each column of x, the unexplained variance over the degrees of freedom left.
    """
    count = len(x)
    basis, size, _ = np.linalg.svd(x - x.mean(axis=0), full_matrices=False)
    basis = basis[:, size > 1e-9 * max(1.0, size.max(initial=0.0))]
    explained = ((basis.T @ y) ** 2).sum(axis=0) / count
    freedom = count - 1 - basis.shape[1]
    if freedom < 1:
        return np.full(y.shape[1], np.nan)
    chance = basis.shape[1] * ((y**2).mean(axis=0) - explained) / freedom
    return np.asarray(explained - chance)


def partial_rank_correlation(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The correlation of ranks of each column of x with y, all other columns held; NaN where it has none."""
    ranks = np.column_stack([stats.rankdata(column) for column in (*x.T, y)])
    if np.ptp(ranks, axis=0).min() == 0.0:
        return np.full(x.shape[1], np.nan)
    precision = np.linalg.pinv(np.corrcoef(ranks, rowvar=False))
    diagonal = np.diag(precision)
    return np.asarray(-precision[:-1, -1] / np.sqrt(diagonal[:-1] * diagonal[-1]))
