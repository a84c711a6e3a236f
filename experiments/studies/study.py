"""A study: what is varied, in which scenarios, how often it is repeated, and what is kept of each run."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from ...outcomes.outcome_spec import OutcomeSpec
from ...scenarios import Scenario
from ...scenarios.settings import month_text

LEVER, UNCERTAINTY = "lever", "uncertainty"
ENSEMBLE, DRAW = "ensemble", "draw"  # factors of worlds
NEVER = "never"  # the date of a change that does not come
PLACES_SEED = (
    "places_seed"  # a setting that may be varied like a parameter: the luck of all that is drawn of places
)
DIGITS = 12  # that count, of a sampled number: the same on every machine, and short enough to be typed again

Setting = tuple[str, Any]  # a parameter's path and value


@dataclass(frozen=True)
class Factor:
    """What is varied. `paths`: the parameters it touches.

    Either `values` are listed, or it goes from `low` to `high` (evenly, or by ratios if `log`), in whole steps if
    `whole`. Of a date, values are as "1998-04" or "never", and low and high count months since the year 0.

    `changes`: what holds from that date on. `moved`: (path, month since the year 0) of the scenario's own change that
    is brought to that date. `alternatives`: what each listed name sets. Without any of these, it is one parameter.
    """

    name: str
    paths: tuple[str, ...]
    role: str
    label: str
    unit: str
    values: tuple[Any, ...] = ()
    low: float = math.nan
    high: float = math.nan
    log: bool = False
    whole: bool = False
    changes: tuple[Setting, ...] = ()
    moved: Setting | None = None
    alternatives: Mapping[str, tuple[Setting, ...]] | None = None

    @property
    def dated(self) -> bool:
        """Whether its values are dates."""
        return bool(self.changes) or self.moved is not None

    def at(self, share: float) -> Any:
        """The value at `share` (0 to 1) of the way from the first to the last; listed ones have equal parts of it."""
        if self.values:
            return self.values[min(int(share * len(self.values) + 1e-9), len(self.values) - 1)]
        if self.whole:
            steps = round(self.high - self.low) + 1
            number = int(self.low) + min(int(self._position(share, steps) + 1e-9), steps - 1)
            return month_text(number) if self.dated else number
        if share in (0.0, 1.0):
            return self.low if share == 0.0 else self.high
        return min(max(float(f"{self._between(share):.{DIGITS}g}"), self.low), self.high)

    def spread(self, levels: int) -> list[Any]:
        """`levels` values from the first to the last, or those listed; none twice."""
        if self.values:
            return list(self.values)
        shares = [step / (levels - 1) for step in range(levels)]
        if self.whole:  # of whole numbers the nearest, so that both ends are met
            numbers = dict.fromkeys(round(self._between(share)) for share in shares)
            return [month_text(number) if self.dated else number for number in numbers]
        return list(dict.fromkeys(self.at(share) for share in shares))

    def _between(self, share: float) -> float:
        if self.log:
            return self.low * (self.high / self.low) ** share
        return self.low + share * (self.high - self.low)

    def _position(self, share: float, steps: int) -> float:
        """How many whole steps above `low`."""
        if not self.log:
            return share * steps
        return self.low * ((self.high + 1) / self.low) ** share - self.low


@dataclass(frozen=True)
class Design:
    """Which combinations of the factors' values are run.

    `kind` is list, grid, lhs, ofat, morris or sobol. `size`: points (lhs), trajectories (morris) or base samples
    (sobol). `levels`: values a range is cut into (grid, ofat, morris). `second_order`: whether sobol tells of pairs.
    `points`: those of a list, each with the factors it sets.
    """

    kind: str
    size: int = 0
    levels: int = 0
    second_order: bool = False
    points: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Replicates:
    """How often each point is run: from `least` to `most` times, until the interval of the mean of each outcome in
    `until` (at `confidence`) reaches no further than the width given there to either side, judged point by point.
    """

    least: int
    most: int
    until: Mapping[str, float] = field(default_factory=dict)
    confidence: float = 0.95

    @property
    def fixed(self) -> bool:
        """Whether every point is run equally often."""
        return self.least == self.most


@dataclass(frozen=True)
class Worlds:
    """What nobody knows, gone through at every design point: sets of parameters by draws of places, all as likely.

    `ensemble`: the folder that the sets come from. `factors`: ENSEMBLE, whose values are sets, and DRAW, whose values
    are seeds. `kept`: scenario -> parameters of the sets in which it has values of its own, which stay.
    """

    ensemble: str
    factors: tuple[Factor, ...]
    kept: Mapping[str, tuple[str, ...]]

    @property
    def points(self) -> list[dict[str, Any]]:
        """The worlds, the draws of a set one after the other."""
        names = [factor.name for factor in self.factors]
        return [
            dict(zip(names, values, strict=True))
            for values in product(*(each.values for each in self.factors))
        ]


@dataclass(frozen=True)
class Study:
    """A study as its file says, with its scenarios loaded (fixed settings and months laid over them).

    `common_random_numbers`: whether replicate r has the same luck at each point. `places`: scenario -> its table of
    places, where that is not a shipped one. `worlds`: what each point is run under besides, if it is.
    """

    name: str
    title: str
    question: str
    scenarios: tuple[Scenario, ...]
    factors: tuple[Factor, ...]
    design: Design
    replicates: Replicates
    seed: int
    common_random_numbers: bool
    outcomes: tuple[OutcomeSpec, ...]
    places: Mapping[str, str] = field(default_factory=dict)
    worlds: Worlds | None = None

    @property
    def varied(self) -> tuple[Factor, ...]:
        """All that differs between runs: its factors, and those of the worlds."""
        return (*self.factors, *(self.worlds.factors if self.worlds else ()))

    def luck_of(self, point: int) -> tuple[int, ...]:
        """What tells the luck of a design point from that of others, by its number: points with the same share it.
        Worlds come innermost in the numbering, and each has luck of its own."""
        if not self.common_random_numbers:
            return (point,)
        return (point % len(self.worlds.points),) if self.worlds else ()
