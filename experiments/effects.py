"""Effects: each mechanism on against off, over paired replicates that share their luck."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..outcomes.measures import main_outcomes
from ..outcomes.run import Run
from ..scenarios import load_scenario
from .intervals import interval
from .mechanisms import Mechanism, held
from .replicates import Replicate, run_many

# Beside the headline numbers: what some mechanisms act on and the headlines do not show. Label and unit.
FURTHER = {
    "deported": ("Deported", "persons a year"),
    "moved": ("Moves to another municipality", "persons a year"),
    "left": ("Left the country of their own accord", "persons a year"),
    "ngos": ("NGOs at the end", "organisations"),
    "turned_away": ("Turned away by NGOs", "claims a year"),
    "members": ("Paying members of NGOs at the end", "persons"),
    "service_level": ("Mean service level where migrants live", "level"),
    "fear": ("Fear in the country, at the end", "0 to 1"),
    "language": ("Mean competence in the language", "0 to 1"),
    "tension": ("Mean tension where migrants live", "0 to 1"),
    "families": ("Needs of families (birth, schooling)", "a year"),
    "denizens": ("Permanent residents at the end", "persons"),
    "first_city": ("Live where they arrived", "share of migrants"),
    "movers_gain": ("Enrolments lost by moving", "a year"),
}


@dataclass(frozen=True)
class Effect:
    """What a mechanism does to one outcome: on minus off, mean over pairs, with its interval."""

    mechanism: str
    outcome: str
    label: str
    unit: str
    on: float
    off: float
    change: float
    low: float
    high: float
    pairs: int

    @property
    def clear(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.low > 0.0 or self.high < 0.0


def measured(run: Run) -> dict[str, float]:
    """The headline numbers and the further ones, by name."""
    values = {name: outcome.value for name, outcome in main_outcomes(run).items()}
    years = run.months / 12.0
    counts = run.columns_of("monthly", ["month", "deported", "moved_out", "left", "turned_away", "members"])
    census, yearly, nation = run.table("census"), run.table("places_yearly"), run.table("nation")
    last = census[census["year"] == census["year"].max()]
    state = yearly[yearly["year"] == yearly["year"].max()]
    weights = state["migrants"] / max(1, state["migrants"].sum())
    persons = max(1, int(last["persons"].sum()))
    needs, moves = run.table("needs"), run.table("moves")
    doors = run.table("doors")
    final = doors[doors["month"] == run.months - 1]
    values |= {
        "deported": counts["deported"].sum() / years,
        "moved": counts["moved_out"].sum() / years,
        "left": counts["left"].sum() / years,
        "turned_away": counts["turned_away"].sum() / years,
        "members": float(counts.loc[counts["month"] == run.months - 1, "members"].sum()),
        "ngos": float(nation["ngos"].iloc[-1]),
        "fear": float(nation["fear"].iloc[-1]),
        "service_level": float((state["service_level"] * weights).sum()),
        "tension": float((state["tension"] * weights).sum()),
        "language": float(last["language"].sum() / persons),
        "first_city": float(last["first_city"].sum() / persons),
        "families": needs.loc[needs["need"].isin(["birth", "schooling"]), "needs"].sum() / years,
        "denizens": float(final.loc[final["status"] == "denizen", "stock"].sum()),
        "movers_gain": float(moves["enrolments_lost"].sum() / years),
    }
    return values


def labels(run_names: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Name -> label and unit of every measured outcome; `run_names`: the headline outcomes of any run."""
    headline = {name: (outcome.label, outcome.unit) for name, outcome in run_names.items()}
    return headline | FURTHER


def _measured_with_labels(run: Run) -> dict[str, Any]:
    return {"values": measured(run), "labels": labels(main_outcomes(run))}


Progress = Callable[[int, int, Replicate], None]


def effects_of(
    mechanisms: Sequence[Mechanism],
    *,
    scenario: str = "japan-sample",
    pairs: int = 20,
    workers: int = 2,
    progress: Progress | None = None,
) -> list[Effect]:
    """Run `scenario` with each mechanism on and off, under the same seeds.

    On is the scenario as it is; where it leaves the mechanism out, it is brought in for the comparison
    (`Mechanism.brought_in`). A pair counts if both its runs went well. `progress(finished, in all, replicate)` after
    each run. Errors: ScenarioError for an unknown scenario; RuntimeError if no pair of runs of a mechanism
    went well.
    """
    base = load_scenario(scenario)
    scenarios = [base]
    places: list[tuple[Mechanism, int, int]] = []  # mechanism, and which of the scenarios has it on and off
    for mechanism in mechanisms:
        with_it, on = base, 0
        if mechanism.brought_in:
            with_it, on = held(base, mechanism.brought_in), len(scenarios)
            scenarios.append(with_it)
        places.append((mechanism, on, len(scenarios)))
        scenarios.append(held(with_it, mechanism.without))
    runs = run_many(scenarios, pairs, _measured_with_labels, workers=workers, progress=progress)
    return [
        effect for mechanism, on, off in places for effect in _compared(mechanism.id, runs[on], runs[off])
    ]


def _compared(mechanism: str, on: list[Replicate], off: list[Replicate]) -> list[Effect]:
    good = [(a.values, b.values) for a, b in zip(on, off, strict=True) if a.values and b.values]
    if not good:
        errors = {replicate.error for replicate in (*on, *off) if replicate.error}
        raise RuntimeError(f"no pair of runs of {mechanism} went well: {'; '.join(sorted(map(str, errors)))}")
    found = []
    for name, (label, unit) in good[0][0]["labels"].items():
        ons = np.array([a["values"][name] for a, _ in good], float)
        offs = np.array([b["values"][name] for _, b in good], float)
        known = ~(np.isnan(ons) | np.isnan(offs))
        if not known.any():
            continue
        change = (ons - offs)[known]
        low, high = interval(change)
        mean_on, mean_off = float(ons[known].mean()), float(offs[known].mean())
        found.append(
            Effect(
                mechanism, name, label, unit, mean_on, mean_off, float(change.mean()), low, high, len(change)
            )
        )
    return found


def as_table(effects: list[Effect]) -> pd.DataFrame:
    """One row a mechanism and outcome."""
    return pd.DataFrame([{**vars(effect), "clear": effect.clear} for effect in effects])
