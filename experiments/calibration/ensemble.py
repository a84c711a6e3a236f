"""The result of a calibration: plausible sets of parameters with weights, and what is known of how they were found."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .plan import Floats, Plan
from .posterior import Posterior
from .seen import Seen
from .waves import Wave

EVEN_SD = math.sqrt(1.0 / 12.0)  # of what is spread evenly from 0 to 1, as a prior is over its own shares
MUCH, SOME = 0.5, 0.2  # of the prior's spread that is gone: learned, partly learned


@dataclass(frozen=True)
class Ensemble:
    """Sets of parameters as points of the unit cube, their weights (which add up to 1), and a run of each.

    `errors`: by stage after the first wave, standardised errors of the emulators, by point and target learned from.
    """

    plan: Plan
    shares: Floats
    weights: Floats
    seen: Seen
    waves: Sequence[Wave]
    posterior: Posterior
    errors: dict[str, tuple[Floats, Floats, Floats]]

    @property
    def learned(self) -> Floats:
        """By parameter, the part of the prior's standard deviation that is gone, over the shares of the prior; below 0
        if nothing was learned."""
        points, weights = self.posterior.shares, self.posterior.weights
        spread: Floats = np.sqrt(weights @ (points - weights @ points) ** 2)
        return 1.0 - spread / EVEN_SD

    @property
    def medoid(self) -> int:
        """Of the sets whose runs meet all targets learned from (else most of them), that from which all sets are the
        least far away, by weight.

        Only parameters of which something was learned count (all, if nothing was): of the others a set holds whatever
        was drawn, and the more there are, the less they let any set be in the middle.
        """
        told = self.learned >= SOME
        shares = self.shares[:, told] if told.any() else self.shares
        apart = np.sqrt(((shares[:, None, :] - shares[None, :, :]) ** 2).sum(axis=2))
        return int(np.argmin(np.where(self.met == self.met.max(), apart @ self.weights, np.inf)))

    @property
    def met(self) -> NDArray[np.int64]:
        """By set, how many of the targets learned from its run meets."""
        fitted = self.plan.fitted_places
        values = self.seen.values[:, 0, fitted]
        holds = [
            [self.plan.targets[k].holds(float(v)) for k, v in zip(fitted, row, strict=True)] for row in values
        ]
        return np.array(holds, np.int64).sum(axis=1)


def chosen_sets(posterior: Posterior, count: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """So many sets out of a posterior, as often as their weight is worth (systematic resampling): those that differ,
    and the weight of each."""
    places = (rng.random() + np.arange(count)) / count
    chosen = np.searchsorted(np.cumsum(posterior.weights), places * (1.0 - 1e-12))
    which, often = np.unique(np.minimum(chosen, len(posterior.weights) - 1), return_counts=True)
    return posterior.shares[which], often / count
