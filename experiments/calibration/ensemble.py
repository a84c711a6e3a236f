"""The result of a calibration: plausible sets of parameters with weights, and what is known of how they were found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .plan import Floats, Plan
from .posterior import Posterior
from .seen import Seen
from .waves import Wave


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
    def medoid(self) -> int:
        """The set from which all others are the least far away, by weight."""
        apart = np.sqrt(((self.shares[:, None, :] - self.shares[None, :, :]) ** 2).sum(axis=2))
        return int(np.argmin(apart @ self.weights))


def chosen_sets(posterior: Posterior, count: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """So many sets out of a posterior, as often as their weight is worth (systematic resampling): those that differ,
    and the weight of each."""
    places = (rng.random() + np.arange(count)) / count
    chosen = np.searchsorted(np.cumsum(posterior.weights), places * (1.0 - 1e-12))
    which, often = np.unique(np.minimum(chosen, len(posterior.weights) - 1), return_counts=True)
    return posterior.shares[which], often / count
