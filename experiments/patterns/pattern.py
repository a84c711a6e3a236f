"""What a pattern is: what it says, how it is observed in a run, and the band in which it is met."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np

from ...outcomes.run import Run
from ...scenarios.places import Places
from ..intervals import interval

Values = dict[str, float]  # name of a part -> its value in one run
Observe = Callable[[Run], Values]
Compare = Callable[[Mapping[str, Values]], Values]  # what was observed, by setting -> values
Given = Callable[[Places], bool]
Function = TypeVar("Function", bound=Callable[..., Values])


class NotAnswerable(Exception):
    """This run cannot tell; the message says why, to follow "not yet answerable:"."""


@dataclass(frozen=True)
class Band:
    """Where a value must lie: from `low` to `high`, either may be missing; `strict` leaves the ends out."""

    low: float | None = None
    high: float | None = None
    strict: bool = False

    def holds(self, value: float) -> bool:
        """Whether `value` lies inside; a value that is not a number does not."""
        if math.isnan(value):
            return False
        if self.strict:
            return (self.low is None or value > self.low) and (self.high is None or value < self.high)
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


def between(low: float, high: float) -> Band:
    """From low to high, both included."""
    return Band(low, high)


def above(low: float) -> Band:
    """More than low."""
    return Band(low=low, strict=True)


def at_least(low: float) -> Band:
    """Low or more."""
    return Band(low=low)


def below(high: float) -> Band:
    """Less than high."""
    return Band(high=high, strict=True)


@dataclass(frozen=True)
class Part:
    """One number of a pattern.

    `kind` is persons, count, share, year or number. Without a `band` it is shown and not judged. Judged is
    the mean over seeds; or, if `clear`, the lower end of its 95% t interval over seeds.
    """

    name: str
    kind: str
    band: Band | None = None
    clear: bool = False


@dataclass(frozen=True)
class Pattern:
    """One pattern: `observers` has, for each setting it needs, the function that observes a run of it. `given` tells
    of a run's places whether they hold the answer: then the pattern is reported, and not counted. `uncounted`: why a
    check pattern is shown and never counted, as that its outcome stands in a rule's own terms."""

    id: str
    wording: str
    use: str
    parts: tuple[Part, ...]
    definition: str
    observers: Mapping[str, Observe]
    compare: Compare | None = None
    given: Given | None = None
    uncounted: str = ""

    def values(self, observed: Mapping[str, Values]) -> Values:
        """The values of one seed, from what was observed in each setting."""
        if self.compare is not None:
            return self.compare(observed)
        (only,) = observed.values()
        return only


def in_real_towns(places: Places) -> bool:
    """Whether where foreigners live, town by town, is read from a register."""
    return places.named


def in_real_regions(places: Places) -> bool:
    """The same, region by region; the municipalities may be drawn."""
    return not places.about.made_up


PATTERNS: dict[str, Pattern] = {}


def pattern(
    id: str,
    wording: str,
    *parts: Part,
    use: str,
    setting: str = "japan",
    observers: Mapping[str, Observe] | None = None,
    given: Given | None = None,
    uncounted: str = "",
) -> Callable[[Function], Function]:
    """Enter a pattern, which the docstring of the decorated function defines.

    The function observes a run of `setting`; or, with `observers`, compares what these saw of several settings.
    """

    def enter(function: Function) -> Function:
        definition = " ".join((inspect.getdoc(function) or "").split())
        judged = any(part.band is not None for part in parts)
        if id in PATTERNS or not definition or judged is (use == REPORTED):
            raise ValueError(f"pattern {id} is entered twice, or lacks a definition or a band")
        compare = function if observers else None
        seen_by = observers or {setting: function}
        PATTERNS[id] = Pattern(id, wording, use, parts, definition, seen_by, compare, given, uncounted)
        return function

    return enter


REPORTED = "reported"  # for reading: where either answer would be one, there is no band
fit, check, reported = (partial(pattern, use=use) for use in ("fit", "check", REPORTED))


def observe_all(setting: str, run: Run) -> dict[str, Values | str]:
    """What a run of a setting says to every pattern that needs it: id -> values, or why it cannot tell."""
    found: dict[str, Values | str] = {}
    for each in PATTERNS.values():
        if setting in each.observers:
            try:
                found[each.id] = each.observers[setting](run)
            except NotAnswerable as reason:
                found[each.id] = str(reason)
    return found


@dataclass(frozen=True)
class Finding:
    """What came of a pattern: values by part, one a seed; `hit` is None where it can't be said, for `why`, and where
    the places hold the answer (`given`). `uncounted`: why it says too little of the model to count."""

    pattern: Pattern
    values: Mapping[str, Sequence[float]]
    hit: bool | None
    why: str = ""
    missed: tuple[str, ...] = ()  # parts outside their band
    given: bool = False
    uncounted: str = ""

    @property
    def silent(self) -> bool:
        """Whether there is no answer where one was asked for."""
        reported = self.pattern.use == REPORTED and bool(self.values)
        return self.hit is None and not self.given and not reported


def judge(pattern: Pattern, by_seed: Sequence[Values | str]) -> Finding:
    """Hold the values of all seeds against the bands; a seed that could not tell gives its reason instead."""
    told = [each for each in by_seed if not isinstance(each, str)]
    reasons = list(dict.fromkeys(each for each in by_seed if isinstance(each, str)))
    if not told:
        return Finding(pattern, {}, None, "; ".join(reasons) or "no run was finished")
    values = {part.name: [float(each[part.name]) for each in told] for part in pattern.parts}
    if len(told) < 2 and any(part.clear for part in pattern.parts):
        return Finding(pattern, values, None, "an interval needs at least two seeds")
    missed = []
    for part in pattern.parts:
        if part.band is not None:
            seen = values[part.name]
            judged = lower_end(seen) if part.clear else float(np.mean(seen))
            if not part.band.holds(judged):
                missed.append(part.name)
    why = f"{len(told)} of {len(by_seed)} seeds; else {'; '.join(reasons)}" if reasons else ""
    return Finding(pattern, values, None if pattern.use == REPORTED else not missed, why, tuple(missed))


def lower_end(values: Sequence[float]) -> float:
    """Lower end of the 95% t interval of the mean; NaN for fewer than two values."""
    return interval(np.asarray(values, float))[0]
