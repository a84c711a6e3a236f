"""All measures of E1 to E9, each a function of a run, and the tidy table of them that a run folder has.

Shares lie between 0 and 1; where nothing was counted, a share is NaN. Each is declared beside its function: see
`declaration`. To add one, add a function with `@measure(id="E3", ...)` to the file of its theme.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .cascade import formal_and_substantive, harms, take_up, who_fills
from .collaboration import collaboration
from .declaration import (
    ALL,
    COUNTRY,
    OWN,
    REFERENCES,
    THEMES,
    Measure,
    MeasureError,
    Theme,
    all_measures,
    measure,
)
from .diffusion import ADOPTED_LEVEL, adoption, convergence
from .groups import helpers_of, yearly_of
from .headline import Outcome, main_outcomes
from .inequality import LEAST_NEEDS, unevenness
from .people import flows, modes, portability_loss, stocks
from .run import Run

__all__ = (
    "ADOPTED_LEVEL", "ALL", "BY_ID", "COUNTRY", "LEAST_NEEDS", "NAME", "OWN", "REFERENCES", "Measure", "Outcome",
    "Theme", "adoption", "all_measures", "collaboration", "convergence", "flows", "formal_and_substantive", "harms",
    "main_outcomes", "measure", "measures_table", "modes", "portability_loss", "stocks", "take_up", "unevenness",
    "who_fills", "with_measures",
)  # fmt: skip

NAME = "measures"
NEEDED = ("monthly", "needs", "census", "places_yearly", "moves", "places")
for _identity in sorted(THEMES):
    THEMES[_identity] = THEMES.pop(_identity)
BY_ID = THEMES  # E1 to E9 in order, and users' own last


Rows = tuple[NDArray[Any], ...]  # columns: year, id, measure, by, group, value
Failed = Callable[[Measure, MeasureError], object]


def with_measures(run: Run, failed: Failed | None = None) -> Run:
    """The run with its table `measures`; as it is if it has one, or lacks the tables to make one. `failed`: as in
    `measures_table`."""
    if NAME in run.tables or not set(NEEDED) <= set(run.tables):
        return run
    return run.replaced(**{NAME: measures_table(run, failed=failed)})


def measures_table(
    run: Run,
    ids: Collection[str] | None = None,
    by: Collection[str] | None = None,
    failed: Failed | None = None,
) -> pd.DataFrame:
    """All measures of E1 to E9 and users' own, or only of `ids`, tidy: year, id, measure, by, group, value, unit.

    `by` and `group`: what part of the country (country and all; status and legal ...); the argument chooses. What is
    counted at a December's end has no rows in a year cut short before it; other measures tell of the months there
    are. A value is missing (NaN) where nothing was counted. `failed(measure, error)`: told of each user's measure that
    fails, which is then left out. Errors: KeyError for an id that there is none of; MeasureError if a user's measure
    fails and nobody is told of it.
    """
    short = yearly_of(run)
    known = list(all_measures())
    themes = list(dict.fromkeys(theme.id for theme, _ in known))
    wanted = [THEMES[identity] for identity in (themes if ids is None else sorted(ids))]
    pieces = [piece for theme in wanted for piece in _pieces(theme, run, short, by, failed)]
    year, theme_id, name, division, group, value = map(np.concatenate, zip(*pieces, strict=True))
    number_of = {(theme.id, each.name): number for number, (theme, each) in enumerate(known)}
    number = np.array([number_of[key] for key in zip(theme_id, name, strict=True)], np.int64)
    units = [each.unit for _, each in known]
    table = pd.DataFrame(
        {
            "year": year.astype("int16"),
            "id": _named(theme_id, themes),
            "measure": _named(name, [each.name for _, each in known]),
            "by": _named(division, division),
            "group": _named(group, group),
            "value": value,
            "unit": _named([units[each] for each in number], units),
            "number": number,
        }
    )
    ordered = table.sort_values(["id", "year", "by", "number"], kind="stable", ignore_index=True)
    return ordered.drop(columns="number")


def _named(values: Iterable[str], names: Iterable[str]) -> Any:
    """An ordered categorical: `values` out of `names`, in the order in which these first come up."""
    return pd.Categorical(list(values), list(dict.fromkeys(names)), ordered=True)


def _pieces(
    theme: Theme, run: Run, short: Run, by: Collection[str] | None, failed: Failed | None
) -> Iterator[Rows]:
    """The rows of a theme: of the country, and of each division. `short`: the run's sums by year, which know nothing
    of regions; a measure with a function of its own is asked of the whole run."""
    single = {each.compute: each for each in theme.measures}
    for compute, divisions in theme.computed:
        own = single.get(compute)
        of_this: list[Rows] = []
        try:
            for part in (each for each in (COUNTRY, *divisions) if by is None or each in by):
                source = run if part == "region" or own is not None else short
                wide = compute(source, "year" if part == COUNTRY else ("year", part))
                for table in [wide] if isinstance(wide, pd.DataFrame) else wide:
                    of_this.append(_listed(theme, table, part, run))
        except MeasureError as error:
            if failed is None or own is None or not own.is_users:
                raise
            failed(own, error)
            continue
        yield from of_this


def _listed(theme: Theme, wide: pd.DataFrame, by: str, run: Run) -> Rows:
    """A table with a column for each measure as rows; regions by their names."""
    groups = wide[by].astype(str).to_numpy(object) if by in wide else np.full(len(wide), ALL, object)
    if by == "region":
        places = run.table("places")
        called = dict(zip(places["region"], places["region_name"], strict=True))
        groups = wide[by].map(called).to_numpy(object)
    names = [each.name for each in theme.measures if each.name in wide]
    # A run made elsewhere may know a provider that is not declared here.
    if unknown := set(wide.columns) - {"year", by, *names, *helpers_of(run)}:
        raise ValueError(f"{theme.id} has no definition of {', '.join(sorted(unknown))}")
    number, count = len(names), len(wide)
    identity, division = (np.full(number * count, each, object) for each in (theme.id, by))
    return (
        np.tile(wide["year"].to_numpy(np.int64), number),
        identity,
        np.repeat(np.array(names, object), count),
        division,
        np.tile(groups, number),
        wide[names].to_numpy(float).T.ravel(),
    )
