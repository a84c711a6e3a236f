"""How unevenly local citizenship is spread over places (E2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from .declaration import GINI, LEVEL, MORAN, OF_NEEDS, THEIL, THIS_MODEL, Measure, theme
from .groups import MONTHS_A_YEAR, By, cells, keys_of, share
from .run import Run
from .unevenness import (
    NEIGHBOURS,
    Decomposition,
    gini,
    moran,
    neighbours_of,
    theil_by_luck,
    theil_decomposed,
    variation,
)

# A share of fewer needs (of records, where one stands for several people) is more luck than place.
LEAST_NEEDS = 5
NAN = float("nan")


def unevenness(run: Run) -> pd.DataFrame:
    """E2: unevenness of service level and of needs met, by year; 0 = the same everywhere.

    One row for each year and combination of
    - `of`: service_level (mean of all levels, end of December) or needs_met (share of the needs that
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
    return run.cached("unevenness", _unevenness).copy()


def _unevenness(run: Run) -> pd.DataFrame:
    counts = _cells(run)
    return pd.DataFrame(_rows_of_levels(run, counts) + _rows_of_needs(run, counts), columns=list(_COLUMNS))


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
    counts = cells(run, ["stock", "needs", "unmet"])
    return counts[["year", "place", "status", "needs"]].assign(
        person_years=counts["stock"] / MONTHS_A_YEAR, met=counts["needs"] - counts["unmet"]
    )


def _rows_of_levels(run: Run, counts: pd.DataFrame) -> list[dict[str, Any]]:
    places = run.table("places").sort_values("place")
    region, residents = places["region"].to_numpy(), places["population"].to_numpy(float)
    neighbours = neighbours_of(run.table("places"))
    by_year = dict(iter(counts.groupby("year")))
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
        cell = by_year.get(year, counts.iloc[:0])
        rows += _rows_of_cells(head, cell, level[cell["place"].to_numpy(np.int64)], "person_years")
    return rows


def _rows_of_needs(run: Run, counts: pd.DataFrame) -> list[dict[str, Any]]:
    places = run.table("places").sort_values("place")
    region_of = places["region"].to_numpy()
    latitude, longitude = places["latitude"].to_numpy(float), places["longitude"].to_numpy(float)
    least = least_needs(run)
    rows = []
    for year, of_year in counts.groupby("year", sort=True):
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


# What of the table `unevenness` has which names as measures: (of, units, groups) -> column -> measure.
_SPLIT = ("between", "within")
_INDICES = ("count", "mean", "gini", "theil", "variation", "moran")
_NAMES = {
    (of, "places", "region"): {
        **{name: f"{short}_{name}" for name in _INDICES},
        **{name: f"{short}_{name}_regions" for name in _SPLIT},
    }
    for of, short in (("service_level", "level"), ("needs_met", "needs"))
} | {
    ("needs_met", "cells", "place"): {"theil": "cells_theil"} | {n: f"cells_{n}_places" for n in _SPLIT},
    ("needs_met", "cells", "status"): {n: f"cells_{n}_statuses" for n in _SPLIT},
    ("service_level", "cells", "status"): {n: f"level_{n}_statuses" for n in _SPLIT},
}
_POPULATION = ("migrants", "person_years")  # weights that count people; others are listed as such


def _index(name: str, label: str, definition: str, unit: str = "Theil index", source: str = THEIL) -> Measure:
    return Measure(name, label, unit, definition, source)


def _indices_of(short: str, called: str) -> tuple[Measure, ...]:
    """The indices of one quantity over places, and how its Theil index splits by region."""
    total = f"{short}_theil"
    return (
        _index(f"{short}_gini", f"Gini of {called}", "Gini coefficient; 0 = all alike.", "Gini, 0 to 1", GINI),
        _index(total, f"Theil of {called}", "Theil's T; 0 = all alike."),
        _index(f"{short}_between_regions", f"{short}, between regions", f"Part of {total} {_BETWEEN}"),
        _index(f"{short}_within_regions", f"{short}, within regions", f"The rest of {total}: {_WITHIN}"),
    )  # fmt: skip


_BETWEEN, _WITHIN = "between the means of regions.", "between places of one region."
_VARIATION = ("Coefficient of variation.", "deviation / mean", THIS_MODEL)
_PARTS = (
    ("between", "places", "Part of cells_theil between the means of places."),
    ("within", "places", "The rest of cells_theil: between statuses in one place."),
    ("between", "statuses", "Part of cells_theil between the means of statuses."),
    ("within", "statuses", "The rest of cells_theil: between places, among people of one status."),
)
_MEASURES = (
    Measure("level_count", "places counted", "places", "Places with a weight above 0."),
    Measure("level_mean", "mean service level", LEVEL, "Mean of the levels of all services, averaged over people."),
    *_indices_of("level", "service level"),
    _index(
        "level_between_statuses", "level, between statuses",
        "Theil's T between the means of statuses: do some live where services are better?",
    ),
    _index(
        "level_within_statuses", "level, within statuses",
        "The rest: between people of one status in different places.",
    ),
    _index("level_variation", "variation of level", *_VARIATION),
    _index(
        "level_moran", "Moran's I of level",
        f"Have neighbours ({NEIGHBOURS} nearest places) like levels? 0 by chance; not weighted. By service: E7.",
        "-1 to 1", MORAN,
    ),
    Measure("needs_count", "places with needs", "places", "Places counted (see below), of a weight above 0."),
    Measure("needs_mean", "mean share of needs met", OF_NEEDS, "Share of a place's needs met, averaged over people."),
    *_indices_of("needs", "needs met"),
    _index("needs_variation", "variation of needs met", *_VARIATION),
    _index(
        "needs_moran", "Moran's I of needs met",
        f"Do neighbours ({NEIGHBOURS} nearest places counted) meet like shares? 0 by chance; not weighted.",
        "-1 to 1", MORAN,
    ),
    _index(
        "cells_theil", "Theil by place and status",
        "Theil's T of the share of needs met in cells of place and status.",
    ),
    *(_index(f"cells_{part}_{groups}", f"needs, {part} {groups}", words) for part, groups, words in _PARTS),
)  # fmt: skip


@theme(
    "E2",
    "Unevenness",
    "local citizenship differs from city to city, even within one nation",
    *_MEASURES,
    vary="compare no-diffusion and national-standard",
    by=("weights",),
    notes=(
        "Weights are population. level_...: migrants living in the place at the end of December (under residents: "
        "all residents at the start of the run); between and within statuses: their person-years in the year.",
        f"needs_... count places, cells_... cells of place and status, with {LEAST_NEEDS} needs or more in the year, "
        "weighted by the person-years of migrants there (under needs: by needs).",
    ),
)
def _uneven(run: Run, by: By) -> Iterator[pd.DataFrame]:
    """By population, or by each of the other weights."""
    uneven = unevenness(run)
    for (of, units, groups), columns in _NAMES.items():
        rows = uneven[(uneven["of"] == of) & (uneven["units"] == units) & (uneven["groups"] == groups)]
        rows = rows[["year", "weights", *columns]].rename(columns=columns)
        population = rows["weights"].isin(_POPULATION)
        yield rows[~population] if "weights" in keys_of(by) else rows[population].drop(columns="weights")
