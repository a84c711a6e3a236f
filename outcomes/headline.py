"""The headline numbers of a run, by which scenarios are compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from ..model.columns import Columns
from ..scenarios.catalogue import UNAUTHORISED
from ..scenarios.vocabulary import provider
from .cascade import MET_BY, harms, take_up, who_fills
from .declaration import OF_NEEDS, OWN, THEMES
from .entries import HELPERS, OWN_HELPERS
from .groups import over_places
from .inequality import last_levels
from .people import modes, portability_loss
from .run import Run


@dataclass(frozen=True)
class Outcome:
    """One number with its words; NaN where the run can't tell (no census, no case)."""

    label: str
    unit: str
    value: float


class Headline(NamedTuple):
    """A headline number, declared: its words, and which column of which of `_TABLES` it is."""

    label: str
    unit: str
    table: str
    column: str


def _stock(run: Run) -> Columns:
    """Migrants in the country at the end of the last month, and how many of them are unauthorised."""
    sums = over_places(run)
    last = sums.at(sums["month"] == run.months - 1)
    outside = np.isin(last["status"], UNAUTHORISED)
    return Columns.of_rows(["all", "unauthorised"], [(last["stock"].sum(), last["stock"][outside].sum())])


def _levels(run: Run) -> Columns:
    levels = last_levels(run)
    return Columns.of_rows([*levels], [tuple(levels.values())])


# Tables of a run, from a month on, with one row at most.
_TABLES: dict[str, Callable[[Run, int], Columns]] = {
    "stock": lambda run, since: _stock(run),
    "claims": lambda run, since: take_up.arrays(run, since=since),
    "who": lambda run, since: who_fills.arrays(run, by=(), since=since),
    "modes": lambda run, since: modes.arrays(run, by=()),
    "levels": lambda run, since: _levels(run),
    "harms": lambda run, since: harms.arrays(run, by=(), since=since),
    "moves": lambda run, since: portability_loss.arrays(run, by=(), since=since),
}
# Of which theme a table has the measures, so that a headline number can be asked for by year and group too.
THEME_OF = {"claims": "E3", "who": "E5", "modes": "E4", "harms": "E8", "moves": "E6"}
_OF_MIGRANTS, _OF_THEIL = "share of migrants", "share of Theil index"
_MET_BY = {**{name: provider(name).many for name in HELPERS}, "nation": MET_BY["nation"]}
_MET = {
    False: "Needs met by",
    True: "Helped by",
}  # by one's own: nobody claims it, and it is no part of needs met
HEADLINES = {
    "stock": Headline("Migrants at the end", "persons", "stock", "all"),
    "unauthorised": Headline("Unauthorised at the end", "persons", "stock", "unauthorised"),
    "needs_met": Headline("Needs met", OF_NEEDS, "claims", "served_of_needs"),
    **{
        f"met_by_{name}": Headline(f"{_MET[name in OWN_HELPERS]} {_MET_BY[name]}", OF_NEEDS, "who", name)
        for name in HELPERS
    },
    "aware": Headline("Aware of a provider", OF_NEEDS, "claims", "aware_of_needs"),
    "take_up": Headline(
        "Take-up of the eligible", "share of eligible needs", "claims", "claimed_of_eligible_any"
    ),
    "sustained": Headline("Claim in a sustained way", _OF_MIGRANTS, "modes", "sustained"),
    "episodic": Headline("Claim episodically", _OF_MIGRANTS, "modes", "episodic"),
    "service_theil": Headline("Unevenness of service level", "Theil index", "levels", "theil"),
    "between_regions": Headline("Unevenness between regions", _OF_THEIL, "levels", "between_share"),
    "unmet_rate": Headline("Unmet needs", "per 1,000 person-years", "harms", "unmet_per_1000"),
    "level_lost": Headline("Service level lost by moving", "level a move", "moves", "level_lost"),
}


def headlines_that_are(theme: str, measure: str) -> list[str]:
    """The names of headline numbers that are a measure of the whole run: take_up is E3.claimed_of_eligible_any."""
    return [
        name
        for name, each in HEADLINES.items()
        if (THEME_OF.get(each.table), each.column) == (theme, measure)
    ]


def headlines(run: Run, names: Iterable[str], since: int = 0) -> dict[str, float]:
    """Name -> headline number, of the names given only; NaN where the run can't tell."""
    tables: dict[str, Columns] = {}
    found = {}
    for name in names:
        each = HEADLINES[name]
        if each.table not in tables:
            tables[each.table] = _TABLES[each.table](run, since)
        table = tables[each.table]
        found[name] = float(table[each.column][0]) if each.column in table and len(table) else np.nan
    return found


def main_outcomes(run: Run, since: int = 0) -> dict[str, Outcome]:
    """Name -> headline number. Stocks are of the last month, modes and service levels of the last December,
    shares of needs and rates of all months from `since` (index, 0 = the whole run) on.

    Measures that a user declared follow, as "own.<name>", with the value of the last year they tell of.
    """
    numbers = headlines(run, HEADLINES, since)
    found = {
        name: Outcome(HEADLINES[name].label, HEADLINES[name].unit, value) for name, value in numbers.items()
    }
    if OWN in THEMES:
        own = THEMES[OWN]
        for measure, (compute, _) in zip(own.measures, own.computed, strict=True):
            table: Any = compute(run, "year")
            last = table.sort_values("year")[measure.name].tolist()
            value = float(last[-1]) if last else np.nan
            found[f"{OWN}.{measure.name}"] = Outcome(measure.label, measure.unit, value)
    return found
