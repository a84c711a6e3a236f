"""How unevenly local citizenship is spread over places (E2), and how services are adopted (E7)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ..scenarios.catalogue import SERVICES
from . import yearly
from .cascade import SERVED
from .groups import MONTHS_A_YEAR, share
from .run import Run
from .unevenness import Decomposition, gini, moran, nearest, theil_by_luck, theil_decomposed, variation

LEAST_NEEDS = (
    5  # a share of fewer needs (of records, where one stands for several people) is more luck than place
)
ADOPTED_LEVEL = 0.1  # a service above this level counts as adopted
NAN = float("nan")


def unevenness(run: Run) -> pd.DataFrame:
    """E2: unevenness of service level and of needs met, by year; 0 = the same everywhere.

    One row for each year and combination of
    - `of`: service_level (mean of the eleven levels, end of December) or needs_met (share of the needs that
      ended in the calendar year that anybody met);
    - `units`: places, or cells = place and status;
    - `weights`: the population. migrants (at the year's end) or residents, of service level in places;
      person_years of migrants living there during the year, of needs met, and of cells; and for comparison
      needs (episodes), of needs met: places where people have more needs then count for more;
    - `groups`: what Theil is decomposed by: region for places; place and, in another row, status for cells.
      All statuses of a place have its service level, hence nothing of it lies within places.
    Columns `count` (units counted); mean, gini, theil, between, within (theil = between + within),
    between_share, variation (coefficient of variation), all weighted; moran (Moran's I of the places,
    unweighted, six nearest neighbours); luck (of needs met by place: the Theil index to be expected if all places
    were alike, and chance alone decided whose needs are met). Needs met counts only places (cells) with at
    least LEAST_NEEDS = 5 needs ended in the year, or where a record stands for several people, those of five
    records; with few needs, part of the unevenness is luck. NaN where nothing can be said.
    Residents are those at the start of the run.
    """
    return run.once("unevenness", _unevenness).copy()


def _unevenness(run: Run) -> pd.DataFrame:
    cells = _cells(run)
    return pd.DataFrame(_rows_of_levels(run, cells) + _rows_of_needs(run, cells), columns=list(_COLUMNS))


def last_levels(run: Run) -> dict[str, float]:
    """Unevenness of service level between places at the last census, by migrants: mean, gini, theil, between,
    within, between_share, variation, count, as `unevenness` has them; nothing of a run without a census."""
    states = run.table("places_yearly")
    if not len(states):
        return {}
    state = states[states["year"] == states["year"].max()].sort_values("place")
    region = run.table("places").sort_values("place")["region"].to_numpy()
    return _indices(state["service_level"], state["migrants"], region)


def least_needs(run: Run) -> int:
    """Needs of persons below which a share of them says little: those of LEAST_NEEDS records."""
    return LEAST_NEEDS * run.persons_per_record


def adoption(run: Run) -> pd.DataFrame:
    """E7: services adopted, by year (end of December) and service.

    Columns: year, service, places (share of municipalities with the service at a level above ADOPTED_LEVEL =
    0.1), migrants (share of migrants living in these), mean_level, deviation and variance (plain mean, standard
    deviation and variance between municipalities), moran (Moran's I of having adopted; NaN while all or none have).
    """
    neighbours = _neighbours(run)
    rows = []
    for year, state in run.table("places_yearly").groupby("year", sort=True):
        state = state.sort_values("place")
        people = state["migrants"].to_numpy(float)
        for service in SERVICES:
            level = state[f"level_{service}"].to_numpy(float)
            adopted = level > ADOPTED_LEVEL
            rows.append(
                {
                    "year": year,
                    "service": service,
                    "places": adopted.mean(),
                    "migrants": float(share((people * adopted).sum(), people.sum())),
                    "mean_level": level.mean(),
                    "deviation": level.std(),
                    "variance": level.var(),
                    "moran": NAN if neighbours is None else moran(adopted, neighbours=neighbours),
                }
            )
    names = ["year", "service", "places", "migrants", "mean_level", "deviation", "variance", "moran"]
    table = pd.DataFrame(rows, columns=names)
    table["service"] = pd.Categorical(table["service"], categories=list(SERVICES), ordered=True)
    return table


def alike(run: Run) -> pd.DataFrame:
    """E7: do places grow alike? Columns: year (end of December), mean_level, variance.

    Plain mean and variance between municipalities of the service level (mean of the eleven levels).
    """
    level = run.columns_of("places_yearly", ["year", "service_level"]).groupby("year")["service_level"]
    return pd.DataFrame({"mean_level": level.mean(), "variance": level.var(ddof=0)}).reset_index()


_COLUMNS = (
    "year",
    "of",
    "units",
    "weights",
    "groups",
    "count",
    "mean",
    "gini",
    "theil",
    "between",
    "within",
    "between_share",
    "variation",
    "moran",
    "luck",
)


def _cells(run: Run) -> pd.DataFrame:
    """By year, place and status: person_years, needs, and how many of them were met."""
    counts = yearly.cells(run, ["stock", "needs", *SERVED])
    return counts[["year", "place", "status", "needs"]].assign(
        person_years=counts["stock"] / MONTHS_A_YEAR, met=counts[list(SERVED)].sum(axis=1)
    )


def _rows_of_levels(run: Run, cells: pd.DataFrame) -> list[dict[str, Any]]:
    places = run.table("places").sort_values("place")
    region, residents = places["region"].to_numpy(), places["population"].to_numpy(float)
    neighbours = _neighbours(run)
    by_year = dict(iter(cells.groupby("year")))
    rows = []
    for year, state in run.table("places_yearly").groupby("year", sort=True):
        state = state.sort_values("place")
        level = state["service_level"].to_numpy(float)
        clustering = NAN if neighbours is None else moran(level, neighbours=neighbours)
        head = {"year": year, "of": "service_level"}
        for name, weights in (("migrants", state["migrants"].to_numpy(float)), ("residents", residents)):
            split = {"units": "places", "weights": name, "groups": "region"}
            rows.append(
                {**head, **split, **_indices(level, weights, region), "moran": clustering, "luck": NAN}
            )
        cell = by_year.get(year, cells.iloc[:0])
        rows += _rows_of_cells(head, cell, level[cell["place"].to_numpy(np.int64)], "person_years")
    return rows


def _rows_of_needs(run: Run, cells: pd.DataFrame) -> list[dict[str, Any]]:
    places = run.table("places").sort_values("place")
    region_of = places["region"].to_numpy()
    latitude, longitude = places["latitude"].to_numpy(float), places["longitude"].to_numpy(float)
    least = least_needs(run)
    rows = []
    for year, of_year in cells.groupby("year", sort=True):
        by_place = of_year.groupby("place", as_index=False)[["needs", "met", "person_years"]].sum()
        by_place = by_place[by_place["needs"] >= least]
        index = by_place["place"].to_numpy(np.int64)
        met = share(by_place["met"], by_place["needs"])
        clustering = moran(met, latitude[index], longitude[index]) if len(index) > 1 else NAN
        cell = of_year[of_year["needs"] >= least]
        met_in_cell = share(cell["met"], cell["needs"])
        head = {"year": year, "of": "needs_met"}
        for name in ("person_years", "needs"):
            split = {"units": "places", "weights": name, "groups": "region"}
            indices = _indices(met, by_place[name], region_of[index])
            luck = NAN
            if name == "needs":
                luck = theil_by_luck(
                    indices["mean"], len(index), by_place["needs"].sum() / run.persons_per_record
                )
            rows.append({**head, **split, **indices, "moran": clustering, "luck": luck})
            rows += _rows_of_cells(head, cell, met_in_cell, name)
    return rows


def _rows_of_cells(
    head: dict[str, Any], cell: pd.DataFrame, values: ArrayLike, weights: str
) -> list[dict[str, Any]]:
    """Two rows for cells of place and status: between and within places, and between and within statuses."""
    rows = []
    for groups in ("place", "status"):
        labels = cell[groups].to_numpy() if groups == "place" else cell[groups].cat.codes.to_numpy()
        split = {"units": "cells", "weights": weights, "groups": groups}
        rows.append({**head, **split, **_indices(values, cell[weights], labels), "moran": NAN, "luck": NAN})
    return rows


def _indices(values: ArrayLike, weights: ArrayLike, groups: Any) -> dict[str, Any]:
    x, w = np.asarray(values, float), np.asarray(weights, float)
    total = float((w * x).sum())
    split = theil_decomposed(x, w, groups) if total > 0 else Decomposition(NAN, NAN, NAN)
    return {
        "count": int((w > 0).sum()),
        "mean": float(share(total, w.sum())),
        "gini": gini(x, w) if total > 0 else NAN,
        "theil": split.total,
        "between": split.between,
        "within": split.within,
        "between_share": split.between_share,
        "variation": variation(x, w) if total > 0 else NAN,
    }


def _neighbours(run: Run) -> NDArray[np.int64] | None:
    """The nearest places of each place, or None in a run with a single place."""
    places = run.table("places").sort_values("place")
    return nearest(places["latitude"], places["longitude"]) if len(places) > 1 else None
