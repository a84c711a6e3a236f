"""How unevenly local citizenship is spread over places (E2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..model.columns import Columns
from .declaration import GINI, LEVEL, MORAN, OF_NEEDS, THEIL, THIS_MODEL, Framed, Measure, theme
from .groups import (
    MONTHS_A_YEAR,
    By,
    by_year,
    cells,
    grouped,
    keys_of,
    own_help_of,
    places_each_year,
    places_of,
    served_in,
    share,
)
from .run import Run
from .unevenness import NEIGHBOURS, POSITION, Indices, indices_of, moran, neighbours_of, theil_by_luck

# A share of fewer needs (of records, where one stands for several people) is more luck than place.
LEAST_NEEDS = 5
NAN = float("nan")


@Framed
def unevenness(run: Run) -> Columns:
    """E2: unevenness of service level and of needs met, by year; 0 = the same everywhere.

    One row for each year and combination of
    - `of`: service_level (mean of all levels, end of December) or needs_met (share of the needs that
      ended in the calendar year and were met: not by compatriots, whose help is no claim);
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
    least `least_needs(run)` needs ended in the year; with few needs, part of the unevenness is luck. NaN where nothing
    can be said. Residents are those at the start of the run.
    """
    wanted = (*_POPULATION, *_OTHERS)
    return Columns.of_rows(_COLUMNS, [*_rows_of_levels(run, wanted), *_rows_of_needs(run, wanted)])


def last_levels(run: Run) -> dict[str, float]:
    """Unevenness of service level between places at the last census, by migrants: mean, gini, theil, between,
    within, between_share, variation, count, as `unevenness` has them; nothing of a run without a census."""
    states = places_each_year(run, ["service_level", "migrants"])
    if not states:
        return {}
    state, region = states[max(states)], places_of(run, ["region"])["region"]
    return indices_of(state["service_level"], state["migrants"], region)._asdict()


def least_needs(run: Run) -> int:
    """Needs of persons below which a share of them says little: those of LEAST_NEEDS records."""
    return LEAST_NEEDS * run.persons_per_record


_COLUMNS = ("year", "of", "units", "weights", "groups", *Indices._fields, "moran", "luck")
_COUNTS = ("place", "status", "needs", "met", "person_years")
_NOBODY = Columns(dict.fromkeys(_COUNTS, np.array([], np.int64)))
Row = tuple[Any, ...]  # as _COLUMNS
# Weights: those that count people, and others, which are listed as such among the measures.
_POPULATION, _OTHERS = ("migrants", "person_years"), ("residents", "needs")


def _lived(run: Run) -> Columns:
    """Needs, those met and person-years by year, place and status, in this order."""
    counts = run.cached("cells", lambda run: cells(run, ["stock", "needs", "unmet", *own_help_of(run)]))
    return counts.adding({"person_years": counts["stock"] / MONTHS_A_YEAR, "met": served_in(run, counts)})


def _rows_of_levels(run: Run, wanted: tuple[str, ...]) -> Iterator[Row]:
    """What there is to say of service levels, by the weights wanted."""
    places = places_of(run, ["region", "population", *POSITION])
    region, residents = places["region"], places["population"].astype(float)
    neighbours = neighbours_of(places)
    lived = by_year(_lived(run))
    for year, state in places_each_year(run, ["service_level", "migrants"]).items():
        level, head = state["service_level"].astype(float), (year, "service_level")
        clustering = NAN if neighbours is None else moran(level, neighbours)
        for name, weights in (("migrants", state["migrants"]), ("residents", residents)):
            if name in wanted:
                yield *head, "places", name, "region", *indices_of(level, weights, region), clustering, NAN
        if "person_years" in wanted:
            cell = lived.get(year, _NOBODY)
            yield from _rows_of_cells(head, cell, level[cell["place"]], "person_years")


def _rows_of_needs(run: Run, wanted: tuple[str, ...]) -> Iterator[Row]:
    """What there is to say of needs met, by the weights wanted."""
    places, least, lived = places_of(run, ["region", *POSITION]), least_needs(run), _lived(run)
    region_of = places["region"]
    sums = grouped(lived, ["needs", "met", "person_years"], ("year", "place"))
    enough = by_year(sums.at(sums["needs"] >= least))
    in_cells = by_year(lived.at(lived["needs"] >= least))
    neighbours: dict[bytes, Any] = {}  # of the places that count in a year: mostly the same ones
    for year in np.unique(lived["year"]).tolist():
        here, cell, head = enough.get(year, _NOBODY), in_cells.get(year, _NOBODY), (year, "needs_met")
        met, clustering = share(here["met"], here["needs"]), NAN
        index = here["place"]
        if len(index) > 1:
            if index.tobytes() not in neighbours:
                neighbours[index.tobytes()] = neighbours_of(places.at(index))
            clustering = moran(met, neighbours[index.tobytes()])
        for name in (name for name in ("person_years", "needs") if name in wanted):
            indices = indices_of(met, here[name], region_of[index])
            luck = NAN
            if name == "needs":
                records = here["needs"].sum() / run.persons_per_record
                luck = theil_by_luck(indices.mean, len(index), records)
            yield *head, "places", name, "region", *indices, clustering, luck
            yield from _rows_of_cells(head, cell, share(cell["met"], cell["needs"]), name)


def _rows_of_cells(head: tuple[int, str], cell: Columns, values: ArrayLike, weights: str) -> Iterator[Row]:
    """Two rows for cells of place and status: between and within places, and between and within statuses."""
    for groups in ("place", "status"):
        yield *head, "cells", weights, groups, *indices_of(values, cell[weights], cell[groups]), NAN, NAN


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


def _index(
    name: str,
    label: str,
    definition: str,
    unit: str = "Theil index",
    source: str = THEIL,
    not_by: tuple[str, ...] = (),
) -> Measure:
    return Measure(name, label, unit, definition, source, not_by=not_by)


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
        not_by=("weights",),
    ),
    _index(
        "level_within_statuses", "level, within statuses",
        "The rest: between people of one status in different places.",
        not_by=("weights",),
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
def _uneven(run: Run, by: By) -> Iterator[Columns]:
    """By population, or by each of the other weights."""
    divided = "weights" in keys_of(by)
    wanted = _OTHERS if divided else _POPULATION
    rows: dict[tuple[Any, ...], list[Row]] = {}
    for row in (*_rows_of_levels(run, wanted), *_rows_of_needs(run, wanted)):
        _, of, units, _, groups, *_ = row
        rows.setdefault((of, units, groups), []).append(row)
    keys = ("year", "weights") if divided else ("year",)
    for what, columns in _NAMES.items():
        kept = [_COLUMNS.index(name) for name in (*keys, *columns)]
        found = [tuple(row[each] for each in kept) for row in rows.get(what, ())]
        yield Columns.of_rows([*keys, *columns.values()], found)
