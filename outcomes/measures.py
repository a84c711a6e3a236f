"""All measures of E1 to E9, each a function of a run, and the tidy table of them that a run folder has.

Shares lie between 0 and 1; where nothing was counted, a share is NaN. Each is declared beside its function: see
`declaration`. To add one, add a function with `@measure(id="E3", ...)` to the file of its theme.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..model.columns import Columns
from .cascade import formal_and_substantive, harms, take_up, who_fills
from .collaboration import collaboration
from .declaration import ALL, COUNTRY, OWN, REFERENCES, THEMES, Measure, Theme, all_measures, measure
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


def with_measures(run: Run) -> Run:
    """The run with its table `measures`; as it is if it has one, or lacks the tables to make one."""
    if NAME in run.tables or not set(NEEDED) <= set(run.tables):
        return run
    return run.replaced(**{NAME: measures_table(run)})


def measures_table(
    run: Run, ids: Collection[str] | None = None, by: Collection[str] | None = None
) -> pd.DataFrame:
    """All measures of E1 to E9 and users' own, or only of `ids`, tidy: year, id, measure, by, group, value, unit.

    `by` and `group`: what part of the country (country and all; status and legal ...); the argument chooses. What is
    counted at a December's end has no rows in a year cut short before it; other measures tell of the months there
    are. A value is missing (NaN) where nothing was counted. Errors: KeyError for an id that there is none of.
    """
    known = list(all_measures())
    themes = list(dict.fromkeys(theme.id for theme, _ in known))
    names, units = (list(dict.fromkeys(getattr(each, of) for _, each in known)) for of in ("name", "unit"))
    number_of = {(theme.id, each.name): number for number, (theme, each) in enumerate(known)}
    divisions, groups = dict[str, int](), dict[str, int]()  # numbered as they come up
    keys: list[
        NDArray[np.int64]
    ] = []  # (4, rows): year, number of the measure, of the division and of the group
    values: list[NDArray[np.float64]] = []
    for identity in themes if ids is None else sorted(ids):
        for part in divided(run, THEMES[identity], by):
            years, group = part.table["year"], [groups.setdefault(each, len(groups)) for each in part.groups]
            for each in part.measures if group else ():
                number, division = (
                    number_of[identity, each.name],
                    divisions.setdefault(part.by, len(divisions)),
                )
                keys.append(np.stack(np.broadcast_arrays(years.astype(np.int64), number, division, group)))
                values.append(part.table[each.name].astype(float))
    year, number, division, group = np.concatenate([np.empty((4, 0), np.int64), *keys], axis=1)
    of_theme, of_name, of_unit = (
        np.array([list_.index(of) for of in those], np.int64)[number]
        for list_, those in (
            (themes, [theme.id for theme, _ in known]),
            (names, [each.name for _, each in known]),
            (units, [each.unit for _, each in known]),
        )
    )
    table = Columns(
        {
            "year": year.astype(np.int16),
            "id": of_theme,
            "measure": of_name,
            "by": division,
            "group": group,
            "value": np.concatenate([np.empty(0), *values]),
            "unit": of_unit,
        },
        {
            "id": tuple(themes),
            "measure": tuple(names),
            "by": (*divisions,),
            "group": (*groups,),
            "unit": tuple(units),
        },
    )
    return table.at(np.lexsort((number, division, year, of_theme))).frame()


def divided(
    run: Run, theme: Theme, by: Collection[str] | None = None, names: Collection[str] | None = None
) -> Iterator[Divided]:
    """The tables of a theme: of the country, and of each division, or only of those in `by`. `names`: the measures
    wanted, where one that has a function of its own need not be computed; all if not given."""
    own = {each.compute: each.name for each in theme.measures if each.compute is not None}
    for compute, divisions in theme.computed:
        if names is not None and compute in own and own[compute] not in names:
            continue
        for part in (each for each in (COUNTRY, *divisions) if by is None or each in by):
            found = compute(run, "year" if part == COUNTRY else ("year", part))
            for wide in [found] if isinstance(found, (Columns, pd.DataFrame)) else found:
                yield _divided(theme, wide if isinstance(wide, Columns) else Columns.of(wide), part, run)


def _divided(theme: Theme, table: Columns, by: str, run: Run) -> Divided:
    """A table with the names of the groups; regions by theirs."""
    if by not in table:
        groups = [ALL] * len(table)
    elif by == "region":
        places = run.arrays_of("places", ["region", "region_name"])
        called = dict(zip(places["region"].tolist(), places["region_name"].tolist(), strict=True))
        groups = [called[each] for each in table[by].tolist()]
    elif by in table.names:
        groups = [str(table.names[by][each]) for each in table[by].tolist()]
    else:
        groups = [str(each) for each in table[by].tolist()]
    found = Divided(theme, by, groups, table)
    # A run made elsewhere may know a provider that is not declared here.
    known = {"year", by, *(each.name for each in found.measures), *helpers_of(run)}
    if unknown := set(table.columns) - known:
        raise ValueError(f"{theme.id} has no definition of {', '.join(sorted(unknown))}")
    return found
