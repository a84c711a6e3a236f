"""The tables behind figures, over the runs of several seeds."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ..outcomes.groups import share


def pool(figure: str, tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """One table of the same columns as each: counts as their mean over runs, shares of all that was counted.

    `figure`: claiming-cascade, who-met-the-need, unevenness or map. Errors: KeyError for another one.
    """
    return _POOLED[figure](pd.concat(tables, ignore_index=True), len(tables))


def _cascade(rows: pd.DataFrame, runs: int) -> pd.DataFrame:
    mean = rows.groupby(["group", "stage"], sort=False, as_index=False)["episodes"].sum()
    needs = mean[mean["stage"] == "needs"].set_index("group")["episodes"]
    mean["share"] = share(mean["episodes"], mean["group"].map(needs))
    return mean.assign(episodes=mean["episodes"] / runs)


def _who_met(rows: pd.DataFrame, runs: int) -> pd.DataFrame:
    mean = rows.groupby(["group", "year", "provider"], sort=False, as_index=False)["episodes"].sum()
    whole = mean.groupby(["group", "year"])["episodes"].transform("sum")
    mean["share"] = share(mean["episodes"], whole)
    return mean.assign(episodes=mean["episodes"] / runs)


def _unevenness(rows: pd.DataFrame, runs: int) -> pd.DataFrame:
    return rows.groupby(["of_what", "year", "part"], sort=False)[["theil"]].mean().reset_index()


def _map(rows: pd.DataFrame, runs: int) -> pd.DataFrame:
    """A place that has its share of needs met in no run has none here."""
    same = ["place", "code", "name", "region_name", "latitude", "longitude"]
    told = rows["share_met"].notna().groupby(rows["place"]).any()
    level = rows["service_level"].groupby(rows["place"]).mean()
    mean = rows.groupby("place")[["migrants", "needs", "met"]].sum()
    result = rows[same].drop_duplicates("place").set_index("place")
    result["migrants"] = mean["migrants"] / runs
    result["service_level"] = level
    result["needs"], result["met"] = mean["needs"] / runs, mean["met"] / runs
    result["share_met"] = share(mean["met"], mean["needs"].where(told, 0))
    return result.reset_index()


_POOLED = {
    "claiming-cascade": _cascade,
    "who-met-the-need": _who_met,
    "unevenness": _unevenness,
    "map": _map,
}
