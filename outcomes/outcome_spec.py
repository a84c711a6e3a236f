"""An outcome of a run, chosen by name: a headline number, or a measure of E1 to E9 by year and group.

One syntax everywhere: `needs_met`; `E3.served_of_needs` (or `E3.needs_met`); of one group
`E3.served_of_needs[legal]`; of one year `E3.served_of_needs[legal] 2005`. The brackets may be left out:
`E3.served_of_needs legal 2005`. A count may be added over groups: `E4.persons[legal+denizen] 2005`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..scenarios.errors import nearest
from .declaration import carried, groups_of, load_measure, receive
from .entries import SHIPPED_ENTRIES, Entries
from .headline import HEADLINES, THEME_OF, headlines
from .measures import ALL, COUNTRY, NAME, OWN, THEMES, all_measures, divided
from .run import Run

PLUS = "+"
WHOLE_RUN = -1  # the year of a number that is told of the whole run
Values = dict[str, list[tuple[int, float]]]

_PATTERN = re.compile(
    r"(?P<id>\w+)\.(?P<measure>\w+)(\[(?P<group>[^\[\]]+)\]|(?P<bare>(?: (?!\d{4}$)\S+)+))?(?: (?P<year>\d{4}))?"
)


class UnknownOutcome(ValueError):
    """There is no such outcome; the message names the nearest."""


@dataclass(frozen=True)
class OutcomeSpec:
    """One outcome of a run. `theme` is "" for a headline number, else one of E1 to E9 with its `measure`.

    `by` and `group`: one part of the country, or country and all; of a count, several groups joined by PLUS. `year`:
    one year, or None for each that there is; a headline number is of the whole run. `origin`: where another process
    finds a user's measure; one that was declared in Python takes its function along.
    """

    name: str
    label: str
    unit: str
    theme: str = ""
    measure: str = ""
    by: str = COUNTRY
    group: str = ALL
    year: int | None = None
    origin: str = ""

    @property
    def file(self) -> str:
        """The file of a user's measure; "" if there is none."""
        return self.origin.rpartition(":")[0]

    @classmethod
    def parse(cls, text: str, entries: Entries = SHIPPED_ENTRIES) -> OutcomeSpec:
        """The outcome of this name. `entries`: of the run or scenario, whose services may be groups; the shipped
        ones if not given. A region is taken as it is. Errors: UnknownOutcome.
        """
        wanted = text.strip()
        known = [f"{theme.id}.{each.name}" for theme, each in all_measures()]
        if wanted in HEADLINES:
            return headline(wanted)
        if f"{OWN}.{wanted}" in known:
            return measure(OWN, wanted)
        found = _PATTERN.fullmatch(wanted)
        theme, name = (found["id"].upper(), found["measure"]) if found else ("", "")
        theme = OWN if theme == OWN.upper() else theme
        main = HEADLINES.get(name)
        if main is not None and f"{theme}.{name}" not in known and THEME_OF.get(main.table) == theme:
            name = main.column  # E3.take_up is E3.claimed_of_eligible_any
        if found is None or f"{theme}.{name}" not in known:
            # Of those with this measure's name in another theme, or spelt nearly so.
            asked = re.split(r"[\[ ]", wanted)[0].rpartition(".")[2]
            near = [each for each in known if each.partition(".")[2] == asked]
            close = near[0] if near else nearest(wanted, [*known, *HEADLINES])
            hint = f"; did you mean {close}?" if close else "."
            raise UnknownOutcome(
                f"there is no outcome {text!r}{hint} `measures --define` lists them, as E3.served_of_needs."
            )
        group = (found["group"] or found["bare"] or "").strip()
        called = f"{theme}.{found['measure']}"
        by = _division_of(theme, name, group, entries, called) if group else COUNTRY
        return measure(theme, name, by, group or ALL, int(found["year"]) if found["year"] else None)

    def __getstate__(self) -> dict[str, Any]:
        return vars(self) | {"carried": carried(self.theme, self.measure)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        content = state.pop("carried")
        vars(self).update(state)
        if content:
            receive(content)

    def value(self, run: Run, year: int | None = None) -> float:
        """Its value in `year`, by default its own or else the last one the run has; NaN where nothing was counted."""
        return self.value_in(values_of(run, [self]), year)

    def value_in(self, found: Values, year: int | None = None) -> float:
        """The same, of what `values_of` has told of it and others."""
        values = dict(found[self.name])
        wanted = (year or self.year or max(values, default=0)) if self.theme else WHOLE_RUN
        return values.get(wanted, math.nan)


def _division_of(theme: str, name: str, group: str, entries: Entries, called: str) -> str:
    """The division of the country that a group is of. `called`: the measure as it was typed. Errors: UnknownOutcome."""
    if PLUS in group:
        return _division_of_several(theme, name, group, entries, called)
    parts = {part: groups_of(part, entries) for part in THEMES[theme].by}
    for part, names in parts.items():
        if group in names:
            return part
    if "region" in parts:
        return "region"
    there = ", ".join([ALL, *(name for names in parts.values() for name in names)])
    raise UnknownOutcome(f"{called} has no group {group!r}; there are {there}.")


def _division_of_several(theme: str, name: str, group: str, entries: Entries, called: str) -> str:
    """The division that several groups have in common, over which a count may be added."""
    names = group.split(PLUS)
    if name not in {each.of for each in THEMES[theme].measures}:
        raise UnknownOutcome(f"{called} is no count, and can't be added over {group!r}.")
    if len(set(names)) < len(names):
        raise UnknownOutcome(f"{group!r} names a group twice.")
    (by, *others) = dict.fromkeys(_division_of(theme, name, each, entries, called) for each in names)
    if others:
        raise UnknownOutcome(f"the groups of {group!r} are of several divisions: {', '.join([by, *others])}.")
    return by


def headline(name: str) -> OutcomeSpec:
    """A headline number of `main_outcomes`. Errors: KeyError if there is none of this name."""
    return OutcomeSpec(name, HEADLINES[name].label, HEADLINES[name].unit)


def measure(
    theme: str, name: str, by: str = COUNTRY, group: str = ALL, year: int | None = None, called: str = ""
) -> OutcomeSpec:
    """A measure of a theme, in one group and year if so wished. Errors: KeyError if there is no such one."""
    defined = THEMES[theme][name]
    which = [*([group] if by != COUNTRY else []), *([str(year)] if year else [])]
    label = f"{THEMES[theme].title}: {defined.label}" + (f" ({', '.join(which)})" if which else "")
    called = called or " ".join([f"{theme}.{name}", *which])
    return OutcomeSpec(called, label, defined.unit, theme, name, by, group, year, defined.origin)


def values_of(run: Run, specs: Sequence[OutcomeSpec]) -> Values:
    """Outcome -> (year, value) by year; NaN where the run can't tell, nothing for a year that it does not reach.

    Only what is asked for is computed: headline numbers if there are any, and those of E1 to E9 that are named.
    """
    make_known(specs)
    found: Values = {
        name: [(WHOLE_RUN, value)]
        for name, value in headlines(run, [each.name for each in specs if not each.theme]).items()
    }
    chosen = [each for each in specs if each.theme]
    series = _series(run, chosen)
    for each in chosen:
        whole = _added([series.get((each.theme, each.measure, each.by, g), []) for g in _groups(each)])
        one = each.year
        found[each.name] = whole if one is None else [(one, dict(whole).get(one, math.nan))]
    return {each.name: found[each.name] for each in specs}


def _groups(spec: OutcomeSpec) -> list[str]:
    """The groups that an outcome is of; a region's name may have a plus of its own."""
    return spec.group.split(PLUS) if spec.by not in (COUNTRY, "region") else [spec.group]


def _added(parts: Sequence[Sequence[tuple[int, float]]]) -> list[tuple[int, float]]:
    """Several series added, by year; a group that a year does not have counts for nothing."""
    if len(parts) == 1:
        return sorted(parts[0])
    total: dict[int, float] = {}
    for part in parts:
        for year, value in part:
            total[year] = total.get(year, 0.0) + value
    return sorted(total.items())


def own_outcomes() -> list[OutcomeSpec]:
    """Measures that a user declared, which are headline numbers too."""
    return [measure(OWN, each.name) for theme, each in all_measures() if theme.id == OWN]


def make_known(specs: Sequence[OutcomeSpec]) -> None:
    """Load those of users' files that this process does not know yet. Errors: MeasureError."""
    for each in specs:
        if each.origin and (each.theme, each.measure) not in {(t.id, m.name) for t, m in all_measures()}:
            load_measure(each.origin)


def _series(run: Run, chosen: Sequence[OutcomeSpec]) -> dict[tuple[str, ...], list[tuple[int, float]]]:
    """Theme, measure, division and group -> year and value: of the measures the run has already, or else computed."""
    found: dict[tuple[str, ...], list[tuple[int, float]]] = {}
    wanted = {(each.theme, each.measure) for each in chosen}
    if chosen and NAME in run.tables:
        kept = run.table(NAME)
        if wanted <= {*kept[["id", "measure"]].drop_duplicates().itertuples(index=False, name=None)}:
            columns = (kept[c].tolist() for c in ("id", "measure", "by", "group", "year", "value"))
            for *key, year, value in zip(*columns, strict=True):
                found.setdefault(tuple(key), []).append((year, value))
            return found
    for theme in dict.fromkeys(each.theme for each in chosen):
        names = {each.measure for each in chosen if each.theme == theme}
        for part in divided(run, THEMES[theme], {each.by for each in chosen if each.theme == theme}, names):
            years = part.table["year"].astype(np.int64).tolist()
            for each in (each for each in part.measures if each.name in names):
                values = part.table[each.name].astype(float).tolist()
                for group, year, value in zip(part.groups, years, values, strict=True):
                    found.setdefault((theme, each.name, part.by, group), []).append((year, value))
    return found
