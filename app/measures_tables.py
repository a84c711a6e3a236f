"""How the command `measures` sets its tables: years or groups abreast, values as one says them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .tables import add_row, titled

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from ..outcomes.measures import Measure, Theme

ABREAST = 7  # groups, the whole country among them, that stand side by side; of more, each has a line
LABEL = 18  # characters that a label has at least; where groups leave it fewer, they go into two tables
EDGES = 3  # characters around each column
_SHARE = "share of "
_COUNTED = ("episodes", "claims", "persons", "places", "moves", "person-years")
_BY = {
    "stay": "years of stay",
    "origin_fifth": "fifth of origin",
    "ngos": "NGOs in the place",
    "weights": "weight",
}


def over_years(title: str, table: pd.DataFrame, years: list[int]) -> Table:
    """Of the whole country: a line a measure, a column a year."""
    from ..outcomes.measures import all_measures

    cells = {(i, m, y): v for i, m, y, v in table[["id", "measure", "year", "value"]].itertuples(index=False)}
    there = {(i, m) for i, m, _ in cells}
    shown = _numbers_of_years(title, ["id", "measure"], years, ["unit"])
    last = None
    for outcome, measure in all_measures():
        if (outcome.id, measure.name) not in there:
            continue
        if last not in (None, outcome.id):
            shown.add_section()
        values = (said(cells.get((outcome.id, measure.name, year)), measure) for year in years)
        unit = measure.unit.removeprefix("share ") if _is_share(measure) else measure.unit
        add_row(shown, "" if last == outcome.id else outcome.id, measure.label, *values, unit)
        last = outcome.id
    return shown


def groups_over_years(outcome: Theme, measure: Measure, table: pd.DataFrame, years: list[int]) -> Table:
    """Of one measure: a line a group, a column a year."""
    columns = ["by", "group", "year", "value"]
    rows = table.loc[table["measure"] == measure.name, columns]
    cells = {(by, group, year): value for by, group, year, value in rows.itertuples(index=False)}
    shown = _numbers_of_years(f"{outcome.id} {outcome.title}: {_words(measure)}", ["by", "group"], years, [])
    last = None
    groups = rows[["by", "group"]].drop_duplicates().sort_values("by", kind="stable")
    for by, group in groups.itertuples(index=False):
        if last not in (None, by):
            shown.add_section()
        values = (said(cells.get((by, group, year)), measure) for year in years)
        add_row(shown, "" if last == by else _BY.get(by, by), group, *values)
        last = by
    return shown


def by_groups(outcome: Theme, table: pd.DataFrame, year: int, width: int) -> list[Table]:
    """Of one year: a table for each division of the country, the whole country in its first column or line.

    `width`: characters on a line; groups that do not fit beside each other have a table of their own.
    """
    from ..outcomes.measures import COUNTRY

    now = table[table["year"] == year]
    whole, divided = now[now["by"] == COUNTRY], now[now["by"] != COUNTRY]
    found: list[Table] = []
    for _, rows in divided.groupby("by", observed=True):
        found += _divided(outcome, whole, rows, year, width)
    return found


def _divided(outcome: Theme, whole: pd.DataFrame, rows: pd.DataFrame, year: int, width: int) -> list[Table]:
    from ..outcomes.measures import ALL

    by = str(rows["by"].iloc[0])
    groups = [ALL, *map(str, rows["group"].unique())]
    headings = {group: "people" if by == "weights" and group == ALL else group for group in groups}
    values = {
        (g, m): v
        for part in (whole, rows)
        for g, m, v in part[["group", "measure", "value"]].itertuples(index=False)
    }
    measured = [m for m in outcome.measures if m.name in {name for _, name in values}]
    cells = {group: [said(values.get((group, m.name)), m) for m in measured] for group in groups}
    title = f"{outcome.id} {outcome.title}, by {_BY.get(by, by)}, {year}"
    words = [_words(measure) for measure in measured]
    if len(groups) > ABREAST:
        table = titled(title, _BY.get(by, by), *words, numbers=tuple(words))
        for group in groups:
            add_row(table, headings[group], *cells[group])
        return [table]
    tables = []
    for some in _that_fit(
        {group: max(len(headings[group]), *map(len, cells[group])) for group in groups}, width
    ):
        names = [headings[group] for group in some]
        table = titled(title, "measure", *names, numbers=tuple(names))
        for column in table.columns[1:]:
            column.no_wrap = True
        for label, *line in zip(words, *(cells[group] for group in some), strict=True):
            add_row(table, label, *line)
        tables.append(table)
    return tables


def _that_fit(needed: dict[str, int], width: int) -> list[list[str]]:
    """Names in as few parts as fit on a line, each with what its column needs."""
    parts: list[list[str]] = [[]]
    room = left = width - LABEL - EDGES - 1
    for name, characters in needed.items():
        left -= characters + EDGES
        if left < 0 and parts[-1]:
            parts.append([])
            left = room - characters - EDGES
        parts[-1].append(name)
    return parts


def defined(outcome: Theme) -> Table:
    """What each measure is, its unit and source."""
    title = f"{outcome.id} {outcome.title}: {outcome.claim}"
    table = titled(title, "measure", "unit", "definition", "source")
    table.columns[3].no_wrap = True
    table.columns[0].overflow = table.columns[1].overflow = "fold"
    for m in outcome.measures:
        name = m.name if m.name == m.label else f"{m.name}\n{m.label}"
        add_row(table, name, m.unit, m.definition, m.source)
    table.caption = "\n".join((f"By year; of the whole country, and by {outcome.groups}.", *outcome.notes))
    table.caption_justify, table.caption_style = "left", "none"
    return table


def _numbers_of_years(title: str, before: list[str], years: list[int], after: list[str]) -> Table:
    numbers = tuple(map(str, years))
    table = titled(title, *before, *numbers, *after, numbers=numbers)
    for column in table.columns[len(before) :]:
        column.no_wrap = True
    return table


def _is_share(measure: Measure) -> bool:
    return measure.unit.startswith(_SHARE)


def _words(measure: Measure) -> str:
    plain = _is_share(measure) or measure.unit in measure.label
    return measure.label if plain else f"{measure.label} ({measure.unit})"


def said(value: float | None, measure: Measure, *, sign: bool = False) -> str:
    """A value as a table shows it: 34.1%, 12,345, 0.0468; nothing where it is not measured, else none.

    `sign`: with a plus where it is positive, for a change.
    """
    if value is None:
        return ""
    if math.isnan(value):
        return "none"
    plus = "+" if sign else ""
    if _is_share(measure):
        return f"{value:{plus}.1%}"
    if measure.unit in _COUNTED or abs(value) >= 1000:
        return f"{value:{plus},.0f}"
    return f"{value:{plus}.1f}" if abs(value) >= 10 else f"{value:{plus}.4f}"
