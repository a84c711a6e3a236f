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
    moves = portability_loss(run, by=(), since=since)
    unmet = harms(run, by=(), since=since)

    def of_needs(label: str, part: float) -> Outcome:
        return Outcome(label, "share of needs", float(share(part, counts["needs"])))

    return {
        "stock": Outcome("Migrants at the end", "persons", float(last["stock"].sum())),
        "unauthorised": Outcome("Unauthorised at the end", "persons", float(outside["stock"].sum())),
        "needs_met": of_needs("Needs met", counts[list(SERVED)].sum()),
        "met_by_city": of_needs("Needs met by cities", counts["served_city"]),
        "met_by_ngo": of_needs("Needs met by NGOs", counts["served_ngo"]),
        "met_by_nation": of_needs("Needs met by the state", counts["served_nation"]),
        "aware": Outcome("Aware of a provider", "share of needs", float(claims["aware_of_needs"])),
        "take_up": Outcome(
            "Take-up of the eligible", "share of eligible needs", float(claims["claimed_of_eligible_any"])
        ),
        "sustained": Outcome("Claim in a sustained way", "share of migrants", _only(mode, "sustained")),
        "episodic": Outcome("Claim episodically", "share of migrants", _only(mode, "episodic")),
        "service_theil": Outcome("Unevenness of service level", "Theil index", level.get("theil", np.nan)),
        "between_regions": Outcome(
            "Unevenness between regions", "share of Theil index", level.get("between_share", np.nan)
        ),
        "unmet_rate": Outcome("Unmet needs", "per 1,000 person-years", _only(unmet, "unmet_per_1000")),
        "level_lost": Outcome("Service level lost by moving", "level a move", _only(moves, "level_lost")),
    }


def _only(table: pd.DataFrame, column: str) -> float:
    """The value in a table of one row; NaN if it has none."""
    return float(table[column].iloc[0]) if len(table) else np.nan
