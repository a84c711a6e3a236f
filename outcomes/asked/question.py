"""A question: which measure, divided by what, in which years and groups. What can't be asked is told in a sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ...scenarios.errors import nearest
from ..declaration import (
    COUNTRY,
    DIVISIONS,
    THIS_MODEL,
    Measure,
    MeasureError,
    Theme,
    load_measures,
)
from ..entries import SHIPPED_ENTRIES, Entries
from ..headline import HEADLINES, THEME_OF, headlines
from ..outcome_spec import OutcomeSpec, UnknownOutcome
from ..run import Run
from ..wording import joined

LINE, BAR, MAP, HEAT = KINDS = ("line", "bar", "map", "heat")
OTHER_WORDS = {"group": "rung"}  # what else a division may be called
ON_MAPS = ("place", "region")
MANY = 8  # groups, of which lines would be a tangle

Years = tuple[int | None, int | None]  # the first and the last, None where it is left open


class AskedError(MeasureError):
    """What was asked can't be told or drawn, for a reason that one sentence can tell."""


@dataclass(frozen=True)
class Question:
    """A measure of a theme, by one of its divisions or of the whole country, in some years and groups (all, if none
    is named)."""

    theme: Theme
    measure: Measure
    by: str = COUNTRY
    years: Years = (None, None)
    groups: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """As it is asked for: E3.served_of_needs."""
        return f"{self.theme.id}.{self.measure.name}" if self.theme.id else self.measure.name

    @property
    def stem(self) -> str:
        """What its file is called."""
        parts = [self.name, *([f"by-{self.by}"] if self.by != COUNTRY else [])]
        first, last = self.years
        if first is not None or last is not None:
            parts.append(f"{first or ''}-{last or ''}" if first != last else str(first))
        return re.sub(r"[^\w.-]+", "-", "-".join(parts))

    @property
    def pooled(self) -> bool:
        """Whether it can be told of several years together; else their mean is."""
        return self.theme.pooled and self.measure.compute is None

    def holds(self, year: int) -> bool:
        """Whether a year is one of those asked for."""
        first, last = self.years
        return (first is None or year >= first) and (last is None or year <= last)


def ask(
    measure: str,
    by: str | None = None,
    years: Any = None,
    groups: Sequence[str] = (),
    entries: Entries = SHIPPED_ENTRIES,
) -> Question:
    """The question after a measure by its name: `E3.served_of_needs`; a headline number (`take_up`, `E3.take_up`),
    which is one of these where it is a measure too; one's own (`left_early`, or `mine.py:left_early`, whose file is
    then run).

    `years`: 2004, (1995, 2009) or "1995-2009", either end left out if need be. Errors: AskedError; MeasureError of a
    user's own file.
    """
    theme, one, group = _measure_named(measure, entries)
    division = _division(theme, one, by)
    if group and division == COUNTRY:
        division = group[0]
    return Question(theme, one, division, years_of(years), (*groups, *group[1:]))


def _measure_named(name: str, entries: Entries) -> tuple[Theme, Measure, tuple[str, ...]]:
    """A measure with its theme; and division and group, if the name holds them (E3.served_of_needs[legal])."""
    if ".py" in name:
        theme, one = load_measures(name)[-1]
        return theme, one, ()
    from ..measures import BY_ID

    short = name.strip()
    if short in HEADLINES:
        found = THEME_OF.get(HEADLINES[short].table)
        theme = BY_ID[found] if found else _of_headline(short)
        return theme, theme[HEADLINES[short].column if found else short], ()
    try:
        spec = OutcomeSpec.parse(name, entries)
    except UnknownOutcome as error:
        raise AskedError(str(error)) from None
    theme = BY_ID[spec.theme]
    return theme, theme[spec.measure], (spec.by, spec.group) if spec.by != COUNTRY else ()


def _of_headline(name: str) -> Theme:
    """A headline number as a measure of its own: one number a run, told of its last year."""

    def compute(run: Run, _: Any) -> pd.DataFrame:
        last = int(run.date(max(0, run.months - 1))[:4])
        return pd.DataFrame({"year": [last], name: [headlines(run, [name])[name]]})

    label, unit, _, _ = HEADLINES[name]
    one = Measure(name, label, unit, "One number of the whole run.", THIS_MODEL, compute=compute)
    return Theme("", "Headline number", "", (one,), ((compute, ()),))


def _division(theme: Theme, one: Measure, by: str | None) -> str:
    """What to divide by. Errors: AskedError, with what the measure can be divided by."""
    parts = theme.parts_of(one)
    name = f"{theme.id}.{one.name}" if theme.id else one.name
    if by is None or by in ("", COUNTRY):
        if COUNTRY not in parts:
            raise AskedError(f"{name} is told of parts alone: give --by {' or '.join(parts)}")
        return COUNTRY
    wanted = OTHER_WORDS.get(by, by)
    if wanted in parts:
        return wanted
    known = wanted in DIVISIONS
    near = None if known else nearest(wanted, (*DIVISIONS, *OTHER_WORDS))
    told = f"{name} can't be split by {by}" if known else f"there is nothing called {by!r} to split by"
    hint = f" (did you mean {near!r}?)" if near else ""
    raise AskedError(f"{told}{hint}: {what_it_can(theme, one, 'it' if known else name)}")


def what_it_can(theme: Theme, one: Measure, called: str = "it") -> str:
    """In words, what a measure can be divided by."""
    parts = [part for part in theme.parts_of(one) if part != COUNTRY]
    if not parts:
        return f"{called} is told of the whole country alone"
    return f"{called} can be split by {joined(parts).replace(' and ', ' or ')}"


def years_of(years: Any) -> Years:
    """The first and the last of 2004, (1995, 2009), "1995-2009", "1995-" or "-2009". Errors: AskedError."""
    if years is None:
        return None, None
    if isinstance(years, str):
        found = re.fullmatch(r"\s*(\d{4})?\s*(-|to|:)?\s*(\d{4})?\s*", years)
        if found is None or not (found[1] or found[3]):
            raise AskedError(f"{years!r} are no years: give them as 2004, 1995-2009, 1995- or -2009")
        first, between, last = found.groups()
        years = (first, last if between else first)
    elif isinstance(years, (range, list)) and len(years):
        years = (min(years), max(years))
    elif not isinstance(years, tuple):
        years = (years, years)
    try:
        first, last = (None if each is None else int(each) for each in years)
    except (TypeError, ValueError):
        raise AskedError(f"{years!r} are no years: give the first and the last, as (1995, 2009)") from None
    if first is not None and last is not None and first > last:
        raise AskedError(f"the years {first} to {last} are none: the first comes after the last")
    return first, last


def kind_of(kind: str | None, question: Question, mapped: bool = True) -> str:
    """The kind of chart asked for, or the one that suits; `mapped`: whether there are places to map. Errors:
    AskedError."""
    by = question.by
    if kind is None:
        if by in ON_MAPS:
            return MAP if mapped else HEAT
        if by == "stay" or question.measure.unit == "" or not question.theme.id:
            return BAR
        return HEAT if by in ("service", "need") else LINE
    if kind not in KINDS:
        near = nearest(kind, KINDS)
        hint = f"did you mean {near}? " if near else ""
        raise AskedError(f"there is no kind of chart {kind!r}: {hint}There are {joined([*KINDS])}")
    parts = question.theme.parts_of(question.measure)
    if kind == MAP and by not in ON_MAPS:
        mappable = [part for part in ON_MAPS if part in parts]
        if mappable:
            raise AskedError(f"a map needs --by {' or '.join(mappable)}")
        raise AskedError(f"{question.name} can't be mapped: {what_it_can(question.theme, question.measure)}")
    return kind


def chosen_groups(question: Question, called: Mapping[str, str]) -> list[str]:
    """Those of the groups there are (name -> label) that are asked for; all, if none is named. Errors: AskedError."""
    if not question.groups:
        return [*called]
    if question.by == COUNTRY:
        raise AskedError(
            f"{question.groups[0]!r} is one of the parts of something: give --by too, as --by place"
        )
    by_words = {text.casefold(): name for name, label in called.items() for text in (label, name)}
    found = []
    for each in question.groups:
        name = by_words.get(each.casefold()) or _only_begun_so(each, called)
        if name is None:
            near = nearest(each, [*called.values(), *called])
            few = [*called.values()][:MANY]
            there = ", ".join(few) + (" ..." if len(called) > len(few) else "")
            hint = f"did you mean {near!r}?" if near else f"there are {there}"
            raise AskedError(f"there is no {question.by} {each!r} in {question.name}: {hint}")
        found.append(name)
    return list(dict.fromkeys(found))


def _only_begun_so(text: str, called: Mapping[str, str]) -> str | None:
    """The only group whose label begins so: Hamamatsu for Hamamatsu-shi."""
    found = [name for name, label in called.items() if label.casefold().startswith(text.casefold())]
    return found[0] if len(found) == 1 else None
