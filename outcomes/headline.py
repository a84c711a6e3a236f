"""The headline numbers of a run, by which scenarios are compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from .cascade import harms, take_up
from .declaration import OF_NEEDS, OWN, THEMES
from .groups import SERVED, UNAUTHORISED_STATUSES, share, totals
from .inequality import last_levels
from .people import modes, portability_loss
from .run import Run


@dataclass(frozen=True)
class Outcome:
    """One number with its words; NaN where the run can't tell (no census, no case)."""

    label: str
    unit: str
    value: float


class Sums:
    """What the headline numbers of a run are taken from, each made when first asked for. `since`: first month."""

    def __init__(self, run: Run, since: int = 0) -> None:
        self.run, self.since = run, since

    @cached_property
    def counts(self) -> Any:
        """Needs, and those met, by provider."""
        return totals(self.run, "monthly", ["needs", "unmet", *SERVED], since=self.since).iloc[0]

    @cached_property
    def claims(self) -> Any:
        """The claiming cascade."""
        return take_up(self.run, since=self.since).iloc[0]

    @cached_property
    def levels(self) -> dict[str, float]:
        """Unevenness of the service level at the last census."""
        return last_levels(self.run)

    @cached_property
    def modes(self) -> pd.DataFrame:
        """Modes of claiming at the last census."""
        return modes(self.run, by=())

    def stock(self, statuses: tuple[str, ...] = ()) -> float:
        """Migrants in the country at the end of the last month; of these statuses, if any are given."""
        last = self.run.columns_of("monthly", ["month", "status", "stock"])
        last = last[last["month"] == self.run.months - 1]
        return float((last[last["status"].isin(statuses)] if statuses else last)["stock"].sum())

    def met(self, by: str) -> float:
        """Share of the needs that a provider met."""
        return float(share(self.counts[by], self.counts["needs"]))

    def met_at_all(self) -> float:
        """Share of the needs that anybody met."""
        return float(share(self.counts["needs"] - self.counts["unmet"], self.counts["needs"]))

    def rate(self, measure: Callable[..., pd.DataFrame], column: str) -> float:
        """A column of a measure of the whole country."""
        return _only(measure(self.run, by=(), since=self.since), column)


class Headline(NamedTuple):
    """A headline number, declared: its words, and how it is had from a run's sums."""

    label: str
    unit: str
    value: Callable[[Sums], float]


_OF_MIGRANTS = "share of migrants"
HEADLINES = {
    "stock": Headline("Migrants at the end", "persons", lambda of: of.stock()),
    "unauthorised": Headline(
        "Unauthorised at the end", "persons", lambda of: of.stock(UNAUTHORISED_STATUSES)
    ),
    "needs_met": Headline("Needs met", OF_NEEDS, lambda of: of.met_at_all()),
    "met_by_city": Headline("Needs met by cities", OF_NEEDS, lambda of: of.met("served_city")),
    "met_by_ngo": Headline("Needs met by NGOs", OF_NEEDS, lambda of: of.met("served_ngo")),
    "met_by_nation": Headline("Needs met by the state", OF_NEEDS, lambda of: of.met("served_nation")),
    "aware": Headline("Aware of a provider", OF_NEEDS, lambda of: float(of.claims["aware_of_needs"])),
    "take_up": Headline(
        "Take-up of the eligible",
        "share of eligible needs",
        lambda of: float(of.claims["claimed_of_eligible_any"]),
    ),
    "sustained": Headline("Claim in a sustained way", _OF_MIGRANTS, lambda of: _only(of.modes, "sustained")),
    "episodic": Headline("Claim episodically", _OF_MIGRANTS, lambda of: _only(of.modes, "episodic")),
    "service_theil": Headline(
        "Unevenness of service level", "Theil index", lambda of: of.levels.get("theil", np.nan)
    ),
    "between_regions": Headline(
        "Unevenness between regions",
        "share of Theil index",
        lambda of: of.levels.get("between_share", np.nan),
    ),
    "unmet_rate": Headline(
        "Unmet needs", "per 1,000 person-years", lambda of: of.rate(harms, "unmet_per_1000")
    ),
    "level_lost": Headline(
        "Service level lost by moving", "level a move", lambda of: of.rate(portability_loss, "level_lost")
    ),
}


def main_outcomes(run: Run, since: int = 0) -> dict[str, Outcome]:
    """Name -> headline number. Stocks are of the last month, modes and service levels of the last December,
    shares of needs and rates of all months from `since` (index, 0 = the whole run) on.

    Measures that a user declared follow, as "own.<name>", with the value of the last year they tell of.
    """
    sums = Sums(run, since)
    found = {name: Outcome(each.label, each.unit, each.value(sums)) for name, each in HEADLINES.items()}
    if OWN in THEMES:
        own = THEMES[OWN]
        for each, (compute, _) in zip(own.measures, own.computed, strict=True):
            table: Any = compute(run, "year")
            last = table.sort_values("year")[each.name]
            value = float(last.iloc[-1]) if len(last) else np.nan
            found[f"{OWN}.{each.name}"] = Outcome(each.label, each.unit, value)
    return found


def _only(table: pd.DataFrame, column: str) -> float:
    """The value in a table of one row; NaN if it has none."""
    return float(table[column].iloc[0]) if len(table) else np.nan
