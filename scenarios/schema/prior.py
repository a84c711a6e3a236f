"""What is believed of a parameter before the model is held against anything: its prior.

It follows from the parameter's value, range and source, by one convention for all; a declaration may give another.

- The value is its middle (the median, before it is cut off at the ends of the range).
- A **cited** value is narrow: nine in ten lie within a factor of 1.2. An **assumption** is wide: within a factor of 4.
  What was **fitted** by hand counts as an assumption, or else what it was fitted to would be used twice.
- Of shares and probabilities the factor is one of the odds, so that 0.9 is as open as 0.1; of other numbers that can't
  be negative, of the number itself. Of numbers that can be negative nine in ten lie within a twentieth (cited) or a
  quarter (assumption) of the range to either side.
- A value at the end of its range (a chance of 0, a share of 1) has no factor: all values from it to a twentieth or a
  quarter of the range are as likely.
- Of a switch or a choice that is assumed, all values are as likely; one that is cited stays.

Nothing lies outside the parameter's range.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .parameter import ParameterInfo

NARROW, WIDE = 1.2, 4.0  # nine in ten lie within this factor of the value
NEAR, FAR = 0.05, 0.25  # of the range
ASSUMED = ("assumption", "fitted")  # how the source of what nobody has measured begins
LINEAR, LOG, ODDS = "linear", "log", "odds"
_NORMAL = NormalDist()
_NINE_IN_TEN = _NORMAL.inv_cdf(0.95)
_DIGITS = 12  # that count: the same on every machine, and short enough to be typed again


@dataclass(frozen=True)
class Prior:
    """A distribution over the values of a parameter.

    Over `choices`, all as likely; or over numbers from `low` to `high`: normal around `middle` with the standard
    deviation `spread`, both on the `scale` (linear, log or odds), or even on it where `spread` is infinite. `whole`:
    whole numbers only. `why`: what it follows from.
    """

    low: float = -math.inf
    high: float = math.inf
    scale: str = LINEAR
    middle: float = 0.0
    spread: float = math.inf
    whole: bool = False
    choices: tuple[Any, ...] = ()
    why: str = "declared"

    @classmethod
    def even(cls, low: float, high: float, scale: str = LINEAR, **about: Any) -> Prior:
        """All values from `low` to `high` as likely; on the scale `log` or `odds`, all ratios of them."""
        return cls(low, high, scale, **about)

    @classmethod
    def around(cls, middle: float, within: float, scale: str = LOG, **about: Any) -> Prior:
        """Nine in ten `within` this factor of the middle: of its odds, or on a linear scale this far to either side."""
        distance = within if scale == LINEAR else math.log(within)
        return cls(scale=scale, middle=_to(scale, middle), spread=distance / _NINE_IN_TEN, **about)

    @property
    def settled(self) -> bool:
        """Whether it leaves one value only."""
        return len(self.choices) == 1 or self.low == self.high

    def at(self, share: float) -> Any:
        """The value below which `share` (0 to 1) of it lies; choices have equal parts, in their order."""
        if self.choices:
            return self.choices[min(int(share * len(self.choices) + 1e-9), len(self.choices) - 1)]
        first, last = self._ends()
        if math.isinf(self.spread):
            found = _from(self.scale, first + share * (last - first))
        else:
            below, up_to = self.cut
            part = min(max(below + share * (up_to - below), 1e-12), 1.0 - 1e-12)
            found = _from(self.scale, self.middle + self.spread * _NORMAL.inv_cdf(part))
        found = min(max(float(f"{found:.{_DIGITS}g}"), self.low), self.high)
        return round(found) if self.whole else found

    def share(self, value: Any) -> float:
        """How much of it lies below a value, the inverse of `at`; of choices, the middle of their part."""
        if self.choices:
            return (
                (self.choices.index(value) + 0.5) / len(self.choices) if value in self.choices else math.nan
            )
        if not self.low <= value <= self.high:
            return math.nan
        first, last = self._ends()
        here = _to(self.scale, value)
        if math.isinf(self.spread):
            return (here - first) / (last - first) if last > first else 0.5
        below, up_to = self.cut
        return (self._below(here) - below) / (up_to - below)

    @property
    def cut(self) -> tuple[float, float]:
        """How much of the normal distribution lies below either end, where it is cut off; of one that is normal."""
        below, up_to = (self._below(end) for end in self._ends())
        return below, up_to

    @property
    def words(self) -> str:
        """What it says, in a line."""
        if self.choices:
            names = [str(each).lower() if isinstance(each, bool) else str(each) for each in self.choices]
            what = f"{names[0]}, as it is" if len(names) == 1 else f"{' or '.join(names)}, as likely"
        elif math.isinf(self.spread):
            how = {LINEAR: "evenly", LOG: "evenly by ratio", ODDS: "evenly by odds"}[self.scale]
            what = f"{self.low:.4g} to {self.high:.4g}, {how}"
        else:
            low, middle, high = (self.at(share) for share in (0.05, 0.5, 0.95))
            what = f"median {middle:.3g}, nine in ten from {low:.3g} to {high:.3g}"
        return f"{what} ({self.why})"

    def _ends(self) -> tuple[float, float]:
        return _to(self.scale, self.low), _to(self.scale, self.high)

    def _below(self, place: float) -> float:
        return _NORMAL.cdf((place - self.middle) / self.spread) if math.isfinite(place) else float(place > 0)


def is_assumed(source: str) -> bool:
    """Whether a source is none: an assumption, or a value that was fitted."""
    return source.strip().lower().startswith(ASSUMED)


def prior_of(info: ParameterInfo, value: Any = None, source: str | None = None) -> Prior | None:
    """The prior of a parameter: as declared, or by the convention above; None of what is neither number nor choice.

    `value`, `source`: those of a scenario, if they are not the default's.
    """
    if info.prior is not None:
        return info.prior
    value = info.default if value is None else value
    source = info.source if source is None else source
    assumed = is_assumed(source)
    why = source.strip().split()[0].strip(",;:").lower() if assumed else "cited"
    choices = (False, True) if info.type is bool else info.choices
    if choices is not None:
        return Prior(choices=tuple(choices) if assumed else (value,), why=why)
    if info.type not in (int, float) or info.presentation:
        return None
    low, high = -math.inf if info.low is None else info.low, math.inf if info.high is None else info.high
    about: dict[str, Any] = {"low": low, "high": high, "whole": info.type is int, "why": why}
    scale = _scale_of(info, low, high)
    if scale == LINEAR:
        width = high - low if math.isfinite(high - low) else max(1.0, abs(value))
        return Prior.around(value, (FAR if assumed else NEAR) * width, LINEAR, **about)
    if value <= 0.0 or (scale == ODDS and value >= 1.0):
        end = info.slider_end if value < high and info.slider_end is not None else high
        reach = (FAR if assumed else NEAR) * (end - low)
        edges = (low, low + reach) if value <= 0.0 else (high - reach, high)
        return Prior.even(*edges, whole=about["whole"], why=f"{why}, at the end of its range")
    return Prior.around(value, WIDE if assumed else NARROW, scale, **about)


def _scale_of(info: ParameterInfo, low: float, high: float) -> str:
    if low < 0.0:
        return LINEAR
    return ODDS if high <= 1.0 and info.unit.startswith(("share", "probability")) else LOG


def _to(scale: str, value: float) -> float:
    """A number's place on a scale."""
    if scale == LINEAR:
        return value
    if value <= 0.0:
        return -math.inf
    if scale == LOG:
        return math.log(value)
    return math.log(value / (1.0 - value)) if value < 1.0 else math.inf


def _from(scale: str, place: float) -> float:
    """The number at a place of a scale."""
    if scale == LINEAR:
        return place
    return math.exp(place) if scale == LOG else 1.0 / (1.0 + math.exp(-place))
