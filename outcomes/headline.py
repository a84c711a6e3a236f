"""The headline numbers of a run, by which scenarios are compared."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .cascade import SERVED, harms, take_up
from .groups import UNAUTHORISED_STATUSES, share, totals
from .people import modes, portability_loss
from .run import Run
from .spread import last_levels


@dataclass(frozen=True)
class Outcome:
    """One number with its words; NaN where the run can't tell (no census, no case)."""

    label: str
    unit: str
    value: float


# Name -> label and unit.
HEADLINES = {
    "stock": ("Migrants at the end", "persons"),
    "unauthorised": ("Unauthorised at the end", "persons"),
    "needs_met": ("Needs met", "share of needs"),
    "met_by_city": ("Needs met by cities", "share of needs"),
    "met_by_ngo": ("Needs met by NGOs", "share of needs"),
    "met_by_nation": ("Needs met by the state", "share of needs"),
    "aware": ("Aware of a provider", "share of needs"),
    "take_up": ("Take-up of the eligible", "share of eligible needs"),
    "sustained": ("Claim in a sustained way", "share of migrants"),
    "episodic": ("Claim episodically", "share of migrants"),
    "service_theil": ("Unevenness of service level", "Theil index"),
    "between_regions": ("Unevenness between regions", "share of Theil index"),
    "unmet_rate": ("Unmet needs", "per 1,000 person-years"),
    "level_lost": ("Service level lost by moving", "level a move"),
}


def main_outcomes(run: Run, since: int = 0) -> dict[str, Outcome]:
    """Name -> headline number. Stocks are of the last month, modes and service levels of the last December,
    shares of needs and rates of all months from `since` (index, 0 = the whole run) on.
    """
    last = run.columns_of("monthly", ["month", "status", "stock"])
    last = last[last["month"] == run.months - 1]
    outside = last[last["status"].isin(UNAUTHORISED_STATUSES)]
    claims = take_up(run, since=since).iloc[0]
    counts = totals(run, "monthly", ["needs", *SERVED], since=since).iloc[0]
    level = last_levels(run)
    mode = modes(run, by=())

    def of_needs(part: float) -> float:
        return float(share(part, counts["needs"]))

    values = {
        "stock": float(last["stock"].sum()),
        "unauthorised": float(outside["stock"].sum()),
        "needs_met": of_needs(counts[list(SERVED)].sum()),
        "met_by_city": of_needs(counts["served_city"]),
        "met_by_ngo": of_needs(counts["served_ngo"]),
        "met_by_nation": of_needs(counts["served_nation"]),
        "aware": float(claims["aware_of_needs"]),
        "take_up": float(claims["claimed_of_eligible_any"]),
        "sustained": _only(mode, "sustained"),
        "episodic": _only(mode, "episodic"),
        "service_theil": level.get("theil", np.nan),
        "between_regions": level.get("between_share", np.nan),
        "unmet_rate": _only(harms(run, by=(), since=since), "unmet_per_1000"),
        "level_lost": _only(portability_loss(run, by=(), since=since), "level_lost"),
    }
    return {name: Outcome(*words, values[name]) for name, words in HEADLINES.items()}


def _only(table: pd.DataFrame, column: str) -> float:
    """The value in a table of one row; NaN if it has none."""
    return float(table[column].iloc[0]) if len(table) else np.nan
