"""Outcomes that are kept of a run when there are many: headline numbers, and measures of E1 to E9 by year or group."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ..scenarios.catalogue import SERVICES, STATUSES
from .definitions import BY_ID
from .headline import HEADLINES, main_outcomes
from .measures_table import ALL, COUNTRY, WITH_NGOS, WITHOUT_NGOS, measures_table
from .run import Run

WHOLE_RUN = -1  # the year of a number that is told of the whole run
# What each theme of `measures_table` is divided by, beside the whole country.
DIVIDED_BY = {
    "E1": ("status", "region"),
    "E2": ("weights",),
    "E3": ("status",),
    "E4": ("status", "stay"),
    "E5": ("status",),
    "E6": ("status", "origin_fifth"),
    "E7": ("service",),
    "E8": ("status",),
    "E9": ("ngos",),
}
# The names of the groups; regions are those of the places.
GROUPS = {
    "status": STATUSES,
    "weights": ("residents", "needs"),
    "stay": tuple(str(years) for years in range(21)),
    "origin_fifth": ("1", "2", "3", "4", "5"),
    "service": SERVICES,
    "ngos": (WITH_NGOS, WITHOUT_NGOS),
}
Values = dict[str, list[tuple[int, float]]]


@dataclass(frozen=True)
class Kept:
    """One outcome of a run. `theme` is "" for a headline number, else one of E1 to E9 with its `measure`.

    `by` and `group`: one part of the country, or country and all. `year`: one year, or None for each that there is;
    a headline number is of the whole run.
    """

    name: str
    label: str
    unit: str
    theme: str = ""
    measure: str = ""
    by: str = COUNTRY
    group: str = ALL
    year: int | None = None


def headline(name: str) -> Kept:
    """A headline number of `main_outcomes`. Errors: KeyError if there is none of this name."""
    label, unit = HEADLINES[name]
    return Kept(name, label, unit)


def measure(
    theme: str, name: str, by: str = COUNTRY, group: str = ALL, year: int | None = None, called: str = ""
) -> Kept:
    """A measure of `definitions`, in one group and year if so wished. Errors: KeyError if there is no such one."""
    defined = BY_ID[theme][name]
    words = [f"{theme}.{name}", *([group] if by != COUNTRY else []), *([str(year)] if year else [])]
    label = f"{BY_ID[theme].title}: {defined.label}"
    if len(words) > 1:
        label += f" ({', '.join(words[1:])})"
    return Kept(called or " ".join(words), label, defined.unit, theme, name, by, group, year)


def values_of(run: Run, kept: Sequence[Kept]) -> Values:
    """Outcome -> (year, value) by year; NaN where the run can't tell, nothing for a year that it does not reach.

    Only what is asked for is computed: headline numbers if there are any, and those of E1 to E9 that are named.
    """
    found: Values = {}
    if any(not each.theme for each in kept):
        numbers = main_outcomes(run)
        found = {each.name: [(WHOLE_RUN, numbers[each.name].value)] for each in kept if not each.theme}
    themes = sorted({each.theme for each in kept if each.theme})
    if themes:
        table = measures_table(run, ids=themes)
        columns = ("id", "measure", "by", "group", "year", "value")
        series: dict[tuple[str, str, str, str], list[tuple[int, float]]] = {}
        for identity, name, by, group, year, value in zip(*(table[c].tolist() for c in columns), strict=True):
            series.setdefault((identity, name, by, group), []).append((year, value))
        for each in kept:
            if each.theme:
                whole = series.get((each.theme, each.measure, each.by, each.group), [])
                if each.year is None:
                    found[each.name] = sorted(whole)
                else:
                    found[each.name] = [(each.year, dict(whole).get(each.year, math.nan))]
    return {each.name: found[each.name] for each in kept}
