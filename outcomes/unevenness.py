"""Measures of unevenness: Gini, Theil and its decomposition, Moran's I (E2).

Every function takes one value for each place (or other unit) and, where it is weighted, one weight: a place
of weight 3 counts as three equal places of weight 1. Values and weights must be finite and not negative, and
not all zero; places of weight 0 count for nothing. A mistake raises ValueError.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..model.columns import Columns
from ..model.geography import nearest_places

Floats = NDArray[np.float64]

NEIGHBOURS = 6
POSITION = ("latitude", "longitude")


class Decomposition(NamedTuple):
    """Theil index split by groups: total = between + within."""

    total: float
    between: float
    within: float

    @property
    def between_share(self) -> float:
        """Part of the total that lies between groups; NaN where there is no unevenness to split."""
        return self.between / self.total if self.total > 0 else float("nan")


class Indices(NamedTuple):
    """What there is to say of one quantity: units counted, its mean, and how uneven it is; NaN where nothing is."""

    count: int  # type: ignore[assignment]
    mean: float
    gini: float = math.nan
    theil: float = math.nan
    between: float = math.nan
    within: float = math.nan
    between_share: float = math.nan
    variation: float = math.nan


def indices_of(values: ArrayLike, weights: ArrayLike, groups: Any) -> Indices:
    """All indices of some values; `groups` as for `theil_decomposed`. Of no values, or of zeros, there are none."""
    x, w = np.asarray(values, float), np.asarray(weights, float)
    has = w > 0
    total, weight, count = float((w * x).sum()), float(w.sum()), int(np.count_nonzero(has))
    if total <= 0:
        return Indices(count, total / weight if weight else math.nan)
    x, p = _checked(x, w, drop=False)
    split = _decomposed(x, p, groups)
    x, p = (x, p) if count == len(x) else (x[has], p[has])
    return Indices(count, total / weight, _gini(x, p), *split, split.between_share, _variation(x, p))


def _gini(x: Floats, p: Floats) -> float:
    """Weighted Gini coefficient, 0 (all equal) to 1 (one of very many has everything).

    G = sum_ij p_i p_j |x_i - x_j| / (2 m), with p the weights (sum 1) and m = sum_i p_i x_i.
    """
    order = np.argsort(x, kind="stable")
    x, p = x[order], p[order]
    below = np.cumsum(p) - p / 2
    return max(0.0, float(2 * np.dot(p * x, below) / np.dot(p, x) - 1))


def theil(values: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Weighted Theil T index, 0 (all equal) to the logarithm of the number of places.

    T = sum_i p_i (x_i / m) ln(x_i / m), with p the weights scaled to sum to 1 and m = sum_i p_i x_i; a place
    with x = 0 adds nothing, the limit of x ln x. Errors: ValueError for negative values, no weight, or a mean
    of zero.
    """
    x, p = _checked(values, weights)
    return _theil(x / np.dot(p, x), p)


def theil_decomposed(values: ArrayLike, weights: ArrayLike | None, groups: Any) -> Decomposition:
    """Theil T split into what lies between groups and within them; `groups` holds a label for each place.

    With P_g the share of weight and m_g the mean of group g:
    between = sum_g P_g (m_g / m) ln(m_g / m); within = sum_g P_g (m_g / m) T_g; total = between + within.
    Errors: as `theil`, and ValueError if the number of labels differs.
    """
    return _decomposed(*_checked(values, weights, drop=False), groups)


def _decomposed(x: Floats, p: Floats, groups: Any) -> Decomposition:
    group = np.asarray(groups)
    if group.shape != x.shape:
        raise ValueError(f"{x.size} values, but {group.size} groups")
    if group.dtype.kind not in "iu" or group.min() < 0:
        _, group = np.unique(group, return_inverse=True)
    relative = x / np.dot(p, x)
    weight = np.bincount(group, p).astype(np.float64)
    present = weight > 0
    part = np.bincount(group, p * relative)  # share of the whole that each group has
    mean = np.divide(part, weight, out=np.zeros_like(part), where=present)
    between = _theil(mean[present], weight[present])
    own = np.divide(relative, mean[group], out=np.zeros_like(relative), where=mean[group] > 0)
    within = max(0.0, float(np.dot(p * relative, _log(own))))
    return Decomposition(between + within, between, within)


def theil_by_luck(met: float, places: int, episodes: float) -> float:
    """Theil T to be expected, by chance alone, of the shares met in places that are all alike.

    `met`: share of all the episodes that were met; each place weighs as many as it had. A place with n episodes
    has a share of variance met (1 - met) / n, and T is half the squared coefficient of variation where that is
    small; one degree of freedom goes to the common mean: (places - 1) (1 - met) / (2 met episodes). NaN if
    nothing was met.
    """
    return (places - 1) * (1 - met) / (2 * met * episodes) if met > 0 else float("nan")


def _variation(x: Floats, p: Floats) -> float:
    """Weighted coefficient of variation: standard deviation over mean."""
    mean = float(np.dot(p, x))
    return float(np.sqrt(np.dot(p, (x - mean) ** 2)) / mean)


def neighbours_of(places: Columns) -> NDArray[np.int64] | None:
    """The nearest other places of each, (P, NEIGHBOURS) or fewer, by their POSITION; None if there is a single one."""
    k = min(NEIGHBOURS, len(places) - 1)
    return nearest_places(places["latitude"], places["longitude"], k) if k > 0 else None


def moran(values: ArrayLike, neighbours: NDArray[np.int64]) -> float:
    """Moran's I: do neighbouring places have like values? From -1 (opposites) over 0 (chance) to 1 (alike).

    I = sum_i z_i mean(z of i's neighbours) / sum_i z_i^2, z being deviations from the plain mean; `neighbours`
    (P, k) of each place, as `neighbours_of` finds them, are all of equal weight (row-standardised). NaN if all values
    are equal. Errors: ValueError for too few places or values not finite.
    """
    x = np.asarray(values, float)
    if not np.isfinite(x).all():
        raise ValueError("values must be finite")
    if x.ndim != 1 or len(neighbours) != x.size:
        raise ValueError(f"{x.size} values, but neighbours of {len(neighbours)} places")
    if x.size == 0 or x.min() == x.max():
        return float("nan")
    z = x - x.mean()
    return float(np.dot(z, z[neighbours].mean(axis=1)) / np.dot(z, z))


def _checked(values: ArrayLike, weights: ArrayLike | None, *, drop: bool = True) -> tuple[Floats, Floats]:
    """Values and weights scaled to sum to 1, without places of no weight if `drop`."""
    x = np.asarray(values, float)
    w = np.ones_like(x) if weights is None else np.asarray(weights, float)
    if x.ndim != 1 or x.shape != w.shape:
        raise ValueError(f"{x.size} values, but {w.size} weights")
    if not (np.isfinite(x).all() and np.isfinite(w).all()):
        raise ValueError("values and weights must be finite")
    if (x < 0).any() or (w < 0).any():
        raise ValueError("values and weights must not be negative")
    total = w.sum()
    if total <= 0:
        raise ValueError("the weights are all zero")
    if drop:
        x, w = x[w > 0], w[w > 0]
    p = w / total
    if np.dot(p, x) <= 0:
        raise ValueError("the values are all zero, and unevenness is relative to their mean")
    return x, p


def _log(x: Floats) -> Floats:
    """Natural logarithm, and 0 for 0."""
    return np.log(x, out=np.zeros_like(x), where=x > 0)


def _theil(relative: Floats, p: Floats) -> float:
    """Theil T of values that are relative to their mean."""
    return max(0.0, float(np.dot(p * relative, _log(relative))))
