"""Services as they were observed in a place, beside what the run made of them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .run import Run

COLUMNS = ["place", "name", "service", "date", "observed", "simulated", "difference"]


def observed_services(run: Run) -> pd.DataFrame:
    """A row an observation of the table of places: place, name, service, date, observed, simulated, difference.

    Levels are 0 to 1. `simulated`: of the last December by then, since cities decide once a year; missing (NaN) where
    none was simulated. No rows where the table of places tells of no observation.
    """
    if "observed" not in run.tables:
        return pd.DataFrame(columns=COLUMNS)
    seen, yearly = run.table("observed"), run.table("places_yearly")
    levels = yearly.set_index(["year", "place"])
    by_then = [last_december(date) for date in seen["date"]]
    simulated = [
        float(levels[f"level_{service}"].get((year, place), np.nan))
        for year, place, service in zip(by_then, seen["place"], seen["service"], strict=True)
    ]
    names = run.table("places").set_index("place")["name"]
    return seen.assign(
        name=seen["place"].map(names).astype(str),
        simulated=simulated,
        difference=np.array(simulated) - seen["observed"],
    )[COLUMNS]


def last_december(date: str) -> int:
    """The year of the last December by a date: 2006 for "2006" and "2006-12", 2005 for "2006-04"."""
    year, _, month = date.partition("-")
    return int(year) - (month not in ("", "12"))
