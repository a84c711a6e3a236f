"""All measures of E1 to E9, each a function of a run, and the tidy table of them that a run folder has.

Shares lie between 0 and 1; where nothing was counted, a share is NaN. Each is declared beside its function: see
`declaration`. To add one, add a function with `@measure(id="E3", ...)` to the file of its theme.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ..model.columns import Columns
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
from .groups import helpers_of
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


Failed = Callable[[Measure, MeasureError], object]


class Divided(NamedTuple):
    """A table of some measures of a theme, by year and by one division, of which `groups` has each row's part."""

    theme: Theme
    by: str
    groups: list[str]
    table: Columns

    @property
    def measures(self) -> list[Measure]:
        """Those that are columns of the table."""
        return [each for each in self.theme.measures if each.name in self.table]


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
    known = list(all_measures())
    themes = list(dict.fromkeys(theme.id for theme, _ in known))
    number_of = {(theme.id, each.name): number for number, (theme, each) in enumerate(known)}
    rows: list[tuple[Any, ...]] = []
    for identity in themes if ids is None else sorted(ids):
        for part in divided(run, THEMES[identity], by, failed=failed):
            years = part.table["year"].tolist()
            for each in part.measures:
                what = identity, each.name, part.by, each.unit, number_of[identity, each.name]
                values = part.table[each.name].astype(float).tolist()
                rows += [(*what, *of) for of in zip(years, part.groups, values, strict=True)]
    theme_id, name, division, unit, number, year, group, value = zip(*rows, strict=True) if rows else [()] * 8
    table = pd.DataFrame(
        {
            "year": np.array(year, np.int16),
            "id": _named(theme_id, themes),
            "measure": _named(name, [each.name for _, each in known]),
            "by": _named(division, division),
            "group": _named(group, group),
            "value": np.array(value, float),
            "unit": _named(unit, [each.unit for _, each in known]),
            "number": np.array(number, np.int64),
        }
    )
    ordered = table.sort_values(["id", "year", "by", "number"], kind="stable", ignore_index=True)
    return ordered.drop(columns="number")


def _named(values: Iterable[str], names: Iterable[str]) -> Any:
    """An ordered categorical: `values` out of `names`, in the order in which these first come up."""
    return pd.Categorical(list(values), list(dict.fromkeys(names)), ordered=True)


def divided(
    run: Run,
    theme: Theme,
    by: Collection[str] | None = None,
    names: Collection[str] | None = None,
    failed: Failed | None = None,
) -> Iterator[Divided]:
    """The tables of a theme: of the country, and of each division, or only of those in `by`, which may be some that the
    table of all measures does without. `names`: the measures
    wanted, where one that has a function of its own need not be computed; all if not given. `failed`: as in
    `measures_table`."""
    single = {each.compute: each for each in theme.measures if each.compute is not None}
    for compute, divisions in theme.computed:
        own = single.get(compute)
        asked = [own] if own is not None else [each for each in theme.measures if each.compute is None]
        also = () if by is None else (part for each in asked for part in each.also)
        if names is not None and own is not None and own.name not in names:
            continue
        of_this: list[Divided] = []
        try:
            parts = dict.fromkeys((COUNTRY, *divisions, *also))
            for part in (each for each in parts if by is None or each in by):
                found = compute(run, "year" if part == COUNTRY else ("year", part))
                for wide in [found] if isinstance(found, (Columns, pd.DataFrame)) else found:
                    table = wide if isinstance(wide, Columns) else Columns.of(wide)
                    of_this.append(with_group_names(theme, table, part, run))
        except MeasureError as error:
            if failed is None or own is None or not own.is_users:
                raise
            failed(own, error)
            continue
        yield from of_this


def with_group_names(theme: Theme, table: Columns, by: str, run: Run) -> Divided:
    """A table with the names of the groups; regions by theirs."""
    groups: list[Any] = table[by].tolist() if by in table else [ALL] * len(table)
    if by == "region":
        places = run.arrays_of("places", ["region", "region_name"])
        called = dict(zip(places["region"].tolist(), places["region_name"].tolist(), strict=True))
        groups = [called[each] for each in groups]
    elif by == "place":
        groups = [run.cached("names of places", names_of_places)[each] for each in groups]
    elif by in table.names:
        groups = [table.names[by][each] for each in groups]
    found = Divided(theme, by, [str(each) for each in groups], table)
    # A run made elsewhere may know a provider that is not declared here.
    known = {"year", by, *(each.name for each in found.measures), *helpers_of(run)}
    if unknown := set(table.columns) - known:
        raise ValueError(f"{theme.id} has no definition of {', '.join(sorted(unknown))}")
    return found


def names_of_places(run: Run) -> list[str]:
    """What to call each place: its name, with its region where several have the same one."""
    places = run.arrays_of("places", ["place", "name", "region_name"])
    order = np.argsort(places["place"], kind="stable")
    called = {column: [str(each) for each in _texts(places, column)] for column in ("name", "region_name")}
    many = Counter(called["name"])
    full = [
        name if many[name] == 1 else f"{name} ({region})"
        for name, region in zip(called["name"], called["region_name"], strict=True)
    ]
    number = dict.fromkeys(full, 0)
    for at, name in enumerate(full):  # the same name twice in a region
        number[name] += 1
        full[at] = name if number[name] == 1 else f"{name} {number[name]}"
    return [full[at] for at in order]


def _texts(table: Columns, column: str) -> list[Any]:
    """A column of names, spelt out."""
    names = table.names.get(column)
    values: list[Any] = table[column].tolist()
    return values if names is None else [names[each] for each in values]
