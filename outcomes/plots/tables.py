"""Sums over the ledger that several figures need."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ...scenarios.catalogue import STATUSES, UNAUTHORISED
from ..groups import over_places
from ..run import Run

# What the article calls unauthorised includes those who work outside the activity of their visa.
GROUP_OF_STATUS = {
    status: "unauthorised" if i in UNAUTHORISED else status for i, status in enumerate(STATUSES)
}
GROUPS = ("citizen", "denizen", "legal", "unauthorised")


def by_month_and_status(run: Run) -> pd.DataFrame:
    """The monthly ledger summed over places: rows (month, status name), all its counts."""
    sums = over_places(run)
    return sums.assign(status=sums["status"].astype(str)).set_index(["month", "status"])


def by_year_and_status(run: Run) -> pd.DataFrame:
    """The same by calendar year; `stock` then counts person-months."""
    sums = by_month_and_status(run).reset_index()
    sums.insert(0, "year", sums.pop("month").map(year_of(run)))
    return sums.groupby(["year", "status"]).sum()


def year_of(run: Run) -> dict[int, int]:
    """The calendar year of each month of the run."""
    return {month: int(run.date(month)[:4]) for month in range(run.months)}


def listed(wide: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """A table of rows by columns as a list: row, column and value under the given names."""
    cells: Any = wide.stack()
    tidy: pd.DataFrame = cells.reset_index()
    tidy.columns = pd.Index(names)
    return tidy


def last_months(run: Run, months: int = 60) -> tuple[int, str]:
    """First month of the last `months` months of the run (all, if it is shorter), and their dates."""
    first = max(0, run.months - months)
    begin, end = run.date(first), run.date(max(0, run.months - 1))
    return first, begin if begin == end else f"{begin} to {end}"
