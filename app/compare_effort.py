"""E9 in `compare`: what cities do, with and without NGOs beside them, in both runs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .measures_tables import said
from .tables import add_row, titled

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from ..outcomes.run import Run

Values = dict[str, float]
ALL_PLACES, WITH, WITHOUT = "all", "with NGOs", "without NGOs"


def effort(one: Run, other: Run) -> tuple[Table, str] | None:
    """E9 of both runs at the last December of both, and how to read it; None without such a December.

    Runs of the same country are told of the same places: those that have NGOs in the first run (in the second,
    if the first has none), and those that have not. Otherwise each run is told of its own places.
    """
    from ..outcomes.measures import BY_ID

    years = set(_years(one)) & set(_years(other))
    if not years:
        return None
    year = max(years)
    same = list(one.table("places")["code"]) == list(other.table("places")["code"])
    first, second = _state(one, year), _state(other, year)
    note = "City effort is that of different countries: what differs need not be the NGOs' doing."
    if same:
        reference = one if (first["ngos"] > 0).any() else other
        ngos = dict(zip(*(_state(reference, year)[name] for name in ("place", "ngos")), strict=True))
        first, second = (state.assign(ngos=state["place"].map(ngos)) for state in (first, second))
        note = f'City effort "{WITH}" is that of places with NGOs in {reference.scenario_name}, in both runs the same.'
    before, after = _groups(one, first), _groups(other, second)
    numbers = ("first", "second", "change")
    table = titled(f"City effort (E9), end of {year}", "places", "measure", *numbers, "unit", numbers=numbers)
    for group in (ALL_PLACES, WITH, WITHOUT):
        old, new = before.get(group, {}), after.get(group, {})
        if not old and not new:
            continue
        table.add_section()
        label = group
        for measure in BY_ID["E9"].measures:
            was, now = old.get(measure.name, math.nan), new.get(measure.name, math.nan)
            change = "" if math.isnan(now - was) else said(now - was, measure, sign=True)
            add_row(table, label, measure.label, said(was, measure), said(now, measure), change, measure.unit)
            label = ""
    return table, note


def _years(run: Run) -> list[int]:
    return sorted({int(year) for year in run.columns_of("places_yearly", ["year"])["year"]})


def _state(run: Run, year: int) -> pd.DataFrame:
    state = run.table("places_yearly")
    return state[state["year"] == year]


def _groups(run: Run, state: pd.DataFrame) -> dict[str, Values]:
    """Group of places -> E9 by name, of the places in this state."""
    from ..outcomes.collaboration import collaboration

    told = type(run)(run.scenario, {"places_yearly": state})
    found = {WITH if row.pop("ngos") else WITHOUT: row for row in _rows(collaboration(told))}
    for row in _rows(collaboration(told, by=())):  # one, or none
        found[ALL_PLACES] = row
    return found


def _rows(table: pd.DataFrame) -> list[Values]:
    return [{str(name): float(value) for name, value in row.items()} for row in table.to_dict("records")]
