"""A calibration: what is unknown and what is believed of it, what the model is held against, how much may be run."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...outcomes.outcome_spec import OutcomeSpec
from ...scenarios import Scenario
from ...scenarios.schema import Prior

Floats = NDArray[np.float64]

FIT, CHECK = "fit", "check"
ABOVE, BELOW = "above", "below"
DEVIATIONS = 2.0  # a tolerance and a discrepancy are so many standard deviations: 95% lie within


@dataclass(frozen=True)
class Unknown:
    """A parameter to be learned. `value`, `source`: the scenario's own."""

    path: str
    label: str
    unit: str
    prior: Prior
    value: Any
    source: str

    def at(self, share: float) -> Any:
        """The value below which `share` of the prior lies."""
        return self.prior.at(share)


@dataclass(frozen=True)
class Target:
    """A number that the model is held against: of one outcome, in one scenario.

    `tolerance`: how far the observation may be off, and `discrepancy`: how far the best version of the model may be,
    each as the half width of a 95% interval, in the outcome's unit. `side`: "" for a value, `above` or `below` for a
    bound that the value gives. `use`: `fit` what is learned from, `check` what is only looked at.
    """

    scenario: str
    outcome: OutcomeSpec
    value: float
    tolerance: float
    discrepancy: float
    use: str = FIT
    side: str = ""
    source: str = ""

    @property
    def name(self) -> str:
        """What tells it from others."""
        return f"{self.outcome.name} ({self.scenario})"

    @property
    def sd(self) -> float:
        """Standard deviation of what lies between the model at its best and the observation."""
        return math.hypot(self.tolerance, self.discrepancy) / DEVIATIONS

    def off(self, values: Any) -> Any:
        """How far values lie from it, with their sign; 0 on the right side of a bound."""
        away = np.asarray(values, float) - self.value
        if self.side == ABOVE:
            return np.minimum(away, 0.0)
        return np.maximum(away, 0.0) if self.side == BELOW else away

    def log_likelihood(self, values: Any, variance: Any) -> Any:
        """Of values with this variance around them, the deviations of `sd` included, up to a constant."""
        deviation = np.sqrt(variance)
        standard = (np.asarray(values, float) - self.value) / deviation
        if not self.side:
            return -0.5 * standard**2 - np.log(deviation)
        from scipy.stats import norm

        return norm.logcdf(standard if self.side == ABOVE else -standard)

    def holds(self, value: float) -> bool:
        """Whether a value lies within the tolerance."""
        return bool(abs(self.off(value)) <= (0.0 if self.side else self.tolerance))


@dataclass(frozen=True)
class Budget:
    """How much is run: in each of so many `waves` so many `points`, then the `posterior` points for the comparison with
    the observations, each of these `replicates` times in every scenario; then the ensemble's `sets`, once each."""

    waves: int = 3
    points: int = 60
    replicates: int = 2
    posterior: int = 200
    sets: int = 100

    def runs(self, scenarios: int) -> int:
        """All runs."""
        return scenarios * (self.replicates * (self.waves * self.points + self.posterior) + self.sets)


@dataclass(frozen=True)
class Plan:
    """A calibration as its file says. `cutoff`: the implausibility beyond which a point is ruled out. `places`: as of a
    study; `table`: the user's table of targets, "" if there is none."""

    name: str
    title: str
    question: str
    scenarios: tuple[Scenario, ...]
    unknowns: tuple[Unknown, ...]
    targets: tuple[Target, ...]
    budget: Budget
    cutoff: float
    seed: int
    places: Mapping[str, str] = field(default_factory=dict)
    table: str = ""

    @property
    def fitted(self) -> list[Target]:
        """The targets that are learned from."""
        return [each for each in self.targets if each.use == FIT]

    @property
    def fitted_places(self) -> list[int]:
        """Their places among all targets."""
        return [number for number, each in enumerate(self.targets) if each in self.fitted]

    @property
    def outcomes(self) -> list[OutcomeSpec]:
        """What is kept of each run, each once."""
        return list({each.outcome.name: each.outcome for each in self.targets}.values())

    def values(self, shares: Sequence[float]) -> dict[str, Any]:
        """The parameters at a point of the unit cube, in which the prior is even."""
        return {each.path: each.at(float(share)) for each, share in zip(self.unknowns, shares, strict=True)}

    def observing(self, targets: Sequence[Target]) -> Plan:
        """The same, held against something else."""
        return replace(self, targets=tuple(targets))

    def rng(self, *what: int) -> np.random.Generator:
        """Chance for one purpose of the calibration: the same whenever it is gone on with."""
        return np.random.default_rng([self.seed, *what])
