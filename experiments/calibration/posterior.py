"""Approximate Bayesian computation on what is not ruled out: real runs, weighted by how near they come.

Points are proposed by the emulators, and evenly over what is left besides, so that no emulator's mistake can hide a
place. A point counts by the density of the observations around the mean of its runs, with their errors, the model's
discrepancy, and as much luck as the mean has lost: a history happens once. With these as declared the weights are those
of the posterior (Wilkinson 2013; exactly so where luck is normal). Where too few points would
count, the errors are widened until enough do, and the result says by how much.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .emulator import Emulators
from .exploring import Left, Measure, following, spread_out
from .luck import luck_of
from .plan import Floats, Plan
from .seen import Seen

EVENLY = 0.3  # of the points proposed, over all that is left
_WIDEST = 1e6
_ENOUGH = 0.15  # of the points, whose weight the widened errors leave


@dataclass(frozen=True)
class Proposal:
    """Points to run, and the log of the density by which each was proposed, beside that of the prior."""

    shares: Floats
    log_density: Floats


@dataclass(frozen=True)
class Posterior:
    """Points with their weights, which add up to 1. `widened`: the factor by which the errors had to be; 1 if they are
    as declared. `worth`: of how many points of equal weight they tell as much."""

    shares: Floats
    weights: Floats
    widened: float

    @property
    def worth(self) -> float:
        """The effective number of points."""
        return float(1.0 / (self.weights**2).sum())


def proposed(
    left: Left, emulators: Emulators, inside: Measure, count: int, rng: np.random.Generator
) -> Proposal:
    """Where the last runs are to be made: most where the emulators expect the posterior, some all over what is left."""
    drawn = following(left, emulators.log_likelihood, inside, rng)
    evenly = round(EVENLY * count)
    shares = np.concatenate(
        [
            spread_out(left.points, evenly, rng),
            drawn.points[rng.choice(len(drawn.points), count - evenly, replace=False)],
        ]
    )
    peaked = emulators.log_likelihood(shares) - drawn.log_integral
    return Proposal(shares, np.logaddexp(np.log(EVENLY), np.log(1.0 - EVENLY) + peaked))


def weighted(plan: Plan, seen: Seen, log_density: Floats) -> Posterior:
    """The posterior that the runs of a proposal tell; points whose runs can't tell have no weight."""
    enough = _ENOUGH * len(seen.shares)
    widened = 1.0
    found = _weights(plan, seen, log_density, widened)
    while _worth(found) < enough and widened < _WIDEST:
        widened *= 1.05
        found = _weights(plan, seen, log_density, widened)
    return Posterior(seen.shares, found, widened)


def _weights(plan: Plan, seen: Seen, log_density: Floats, widened: float) -> Floats:
    means, lost = seen.means, 1.0 - 1.0 / seen.replicates
    found = -log_density
    for place, target in zip(plan.fitted_places, plan.fitted, strict=True):
        luck = luck_of(seen.values[:, :, place]).at(means[:, place]) * lost
        variance = widened**2 * (target.sd**2 + luck)
        found = found + target.log_likelihood(means[:, place], variance)
    found = np.where(np.isnan(found), -np.inf, found)
    if not np.isfinite(found).any():
        return np.zeros(len(found))
    weights = np.exp(found - found.max())
    return weights / weights.sum()


def _worth(weights: Floats) -> float:
    squared = float((weights**2).sum())
    return 1.0 / squared if squared > 0 else 0.0
