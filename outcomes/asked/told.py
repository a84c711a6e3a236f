"""What several runs, or a study, answer together: runs that differ by their seeds alone are one arm, with a band."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from ...scenarios.languages import later, tr, tr_number
from ..declaration import COUNTRY
from ..places_info import places_info
from ..run import Run, ScenarioInfo
from ..wording import joined, localised
from ..worlds import source_line, world_names
from .question import BAR, HEAT, LINE, MAP, AskedError, Question
from .values import Group, by_year, groups_there, least_cases, together, without_few

MOST_ARMS = 6  # that can be told apart
_GREY = later("grey: under {number} cases")
_LACKING = {MAP: _GREY, HEAT: _GREY, LINE: later("gaps: under {number} cases")}
LEFT_OUT = later("left out: under {number} cases")
FEW = 20  # runs, of which a band shows the lowest and the highest; of more, 90%


@dataclass(frozen=True)
class Told:
    """What is drawn. `values`: arm, run (from 0), year, group, value; `arms` and `groups` in order; `together`: years
    are told of together, and `year` is 0; `source`: what the foot of the chart says; `first`: a run that knows the
    places, of which there is none in a study; `notes`: what the line below the title adds; `means`: years told of
    together are always a mean of the years, as where no counts were kept."""

    question: Question
    values: pd.DataFrame
    arms: tuple[str, ...]
    groups: tuple[Group, ...]
    source: str
    together: bool = False
    first: Run | None = None
    years: tuple[int, ...] = ()
    notes: tuple[str, ...] = field(default=())
    means: bool = False

    @property
    def seeds(self) -> int:
        """The most runs that an arm has."""
        return int(self.values.groupby("arm")["run"].nunique().max())

    def summary(self) -> pd.DataFrame:
        """Over the runs of each arm: arm, year, group, value (their mean), low, high, runs."""
        by = self.values.dropna(subset=["value"]).groupby(["arm", "year", "group"], sort=False)["value"]
        few = self.seeds < FEW
        ends = (0.0, 1.0) if few else (0.05, 0.95)
        told = pd.DataFrame(
            {
                "value": by.mean(),
                "low": by.quantile(ends[0]),
                "high": by.quantile(ends[1]),
                "runs": by.count(),
            }
        )
        return told.reset_index()

    def band(self) -> str:
        """What a band shows, in words; "" if there is none."""
        if self.seeds < 2:
            return ""
        if self.seeds < FEW:
            return tr("mean of {number} seeds, and lowest to highest", number=self._many)
        return tr("mean of {number} seeds, and the middle 90%", number=self._many)

    def mean(self) -> str:
        """What is shown where there is no band, in words; "" of one seed."""
        return tr("mean of {number} seeds", number=self._many) if self.seeds > 1 else ""

    @property
    def _many(self) -> str:
        """How many seeds arms have."""
        counts = sorted(set(self.values.groupby("arm")["run"].nunique()))
        if len(counts) == 1:
            return f"{counts[0]}"
        if counts[0] > 1:
            return tr("{low} to {high}", low=counts[0], high=counts[-1])
        return tr("up to {number}", number=counts[-1])

    def some(self, groups: Sequence[Group], note: str = "") -> Told:
        """The same of some groups; `note` says which."""
        names = {each.name for each in groups}
        values = self.values[self.values["group"].isin(names)]
        notes = (*self.notes, note) if note else self.notes
        return replace(self, values=values, groups=tuple(groups), notes=notes)


def told_by_runs(runs: Sequence[Run], question: Question, kind: str) -> Told:
    """What runs answer; a bar and a map are of all years together, but bars of the whole country in one arm of each.

    Errors: AskedError if a run can't answer, or if there are too many to tell apart.
    """
    arms = _arms(runs)
    if len(arms) > MOST_ARMS:
        raise AskedError(
            f"at most {MOST_ARMS} scenarios are told apart in a chart, and these are {len(arms)}"
        )
    pool = kind == MAP or (kind == BAR and not (question.by == COUNTRY and len(arms) == 1))
    rows, groups = [], dict[str, Group]()
    years, few = set[int](), set[int]()
    for name, members in arms.items():
        for number, run in enumerate(members):
            yearly = by_year(run, question)
            years |= {int(year) for year in yearly["year"]}
            found = together(run, question).assign(year=0) if pool else without_few(run, question, yearly)
            if found["value"].isna().any() and least_cases(run, question):
                few.add(least_cases(run, question))
            rows.append(found.assign(arm=name, run=number))
            for each in groups_there(run, question):
                groups.setdefault(each.name, each)
    values = pd.concat(rows, ignore_index=True)[["arm", "run", "year", "group", "value"]]
    there = set(values.loc[values["value"].notna(), "group"])
    shown = tuple(each for each in groups.values() if each.name in there)
    notes = (tr(_LACKING.get(kind, LEFT_OUT), number=localised(f"{max(few):,}")),) if few else ()
    told_of = tuple(range(min(years), max(years) + 1))
    source = _source(arms, runs[0].scenario_name)
    return Told(question, values, tuple(arms), shown, source, pool, runs[0], told_of, notes)


def _arms(runs: Sequence[Run]) -> dict[str, list[Run]]:
    """Runs by what they are runs of, whatever the seed. Errors: AskedError if one is given twice."""
    found: dict[str, list[Run]] = {}
    for run in runs:
        found.setdefault(_all_but_the_seed(run), []).append(run)
    for members in found.values():
        seeds = [run.seed for run in members]
        if twice := [seed for seed in seeds if seeds.count(seed) > 1]:
            name = members[0].scenario_name
            raise AskedError(f"{name} with seed {twice[0]} is given twice: it would count for two")
    names = _names([members[0].scenario for members in found.values()])
    return dict(zip(names, found.values(), strict=True))


def _names(worlds: Sequence[ScenarioInfo]) -> list[str]:
    """What to call each: by what was set alone, where the scenario is the same; a setting is not broken over lines."""
    names = world_names(worlds)
    common = worlds[0].name
    if len(worlds) > 1 and all(world.name == common for world in worlds):
        short = [
            name.removeprefix(f"{common} (").removesuffix(")") if name != common else name for name in names
        ]
        names = (
            short if len(set(short)) == len(short) and not any(each.isdecimal() for each in short) else names
        )
    return [name.replace(" = ", "\u00a0=\u00a0") for name in names]


def _all_but_the_seed(run: Run) -> str:
    parameters = {path: value for path, value in run.parameters.items() if path != "seed"}
    timeline = [(change["month"], change["path"], change["value"]) for change in run.timeline]
    about: Any = [
        run.scenario_name,
        run.start,
        run.months,
        places_info(run).table,
        run.tables.rows("places"),
        parameters,
        timeline,
    ]
    return json.dumps(about, sort_keys=True, default=str)


def _source(arms: dict[str, list[Run]], scenario: str) -> str:
    """Where the numbers come from: scenarios and their seeds."""
    runs = [run for members in arms.values() for run in members]
    seeds = {name: sorted(run.seed for run in members) for name, members in arms.items()}
    alike = len({tuple(each) for each in seeds.values()}) == 1
    first = next(iter(seeds.values()))
    alone = len({run.scenario_name for run in runs}) == 1
    called = {
        name: tr("with {name}", name=name) if alone and name != scenario and len(arms) > 1 else name
        for name in arms
    }
    if alone and scenario in arms and len(arms) > 1:
        called[scenario] = tr("{name} as it is", name=scenario)
    if alone and scenario not in arms:
        called = (
            {**called, next(iter(arms)): f"{scenario} {called[next(iter(arms))]}"}
            if len(arms) > 1
            else called
        )
    named = [
        called[name] if alike else tr("{name} ({seeds})", name=called[name], seeds=_in_words(each))
        for name, each in seeds.items()
    ]
    people = {run.persons_per_record for run in runs}
    if len(arms) == 1 and len(runs) == 1:
        return source_line(runs[0])
    what = (
        tr("scenario {names}", names=joined(named)) if alone else tr("scenarios {names}", names=joined(named))
    )
    about = "; ".join([what, _in_words(first)]) if alike else what
    said = (
        tr("Simulated, no estimate for any real town: {about}", about=about)
        if any(places_info(run).named for run in runs)
        else tr("Simulated: {about}", about=about)
    )
    if people == {1} or len(people) != 1:
        return said
    number = localised(f"{max(people):,}")
    return tr("{source}; one record stands for {number} people", source=said, number=number)


def _in_words(seeds: Sequence[int]) -> str:
    """`seed 5`, `seeds 1 to 5`, or how many."""
    if len(seeds) == 1:
        return tr("seed {seed}", seed=seeds[0])
    if list(np.diff(seeds)) == [1] * (len(seeds) - 1):
        return tr("seeds {low} to {high}", low=seeds[0], high=seeds[-1])
    if len(seeds) <= 5:
        return tr("seeds {seeds}", seeds=joined([str(seed) for seed in seeds]))
    return tr_number("{number} seed", "{number} seeds", len(seeds), number=len(seeds))
