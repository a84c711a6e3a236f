"""All outcome measures by year in one tidy table, as each run folder has it: E1 to E9 of `definitions`.

Nothing is measured here: the functions of `measures` are called on yearly sums, and their columns listed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from .cascade import COUNTED, formal_and_substantive, harms, take_up, who_fills
from .collaboration import collaboration
from .definitions import BY_ID, OUTCOMES, all_measures
from .groups import totals
from .people import modes, portability_loss
from .run import Run
from .spread import adoption, alike, unevenness
from .yearly import yearly_of

Pieces = Callable[[Run, Run], Iterator[pd.DataFrame]]  # of a run, and of its yearly sums

NAME = "measures"
NEEDED = ("monthly", "needs", "census", "places_yearly", "moves", "places")
COUNTRY, ALL = "country", "all"
WITH_NGOS, WITHOUT_NGOS = "with NGOs", "without NGOs"

# E2: what of the table `unevenness` has which names here: (of, units, groups) -> column -> measure.
_SPLIT = ("between", "within")
_INDICES = ("count", "mean", "gini", "theil", "variation", "moran")
_UNEVENNESS = {
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


def with_measures(run: Run) -> Run:
    """The run with its table `measures`; as it is if it has one, or lacks the tables to make one."""
    if NAME in run.tables or not set(NEEDED) <= set(run.tables):
        return run
    return Run(run.scenario, run.tables.replaced(**{NAME: measures_table(run)}), run.manifest)


def measures_table(run: Run, ids: Collection[str] | None = None) -> pd.DataFrame:
    """All measures of E1 to E9, or only of `ids`, tidy. Columns: year, id, measure, by, group, value, unit.

    `by` and `group`: what part of the country (country and all; status and legal ...). What is counted at a
    December's end has no rows in a year cut short before it; other measures tell of the months there are. A
    value is missing (NaN) where nothing was counted. Errors: KeyError for an id that is not one of E1 to E9.
    """
    short = yearly_of(run)
    wanted = [outcome.id for outcome in OUTCOMES] if ids is None else sorted(ids)
    pieces = [piece for identity in wanted for piece in _PIECES[identity](run, short)]
    table = pd.concat([piece for piece in pieces if len(piece)] or pieces[:1], ignore_index=True)
    keys = [(outcome.id, measure.name) for outcome, measure in all_measures()]
    units = np.array([measure.unit for _, measure in all_measures()], object)
    number = pd.MultiIndex.from_tuples(keys).get_indexer(pd.MultiIndex.from_frame(table[["id", "measure"]]))
    table = pd.DataFrame(
        {
            "year": table["year"].astype("int16"),
            "id": _named(table["id"], [outcome.id for outcome in OUTCOMES]),
            "measure": _named(table["measure"], [name for _, name in keys]),
            "by": _named(table["by"], table["by"]),
            "group": _named(table["group"], table["group"]),
            "value": table["value"].astype(float),
            "unit": _named(units[number], units),
            "number": number,
        }
    )
    ordered = table.sort_values(["id", "year", "by", "number"], kind="stable", ignore_index=True)
    return ordered.drop(columns="number")


def _named(values: Iterable[str], names: Iterable[str]) -> Any:
    """An ordered categorical: `values` out of `names`, in the order in which these first come up."""
    return pd.Categorical(list(values), list(dict.fromkeys(names)), ordered=True)


def _rights(run: Run, short: Run) -> Iterator[pd.DataFrame]:
    """E1 by status; also by region, of which yearly sums know nothing."""
    yield from _by_status("E1", formal_and_substantive)(run, short)
    places = run.table("places")
    names = dict(zip(places["region"], places["region_name"], strict=True))
    regional = formal_and_substantive(run, by=("year", "region"))
    yield _listed("E1", regional.assign(region=regional["region"].map(names)), "region")


def _by_status(identity: str, measure: Callable[..., pd.DataFrame]) -> Pieces:
    """A measure of the claiming cascade, for the country and by status."""

    def pieces(_: Run, short: Run) -> Iterator[pd.DataFrame]:
        country = short.once("by status", _over_places)
        tables = Run(short.scenario, short.tables.replaced(monthly=country))
        yield _listed(identity, measure(tables, by="year"))
        yield _listed(identity, measure(tables, by=("year", "status")), "status")

    return pieces


def _over_places(short: Run) -> pd.DataFrame:
    return totals(short, "monthly", COUNTED, ("year", "status"))


def _uneven(_: Run, short: Run) -> Iterator[pd.DataFrame]:
    uneven = unevenness(short)
    for (of, units, groups), columns in _UNEVENNESS.items():
        rows = uneven[(uneven["of"] == of) & (uneven["units"] == units) & (uneven["groups"] == groups)]
        rows = rows[["year", "weights", *columns]].rename(columns=columns)
        population = rows["weights"].isin(_POPULATION)
        yield _listed("E2", rows[population].drop(columns="weights"))
        yield _listed("E2", rows[~population], "weights")


def _diffusion(_: Run, short: Run) -> Iterator[pd.DataFrame]:
    yield _listed("E7", alike(short))
    yield _listed("E7", adoption(short).drop(columns="deviation"), "service")


def _beside_ngos(_: Run, short: Run) -> Iterator[pd.DataFrame]:
    yield _listed("E9", collaboration(short, by=()))
    effort = collaboration(short)
    yield _listed(
        "E9", effort.assign(ngos=np.where(effort["ngos"].astype(bool), WITH_NGOS, WITHOUT_NGOS)), "ngos"
    )


def _by(identity: str, measure: Callable[..., pd.DataFrame], *groups: str) -> Pieces:
    """A measure of persons, for the country and by each of `groups`."""

    def pieces(_: Run, short: Run) -> Iterator[pd.DataFrame]:
        yield _listed(identity, measure(short, by="year"))
        for by in groups:
            yield _listed(identity, measure(short, by=("year", by)), by)

    return pieces


def _listed(identity: str, wide: pd.DataFrame, by: str = COUNTRY) -> pd.DataFrame:
    """A table with a column for each measure as rows: year, id, measure, by, group, value."""
    groups = wide[by].astype(str).to_numpy(object) if by in wide else np.full(len(wide), ALL, object)
    names = [m.name for m in BY_ID[identity].measures if m.name in wide]
    if unknown := set(wide.columns) - {"year", by, *names}:
        raise ValueError(f"{identity} has no definition of {', '.join(sorted(unknown))}")
    values = wide[names].to_numpy(float)
    count = len(wide)
    return pd.DataFrame(
        {
            "year": np.tile(wide["year"].to_numpy(np.int64), len(names)),
            "id": identity,
            "measure": np.repeat(np.array(names, object), count),
            "by": by,
            "group": np.tile(groups, len(names)),
            "value": values.T.ravel(),
        }
    )


_PIECES: dict[str, Pieces] = {
    "E1": _rights,
    "E2": _uneven,
    "E3": _by_status("E3", take_up),
    "E4": _by("E4", modes, "status", "stay"),
    "E5": _by_status("E5", who_fills),
    "E6": _by("E6", portability_loss, "status", "origin_fifth"),
    "E7": _diffusion,
    "E8": _by_status("E8", harms),
    "E9": _beside_ngos,
}
