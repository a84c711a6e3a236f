"""What a run answers to a question: values by year, or of several years together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ...model.columns import Columns, joined
from ...scenarios.languages import tr
from ..declaration import ALL, COUNTRY, DIVISIONS
from ..entries import Entries
from ..inequality import least_needs
from ..measures import NAME, divided, names_of_places
from ..run import Run
from .question import AskedError, Question, chosen_groups

COLUMNS = ["year", "id", "measure", "by", "group", "label", "value", "unit"]


class Group(NamedTuple):
    """A part of the country as charts show it; no colour, where it has none of its own."""

    name: str
    label: str
    colour: str = ""


def groups_there(run: Run, question: Question) -> list[Group]:
    """The groups asked for, in their order: of regions and places those with most migrants first.
    Errors: AskedError."""
    by = question.by
    if by == COUNTRY:
        chosen_groups(question, {})
        return [Group(ALL, tr("whole country"))]
    if by == "place":
        names = run.cached("names of places", names_of_places)
        there = [names[number] for number in np.argsort(-_migrants(run), kind="stable")]
        known = [Group(name, name) for name in there]
    elif by == "region":
        places = run.table("places")
        regions = places.set_index("place")["region_name"].astype(str)
        sums = pd.Series(_migrants(run)).groupby(regions.sort_index().to_numpy()).sum()
        known = [Group(name, name) for name in sums.sort_values(ascending=False, kind="stable").index]
    else:
        terms = DIVISIONS[by].terms(run.entries)
        known = [
            Group(name, terms[name].label, terms[name].colour) if name in terms else Group(name, name)
            for name in _names_of(run.entries, by)
        ]
    called = {each.name: each.label for each in known}
    chosen = chosen_groups(question, called)
    of = {each.name: each for each in known}
    return [of[name] for name in chosen]


def _names_of(entries: Entries, by: str) -> tuple[str, ...]:
    return DIVISIONS[by].groups(entries)


def _migrants(run: Run) -> np.ndarray:
    """Migrants in each place at the end of the last month, in order of the places' numbers."""

    def counted(run: Run) -> np.ndarray:
        found = np.zeros(run.tables.rows("places"), np.int64)
        for piece in run.tables.arrays("monthly", ["month", "place", "stock"]):
            last = piece.at(piece["month"] == max(0, run.months - 1))
            np.add.at(found, last["place"].astype(np.int64), last["stock"])
        return found

    return run.cached("migrants at the end", counted)


def by_year(run: Run, question: Question) -> pd.DataFrame:
    """Values of the years and groups asked for: year, group, value. Errors: AskedError if there is none."""
    values = _values_by_year(run, question)
    wanted = {each.name for each in groups_there(run, question)}
    values = values[values["group"].isin(wanted)]
    there = sorted({int(year) for year in values["year"]})
    values = values.loc[np.array([question.holds(int(year)) for year in values["year"]], bool)]
    if values.empty and there:
        first, last = question.years
        asked = f"{first}" if first == last else f"{first or ''} to {last or ''}".strip()
        have = f"{there[0]}" if len(there) == 1 else f"{there[0]} to {there[-1]}"
        raise AskedError(f"{question.name} is not told of {asked} in {run.scenario_name}: there is {have}")
    return _some(run, question, values).reset_index(drop=True)


def together(run: Run, question: Question) -> pd.DataFrame:
    """Of the years asked for together: group, value. Counts are sums, shares are of all that was counted; where a
    measure can only be told year by year, the mean of the years. Errors: AskedError."""
    if not question.pooled:
        yearly = without_few(run, question, by_year(run, question))
        mean = yearly.groupby("group", sort=False)["value"].mean()
        return mean.reset_index()
    by_year(run, question)  # tells years that there are none of
    return without_few(run, question, _pooled(run, question))


def _pooled(run: Run, question: Question) -> pd.DataFrame:
    cut = during(run, question)
    compute: Any = question.theme.computed[0][0]
    found = compute(cut, () if question.by == COUNTRY else (question.by,))
    wide = found if isinstance(found, Columns) else Columns.of(found)
    named = wide.adding({"year": np.zeros(len(wide), np.int64)})
    from ..measures import with_group_names

    part = with_group_names(question.theme, named, question.by, run)
    values = pd.DataFrame({"group": part.groups, "value": part.table[question.measure.name].astype(float)})
    wanted = {each.name for each in groups_there(run, question)}
    return _some(run, question, values[values["group"].isin(wanted)]).reset_index(drop=True)


def least_cases(run: Run, question: Question) -> int:
    """Cases below which a chart leaves a value out, since luck makes it; 0 where it is not known what is counted."""
    return least_needs(run) if question.measure.of and question.by != COUNTRY else 0


def without_few(run: Run, question: Question, values: pd.DataFrame) -> pd.DataFrame:
    """The same, NaN where a group had too few cases: `by_year` or `together` gave them. Errors: AskedError if none had
    enough."""
    least = least_cases(run, question)
    if not least:
        return values
    counts = replace(question, measure=question.theme[question.measure.of])
    keys = [key for key in ("year", "group") if key in values]
    cases = _values_by_year(run, counts) if "year" in values else _pooled(run, counts)
    beside = values.merge(cases.rename(columns={"value": "cases"}), on=keys, how="left")
    kept = values["value"].where((beside["cases"] >= least).to_numpy())
    if not kept.notna().any():
        raise AskedError(
            f"{question.name} by {question.by} rests on under {least} cases in each group of {run.scenario_name}, and "
            "a chart would show luck: more years together (--kind bar) may do, or a coarser split"
        )
    return values.assign(value=kept)


def _some(run: Run, question: Question, values: pd.DataFrame) -> pd.DataFrame:
    """The same, if there is any number in it. Errors: AskedError."""
    if not np.isfinite(values["value"].astype(float)).any():
        by = "" if question.by == COUNTRY else f" by {question.by}"
        raise AskedError(
            f"{question.name}{by} has no value in {run.scenario_name}: nothing was counted of what it needs"
        )
    return values


def _values_by_year(run: Run, question: Question) -> pd.DataFrame:
    """All values by year, from the run's table of measures if they stand there."""
    theme, one, by = question.theme, question.measure, question.by
    if not one.is_users and theme.id and by in (COUNTRY, *theme.by) and NAME in run.tables:
        kept = run.table(NAME)
        rows = kept[(kept["id"] == theme.id) & (kept["measure"] == one.name) & (kept["by"] == by)]
        if len(rows):
            told = {"year": rows["year"].astype(int), "group": rows["group"].astype(str)}
            return pd.DataFrame({**told, "value": rows["value"].astype(float)})
    for part in divided(run, theme, {by}, {one.name}):
        if one.name in part.table:
            years = part.table["year"].astype(int)
            values = part.table[one.name].astype(float)
            return pd.DataFrame({"year": years, "group": part.groups, "value": values})
    return pd.DataFrame({"year": [], "group": [], "value": []})


def tidy(run: Run, question: Question) -> pd.DataFrame:
    """The answer as a table, a row a year and group: year, id, measure, by, group, label, value, unit."""
    values = by_year(run, question)
    order = {each.name: (number, each.label) for number, each in enumerate(groups_there(run, question))}
    values = values.assign(
        id=question.theme.id,
        measure=question.measure.name,
        by=question.by,
        label=[order[group][1] for group in values["group"]],
        unit=question.measure.unit,
        _order=[order[group][0] for group in values["group"]],
    )
    return values.sort_values(["year", "_order"], kind="stable", ignore_index=True)[COLUMNS]


# A run of some of its years ---------------------------------------------------------------------------------


class _Within:
    """A table of a run, of which only some months or years are seen; read when asked for."""

    def __init__(self, run: Run, name: str, date: str, first: int, last: int) -> None:
        self._run, self._name, self._date, self._between = run, name, date, (first, last)

    @property
    def columns(self) -> list[str]:
        return self._run.tables.columns(self._name)

    def __len__(self) -> int:
        return self._run.tables.rows(self._name)

    def arrays(self, columns: list[str]) -> Iterator[Columns]:
        first, last = self._between
        wanted = list(dict.fromkeys([*columns, self._date]))
        for piece in self._run.tables.arrays(self._name, wanted):
            date = piece[self._date]
            yield piece.at((date >= first) & (date <= last)).some(list(columns))

    def frame(self, columns: list[str] | None = None) -> pd.DataFrame:
        return joined(self.arrays(self.columns if columns is None else columns)).frame()

    def pieces(self) -> Iterator[pd.DataFrame]:
        for piece in self.arrays(self.columns):
            yield piece.frame()


def during(run: Run, question: Question) -> Run:
    """The run as far as its tables tell of the years asked for."""
    first, last = question.years
    if first is None and last is None:
        return run
    year, month = (int(part) for part in run.start.split("-")[:2])
    low = 0 if first is None else (first - year) * 12 - (month - 1)
    high = run.months if last is None else (last - year) * 12 - (month - 1) + 11
    tables = {}
    for name in run.tables:
        columns = run.tables.columns(name)
        if name == NAME or not run.tables.rows(name):
            continue
        if "month" in columns:
            tables[name] = _Within(run, name, "month", low, high)
        elif "year" in columns:
            tables[name] = _Within(run, name, "year", first or 0, last or 9999)
    return run.replaced(**tables)
