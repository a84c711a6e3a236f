"""Figures of a comparison: the cascade, helpers and unevenness of scenarios beside each other on shared scales.

Each is drawn from tables over the runs of all seeds, the same seeds in each scenario.
"""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from ...scenarios.languages import tr, tr_number
from ...scenarios.vocabulary import BLUE, GREY, RUNG, STAGE, VERMILION, Term, provider
from ..deciding import band, sign_of_mean, signs_of_means
from ..groups import STAGES
from ..places_info import UNKNOWN, PlacesInfo
from ..wording import joined, level, percent, percentage, sentence
from . import style
from .claims import CASCADE_GROUPS, WHO_PANELS, providers_in
from .declaration import comparison_figure
from .services import UNEVEN_WORDS

# A colour and a shape each, so that worlds can be told apart without either.
LOOKS = (
    (BLUE, "o"), (VERMILION, "D"), (style.GREEN, "s"), (style.ORANGE, "^"), (style.PURPLE, "v"), (style.BLACK, "X"),
)  # fmt: skip
KEY_HEIGHT = 0.065  # of the figure
LABELLED = 0.2  # the least part of a bar that has room for its percentage
NOTABLE, NOTABLE_OF_WHO = 0.005, 0.001  # of a share: lesser differences are called none


@dataclass(frozen=True)
class ComparisonData:
    """Scenarios beside each other: their names, the figures' tables by name (over all runs), source line, runs each,
    what the first knows of its places, and the figures' tables by seed, by which headlines are decided."""

    names: Sequence[str]
    tables: Sequence[Mapping[str, pd.DataFrame]]
    source: str
    runs: int
    places: PlacesInfo = UNKNOWN
    by_seed: Sequence[Mapping[str, Mapping[int, pd.DataFrame]]] = ()

    def table(self, figure: str) -> list[pd.DataFrame]:
        """One figure's table of each scenario."""
        return [tables[figure] for tables in self.tables]

    def decided(self, figure: str, difference: Callable[[list[pd.DataFrame]], float]) -> bool:
        """Whether a difference is above 0 in the mean of runs, by the rule of `deciding`; `difference`: of the figure's
        tables of one seed, one a scenario."""
        return sign_of_mean([difference(tables) for tables in self._of_seeds(figure)]) > 0

    def decided_among(
        self, figure: str, differences: Callable[[list[pd.DataFrame]], Mapping[Any, float]]
    ) -> set[Hashable]:
        """Which of several differences are decided, though so many were asked, by the rule of `deciding`;
        `differences`: by key, of the figure's tables of one seed, one a scenario."""
        found = pd.DataFrame(
            [pd.Series(differences(tables)) for tables in self._of_seeds(figure)], dtype=float
        )
        signs = signs_of_means(found.to_numpy(), np.ones(found.shape[1]), least=2)
        return {key for key, sign in zip(found.columns, signs, strict=True) if sign}

    def _of_seeds(self, figure: str) -> list[list[pd.DataFrame]]:
        """A figure's tables of each seed that all scenarios have, one a scenario."""
        if len(self.by_seed) < len(self.names) or any(figure not in each for each in self.by_seed):
            return []
        seeds = [each[figure] for each in self.by_seed]
        return [[each[seed] for each in seeds] for seed in seeds[0] if all(seed in each for each in seeds)]

    def decided_places(self, number: int, column: str) -> pd.Series:
        """Of each place (index), whether a map's column is higher (1) or lower (-1) in scenario `number` than in the
        first, or whether that is open (0), by the rule of `deciding`; without seeds all are open."""
        places, migrants = (self.table("map")[0][name] for name in ("place", "migrants"))
        first, other = (
            np.array(
                [each[seed].set_index("place")[column].reindex(places) for seed in self._shared(number)],
                float,
            )
            for each in (self._maps(0), self._maps(number))
        )
        changes = (other - first).reshape(-1, len(places))
        return pd.Series(signs_of_means(changes, migrants.to_numpy(float)), index=pd.Index(places))

    def pairs(self, number: int) -> int:
        """The pairs of runs of the first scenario and of scenario `number` whose maps are there: by these places are
        decided."""
        return len(self._shared(number))

    def _maps(self, number: int) -> Mapping[int, pd.DataFrame]:
        return self.by_seed[number].get("map", {}) if number < len(self.by_seed) else {}

    def _shared(self, number: int) -> list[int]:
        """The seeds under which both ran."""
        return [seed for seed in self._maps(0) if seed in self._maps(number)]

    @property
    def mean(self) -> str:
        """For subtitles: over how many runs."""
        return tr_number("one run each", "{number} runs each", self.runs, number=self.runs)


def _mark(number: int, size: float) -> dict[str, Any]:
    """How a scenario is marked: the first one hollow."""
    colour, shape = LOOKS[number]
    return {"color": colour, "marker": shape, "ms": size, "mfc": colour if number else "white"}


def _key(page: style.Page, names: Sequence[str]) -> None:
    """Which mark is which scenario, in a line below the subtitle."""
    legend(page, [Line2D([], [], ls="none", mew=2.5, **_mark(n, 9)) for n, _ in enumerate(names)], names)


def legend(page: style.Page, marks: Sequence[Any], names: Sequence[str]) -> None:
    """What each mark is, below the subtitle, in a line or in two columns; called before the page has panels."""
    columns = len(names) if sum(map(len, names)) + 6 * len(names) <= 95 else 2
    page.figure.legend(
        marks, [textwrap.shorten(name, 45, placeholder=" ...") for name in names],
        loc="upper left", bbox_to_anchor=(style.MARGIN - 0.01, page.top + 0.015), ncols=columns, frameon=False,
        fontsize=style.TEXT, handletextpad=0.3, columnspacing=1.5, borderpad=0.2,
    )  # fmt: skip
    page.top -= KEY_HEIGHT * -(-len(names) // columns)


def _by_group(tables: list[pd.DataFrame]) -> list[Any]:
    """Share of needs by group (row) and stage (column), of each scenario."""
    wide = [table.pivot(index="group", columns="stage", values="share") for table in tables]
    return [table.reindex(index=list(CASCADE_GROUPS), columns=list(STAGES)) for table in wide]


def _changes(wide: list[Any]) -> dict[tuple[str, str, int], float]:
    """(stage, group, number of the scenario) -> change against the first."""
    return {
        (stage, group, number): float(table.loc[group, stage] - wide[0].loc[group, stage])
        for number, table in enumerate(wide[1:], start=1)
        for stage, group in itertools.product(STAGES[1:], CASCADE_GROUPS)
    }


def _ahead_of_others(chosen: tuple[str, str, int]) -> Callable[[list[pd.DataFrame]], float]:
    """By how much what is chosen differs more than all else does."""

    def ahead(tables: list[pd.DataFrame]) -> float:
        sizes = {
            key: abs(change) for key, change in _changes(_by_group(tables)).items() if np.isfinite(change)
        }
        own = sizes.pop(chosen, np.nan)
        return own - max(sizes.values(), default=np.nan)

    return ahead


def _cascade_title(sides: ComparisonData, tables: list[pd.DataFrame]) -> str:
    wide = _by_group(tables)
    changes = _changes(wide)
    largest = _largest(changes)
    if largest is None:
        return tr("No need was recorded")
    if abs(changes[largest]) < NOTABLE:
        return tr("From need to help, the scenarios hardly differ at any stage")
    decided = sides.decided_among("claiming-cascade", lambda tables: _changes(_by_group(tables)))
    named = _largest_of(changes, decided, NOTABLE)
    if named is None:
        return tr(
            "From need to help, no notable difference between the scenarios is surely more than luck at any stage"
        )
    stage, group, number = named
    before, after = (percent(float(wide[n].loc[group, stage])) for n in (0, number))
    if before == after:
        return tr("From need to help, the scenarios hardly differ at any stage")
    told = {
        "stage": STAGE[stage].label,
        "after": after,
        "group": RUNG[group].many,
        "other": sides.names[number],
        "before": before,
        "first": sides.names[0],
    }
    if sides.decided("claiming-cascade", _ahead_of_others(named)):
        return tr(
            "The stage that differs most is “{stage}”: {after} of the needs of {group} with {other}, {before} with "
            "{first}",
            **told,
        )
    return tr(
        "As far as “{stage}” came {after} of the needs of {group} with {other}, {before} with {first}", **told
    )


def _largest(changes: dict[Any, float]) -> Any:
    """What changed most, the first of equals; None if nothing is known of any."""
    known = {key: abs(change) for key, change in changes.items() if np.isfinite(change)}
    return max(known, key=known.__getitem__, default=None)


def _largest_of(changes: dict[Any, float], decided: set[Hashable], notable: float) -> Any:
    """What changed most of what is decided, and by so much; None if nothing is."""
    return _largest(
        {key: change for key, change in changes.items() if key in decided and abs(change) >= notable}
    )


@comparison_figure("claiming-cascade")
def cascade(sides: ComparisonData) -> Figure:
    """From need to help, per rung, in each scenario: share of episodes that reach each stage, last five years (E3)."""
    tables = sides.table("claiming-cascade")
    groups = [g for g in CASCADE_GROUPS if any(t.loc[t["group"] == g, "episodes"].any() for t in tables)]
    what = tr("Share of needs that came so far, last five years; {runs}", runs=sides.mean)
    page = style.sheet(_cascade_title(sides, tables), what, sides.source)
    _key(page, sides.names)
    rows = np.arange(len(STAGES))[::-1]
    for group, axes in page.beside({g: RUNG[g].label for g in groups}, tr("stage reached")):
        own = [t[t["group"] == group].set_index("stage")["share"].reindex(list(STAGES)) for t in tables]
        shares = np.array([each.to_numpy(float) for each in own])
        axes.hlines(rows, np.nanmin(shares, axis=0), np.nanmax(shares, axis=0), color=GREY, lw=2)
        for number in range(len(tables))[::-1]:  # the first scenario's marks on top
            look = {**_mark(number, 10), "zorder": 4 + len(tables) - number}
            gid = f"cascade-{group}-{number}"
            axes.plot(shares[number], rows, ls="none", mew=2.5, clip_on=False, gid=gid, **look)
        axes.set_xlim(-0.03, 1.12)
        axes.set_ylim(-0.6, len(STAGES) - 0.4)
        style.share_rows(axes, [STAGE[s].label for s in STAGES], rows)
        axes.grid(axis="x", color="#e6e6e6")
    return page.finish()


def _whole_run(table: pd.DataFrame, terms: Mapping[str, Term]) -> pd.DataFrame:
    """Share of needs by group (row) and who met them (column), over all years."""
    sums = table.pivot_table(index="group", columns="provider", values="episodes", aggfunc="sum")
    sums = sums.reindex(index=list(WHO_PANELS), columns=list(terms), fill_value=0.0)
    return sums.div(sums.sum(axis=1).where(lambda total: total > 0), axis=0)


def _changes_of_who(wide: list[Any]) -> dict[tuple[int, str], float]:
    """(number of the scenario, who met needs) -> change of the share against the first, of all needs."""
    return {
        (number, name): float(table.loc["all", name] - wide[0].loc["all", name])
        for number, table in enumerate(wide[1:], start=1)
        for name in table.columns
        if name != "nobody"
    }


def _who_title(sides: ComparisonData, wide: list[Any], terms: Mapping[str, Term]) -> str:
    changes = _changes_of_who(wide)
    largest = _largest(changes)
    if largest is None:
        return tr("No need was recorded")
    if abs(changes[largest]) < NOTABLE_OF_WHO:
        return tr("Who meets the needs hardly differs between the scenarios")
    decided = sides.decided_among(
        "who-met-the-need", lambda tables: _changes_of_who([_whole_run(table, terms) for table in tables])
    )
    named = _largest_of(changes, decided, NOTABLE_OF_WHO)
    if named is None:
        return tr("Who meets the needs: no notable difference between the scenarios is surely more than luck")
    number, name = named
    before, after = (percentage(float(wide[n].loc["all", name]), 1) for n in (0, number))
    if before == after:
        return tr("Who meets the needs hardly differs between the scenarios")
    return tr(
        "{provider} met {after} of needs with {other}, {before} with {first}",
        provider=sentence(provider(name).many),
        after=after,
        other=sides.names[number],
        before=before,
        first=sides.names[0],
    )


@comparison_figure("who-met-the-need")
def who_met_the_need(sides: ComparisonData) -> Figure:
    """Share of needs met by city, NGO, state or nobody over the whole run, in each scenario (E5)."""
    tables = sides.table("who-met-the-need")
    terms = {name: term for table in tables for name, term in providers_in(table).items() if name != "nobody"}
    terms["nobody"] = provider("nobody")
    wide: list[Any] = [_whole_run(table, terms) for table in tables]
    groups = [g for g in WHO_PANELS if any(np.isfinite(t.loc[g].to_numpy(float)).all() for t in wide)]
    what = tr("Share of the needs of the whole run, by who met them; {runs}", runs=sides.mean)
    page = style.sheet(_who_title(sides, wide, terms), what, sides.source)
    marks = [Line2D([], [], color=term.colour, marker="s", ls="none", ms=13) for term in terms.values()]
    legend(page, marks, [tr("met by {provider}", provider=term.label) for term in terms.values()])
    rows = np.arange(len(wide))[::-1]
    names = [textwrap.fill(name, 18) for name in sides.names]
    for group, axes in page.beside({g: tr(WHO_PANELS[g]) for g in groups}, ""):
        floor = np.zeros(len(wide))
        for name, term in terms.items():
            part = np.nan_to_num([float(table.loc[group, name]) for table in wide])
            axes.barh(rows, part, left=floor, height=0.7, color=term.colour, gid=f"{group}-{name}")
            ink = style.readable_on(term.colour)
            for row, begin, width in zip(rows, floor, part, strict=True):
                if width >= LABELLED:
                    axes.text(begin + width / 2, row, percent(width), color=ink, **style.INSIDE)
            floor = floor + part
        axes.grid(False)
        axes.set_xlim(0, 1)
        axes.set_ylim(-0.6, len(wide) - 0.4)
        style.share_rows(axes, names, rows)
    return page.finish()


def _theil(table: pd.DataFrame) -> pd.DataFrame:
    """Theil index by year (row) and of what (column)."""
    parts = table[table["part"].isin(["between", "within"])]
    whole: pd.DataFrame = parts.pivot_table(
        index="year", columns="of_what", values="theil", aggfunc=lambda each: each.sum(min_count=2)
    )
    return whole


def _ends_above(what: str, high: int, low: int) -> Callable[[list[pd.DataFrame]], float]:
    """By how much one scenario ends more uneven than another."""

    def above(tables: list[pd.DataFrame]) -> float:
        ends = []
        for number in (high, low):
            whole = _theil(tables[number])
            known = whole[what].dropna().tolist() if what in whole else []
            ends.append(known[-1] if known else np.nan)
        return float(ends[0] - ends[1])

    return above


def _uneven_title(sides: ComparisonData, totals: list[pd.DataFrame]) -> str:
    what = "service_level" if any("service_level" in t for t in totals) else "needs_met"
    known = [t[what].dropna().tolist() if what in t else [] for t in totals]
    ends = [own[-1] if own else np.nan for own in known]
    if not np.isfinite(ends).any():
        return tr("No year of these runs has unevenness to measure")
    name = tr(UNEVEN_WORDS[what])
    said = {level(end) for end in ends if np.isfinite(end)}
    if len(said) == 1 or np.nanmax(ends) - np.nanmin(ends) < 0.02 * np.nanmax(ends):
        value = said.pop() if len(said) == 1 else level(float(np.nanmean(ends)))
        return tr("{name} ends as uneven in all: a Theil index of {value}", name=name, value=value)
    low, high = int(np.nanargmin(ends)), int(np.nanargmax(ends))
    pairs = [(other, low) for other in range(len(ends)) if other != low]
    pairs += [(high, other) for other in range(len(ends)) if other != high]
    if not all(sides.decided("unevenness", _ends_above(what, *pair)) for pair in pairs):
        named = zip(ends, sides.names, strict=True)
        values = [
            tr("{value} with {scenario}", value=level(end), scenario=scenario)
            for end, scenario in named
            if np.isfinite(end)
        ]
        return tr(
            "{name}: which scenario ends most even is not decided (Theil index {values})",
            name=name,
            values=joined(values),
        )
    return tr(
        "{name} ends most even with {even} (Theil index {least}), least with {uneven} ({most})",
        name=name,
        even=sides.names[low],
        least=level(ends[low]),
        uneven=sides.names[high],
        most=level(ends[high]),
    )


def _theil_band(sides: ComparisonData, number: int, what: str) -> pd.DataFrame | None:
    """Low and high of a Theil index over the seeds of a scenario, by year; None where there is one seed."""
    seeds = sides.by_seed[number].get("unevenness", {}) if number < len(sides.by_seed) else {}
    if len(seeds) < 2:
        return None
    wholes = [_theil(table).reset_index().assign(seed=seed) for seed, table in seeds.items()]
    rows = pd.concat([whole for whole in wholes if what in whole] or wholes, ignore_index=True)
    return band(rows, ["year"], what) if what in rows else None


@comparison_figure("unevenness")
def unevenness(sides: ComparisonData) -> Figure:
    """Theil index of service level and of needs met over the years, in each scenario (E2)."""
    totals = [_theil(table) for table in sides.table("unevenness")]
    what = tr(
        "Theil index between municipalities, weighted by migrants and by needs; mean of {runs}; bands: where "
        "these lie",
        runs=sides.mean,
    )
    page = style.sheet(_uneven_title(sides, totals), what, sides.source)
    _key(page, sides.names)
    shown = [what for what in UNEVEN_WORDS if any(what in t and t[what].notna().any() for t in totals)]
    highest = max((float(t[what].max()) for what in shown for t in totals if what in t), default=0.0)
    years = sorted({int(year) for t in totals for year in t.index})
    for what, axes in page.beside(
        {what: tr(UNEVEN_WORDS[what]) for what in shown}, tr("Theil index (0 = even)")
    ):
        for number, table in enumerate(totals):
            heights = table[what].reindex(years) if what in table else np.full(len(years), np.nan)
            look = {**_mark(number, 6), "zorder": 4 + len(totals) - number, "gid": f"{what}-{number}"}
            axes.plot(years, np.asarray(heights, float), lw=2.5, clip_on=False, **look)
            if (over := _theil_band(sides, number, what)) is not None:
                style.band(axes, years, over.reindex(years), LOOKS[number][0], f"{what}-{number}")
                highest = max(highest, float(over["high"].max()))
        style.plain_axis(axes)
        style.year_axis(axes, years, at_most=4, margin=0.5)
    for axes in page.axes:  # one scale, that holds all bands
        axes.set_ylim(0, max(0.01, 1.06 * highest))
    return page.finish()
