"""What each mechanism does: on against off, over pairs of runs that share their luck; docs/effects.md tells it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from ruamel.yaml import YAML

from ..outcomes.measures import main_outcomes
from ..outcomes.run import Run
from ..scenarios import Scenario, load_scenario
from ..scenarios.markdown import markdown_table
from .mechanisms import Mechanism, held, settings_text
from .paired import Paired, paired_by_seed
from .replicates import Progress, Replicate, run_many

SHOWN = 6  # outcomes shown for each mechanism, those it moves most
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
    """What a mechanism does to one outcome: `change` is from off (`first`) to on (`other`)."""

    mechanism: str
    outcome: str
    label: str
    unit: str
    change: Paired

    @property
    def row(self) -> dict[str, object]:
        """As in effects.csv."""
        found = self.change
        return {
            "mechanism": self.mechanism,
            "outcome": self.outcome,
            "label": self.label,
            "unit": self.unit,
            "on": found.other,
            "off": found.first,
            "change": found.change,
            "low": found.low,
            "high": found.high,
            "pairs": found.n,
            "clear": found.clear,
        }

    @property
    def size(self) -> float:
        """The change beside the values."""
        return abs(self.change.change) / max(1e-12, abs(self.change.other), abs(self.change.first))


def measured(run: Run) -> dict[str, float]:
    """The headline numbers and the further ones, by name."""
    years = run.months / 12.0
    monthly, census, yearly = run.table("monthly"), run.table("census"), run.table("places_yearly")
    nation, needs, doors = run.table("nation").iloc[-1], run.table("needs"), run.table("doors")
    flows = monthly[["deported", "moved_out", "left", "turned_away"]].sum() / years
    end = run.months - 1
    last = census[census["year"] == census["year"].max()]
    persons = max(1, int(last["persons"].sum()))
    state = yearly[yearly["year"] == yearly["year"].max()]
    weights = state["migrants"] / max(1, state["migrants"].sum())
    denizens = (doors["month"] == end) & (doors["status"] == "denizen")
    found = {
        "deported": flows["deported"],
        "moved": flows["moved_out"],
        "left": flows["left"],
        "turned_away": flows["turned_away"],
        "members": monthly.loc[monthly["month"] == end, "members"].sum(),
        "ngos": nation["ngos"],
        "fear": nation["fear"],
        "service_level": (state["service_level"] * weights).sum(),
        "tension": (state["tension"] * weights).sum(),
        "language": last["language"].sum() / persons,
        "first_city": last["first_city"].sum() / persons,
        "families": needs.loc[needs["need"].isin(run.entries.needs.having("family_only")), "needs"].sum()
        / years,
        "denizens": doors.loc[denizens, "stock"].sum(),
        "movers_gain": run.table("moves")["enrolments_lost"].sum() / years,
    }
    headline = {name: outcome.value for name, outcome in main_outcomes(run).items()}
    return headline | {name: float(value) for name, value in found.items()}


def _measured_with_words(run: Run) -> dict[str, object]:
    headline = {name: (outcome.label, outcome.unit) for name, outcome in main_outcomes(run).items()}
    return {"values": measured(run), "words": headline | FURTHER}


def effects_of(
    mechanisms: Sequence[Mechanism],
    *,
    scenario: str = "japan-sample",
    pairs: int = 20,
    workers: int = 2,
    progress: Progress | None = None,
) -> list[Effect]:
    """Run `scenario` with each mechanism on and off, under the same seeds.

    On is the scenario as it is; where it leaves the mechanism out, it is brought in for the comparison. A pair counts
    if both its runs went well. Errors: ScenarioError for an unknown scenario; RuntimeError if no pair of runs of a
    mechanism went well.
    """
    base = load_scenario(scenario)
    scenarios = [base]

    def place_of(wanted: Scenario) -> int:
        scenarios.append(wanted)
        return len(scenarios) - 1

    places = []  # which of the scenarios has each mechanism on, and which off
    for mechanism in mechanisms:
        with_it = held(base, mechanism.brought_in) if mechanism.brought_in else base
        on = place_of(with_it) if mechanism.brought_in else 0
        places.append((mechanism.id, on, place_of(held(with_it, mechanism.without))))
    runs = run_many(scenarios, pairs, _measured_with_words, workers=workers, progress=progress)
    return [effect for name, on, off in places for effect in _compared(name, runs[on], runs[off])]


def _compared(mechanism: str, on: list[Replicate], off: list[Replicate]) -> list[Effect]:
    words: dict[str, tuple[str, str]] = next((each.values["words"] for each in on if each.values), {})
    values = [
        pd.DataFrame({each.seed: each.values["values"] for each in runs if each.values}).T
        for runs in (off, on)
    ]
    found = paired_by_seed(*values)
    if not found:
        errors = sorted({str(each.error) for each in (*on, *off) if each.error})
        raise RuntimeError(f"no pair of runs of {mechanism} went well: {'; '.join(errors)}")
    return [
        Effect(mechanism, name, label, unit, found[name])
        for name, (label, unit) in words.items()
        if found[name].n
    ]


def write_effects(
    path: Path, effects: list[Effect], *, command: str, mechanisms: Sequence[Mechanism], scenario: str
) -> Path:
    """Write the report, and all its numbers as CSV beside it. Remarks come from effects-notes.yaml beside it."""
    pairs = max(effect.change.n for effect in effects)
    numbers, remarks = path.with_suffix(".csv"), path.with_name("effects-notes.yaml")
    notes = (YAML(typ="safe").load(remarks.read_text(encoding="utf-8")) or {}) if remarks.exists() else {}
    parts = [
        "# What each mechanism does",
        f"Made by `{command}`: scenario `{scenario}`, {pairs} pairs of runs a mechanism. In each pair one run has the "
        "mechanism on and one has it off; both have the same seed, so the same people meet with the same luck.",
        "A change is **on minus off**: what the mechanism adds, with its 95% interval (t, over pairs). Shown are the "
        f"outcomes whose interval leaves zero out, at most {SHOWN}, those first that change most for their size; all "
        f"outcomes are in [{numbers.name}]({numbers.name}). With so many comparisons, some small effects are luck.",
    ]
    for mechanism in mechanisms:
        parts.append(f"## {mechanism.id}: {mechanism.name}")
        if mechanism.brought_in:
            parts.append(f"Brought in for the comparison: {_in_code(mechanism.brought_in)}.")
        parts.append(f"Off: {_in_code(mechanism.without)}.")
        parts += _table([effect for effect in effects if effect.mechanism == mechanism.id])
        parts += [notes[mechanism.id].strip()] if mechanism.id in notes else []
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    pd.DataFrame([effect.row for effect in effects]).round(6).to_csv(numbers, index=False)
    return path


def _in_code(settings: Mapping[str, object]) -> str:
    return ", ".join(f"`{each}`" for each in settings_text(settings))


def _table(found: list[Effect]) -> list[str]:
    clear = sorted((each for each in found if each.change.clear), key=lambda each: each.size, reverse=True)
    if not clear:
        return ["**No outcome changes clearly.**"]
    rows = [
        (
            f"{each.label} ({each.unit})",
            number(each.change.other),
            number(each.change.first),
            number(each.change.change, "+"),
            f"{number(each.change.low, '+')} to {number(each.change.high, '+')}",
        )
        for each in clear[:SHOWN]
    ]
    more = [f"and {len(clear) - SHOWN} more."] if len(clear) > SHOWN else []
    return [markdown_table(("outcome", "on", "off", "change", "95% interval"), rows), *more]


def number(value: float, sign: str = "") -> str:
    """A number as one reads it; `sign`: "+" to show it always."""
    return f"{value:{sign},.0f}" if abs(value) >= 100 else f"{value:{sign}.3g}"
