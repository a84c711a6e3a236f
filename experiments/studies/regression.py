"""What a Latin hypercube tells: partial rank correlations, and the shares of variance that straight lines explain.

PRCC after Marino et al. (2008), Journal of Theoretical Biology 254(1).
"""

from __future__ import annotations

import itertools
import math

import numpy as np
from scipy import stats

from .estimators import Estimator, Values, centred, ratio, within_points, without_luck


def estimator(unit: np.ndarray, groups: np.ndarray) -> Estimator:
    """Estimate from points by replicates; `unit` is points by factors, each from 0 to 1.

    PRCC, linear (share of the factors' variance that a straight line in this factor explains): a row a factor; R2: of
    all straight lines together; first_order, upper_bound (a row a group: the share of the variance of runs that
    straight lines in its factors explain; the same and all that no straight line explains), interaction (what none
    explains), luck, variance, residual.
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
