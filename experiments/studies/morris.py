"""Elementary effects (Morris 1991, Campolongo et al. 2007): mu, mu* and sigma, with replicate noise told apart.

SALib's analysis takes one number a point; the noise shows only between replicates of one effect, so effects are taken
replicate by replicate here. On means the two agree (a test holds them equal).
"""

from __future__ import annotations

import math

import numpy as np

from .estimators import Estimator, Values, ratio, within_points

NULL_MEAN = math.sqrt(2.0 / math.pi)  # of |z|, z standard normal
NULL_SPREAD = math.sqrt(1.0 - 2.0 / math.pi)
ONE_SIDED = 1.645  # 95% of a normal lie below


def trajectories_of(unit: np.ndarray) -> np.ndarray | None:
    """The rows of each trajectory (trajectories by factors + 1); None if the rows are no such sample.

    `unit`: points by factors, each from 0 to 1. Within a trajectory, each step moves at most one factor (rounding
    may undo a step), and no factor moves twice.
    """
    count, factors = unit.shape
    if count % (factors + 1):
        return None
    moved = ~np.isclose(np.diff(unit.reshape(-1, factors + 1, factors), axis=1), 0.0)
    if (moved.sum(axis=2) > 1).any() or (moved.sum(axis=1) > 1).any():
        return None
    return np.arange(count).reshape(-1, factors + 1)


def elementary_effects(unit: np.ndarray, rows: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The change of the outcome per whole range of a factor: trajectories by factors by replicates.

    NaN where a factor did not move. `rows`: of trajectories_of; `y`: points by replicates.
    """
    steps = np.diff(unit[rows], axis=1)  # trajectories, steps, factors
    change = np.diff(y[rows], axis=1)  # trajectories, steps, replicates
    moved = ~np.isclose(steps, 0.0)
    found = np.full((len(rows), unit.shape[1], y.shape[1]), math.nan)
    trajectory, step, factor = np.nonzero(moved)
    found[trajectory, factor] = change[trajectory, step] / steps[trajectory, step, factor][:, None]
    return found


def estimator(unit: np.ndarray, trajectories: np.ndarray, groups: np.ndarray) -> Estimator:
    """Estimate from points by replicates. A row a factor, in the outcome's unit per whole range of the factor:

    mu, mu_star, sigma (without noise), raw_sigma; floor: the mu_star that luck alone shows in 19 of 20 such designs;
    a group's share is that of all squared effects, without noise.
    """

    def estimate(y: np.ndarray, rows: np.ndarray) -> Values:
        every = elementary_effects(unit, trajectories, y)
        mean = every.mean(axis=2)
        replicates = y.shape[1]
        luck = every.var(axis=2, ddof=1) / replicates if replicates > 1 else np.zeros_like(mean)
        drawn, drawn_luck = mean[rows], luck[rows]  # trajectories, draws, factors
        number = (~np.isnan(drawn)).sum(axis=0).T
        mu = np.nanmean(drawn, axis=0).T
        mu_star = np.nanmean(np.abs(drawn), axis=0).T
        raw = np.nanvar(drawn, axis=0, ddof=1).T if len(rows) > 1 else np.full_like(mu, math.nan)
        noise = np.nanmean(drawn_luck, axis=0).T
        square = np.maximum(np.nanmean(drawn**2, axis=0).T - noise, 0.0)
        within = within_points(y)[trajectories].mean(axis=1)[rows].mean(axis=0)
        means = y.mean(axis=1)[trajectories][rows]  # trajectories, draws, points of each
        between = means.var(axis=(0, 2)) - within / replicates
        return {
            "mu": mu,
            "mu_star": mu_star,
            "sigma": np.sqrt(np.maximum(raw - noise, 0.0)),
            "raw_sigma": np.sqrt(raw),
            "floor": np.sqrt(noise) * (NULL_MEAN + ONE_SIDED * NULL_SPREAD / np.sqrt(np.maximum(number, 1))),
            "first_order": ratio(groups @ square, square.sum(axis=0)),
            "luck": ratio(within, np.maximum(between, 0.0) + within),
            "residual": within,
            "variance": np.maximum(between, 0.0),
        }

    return estimate
