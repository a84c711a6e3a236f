"""What each mechanism does: on against off, over pairs of runs that share their luck; docs/effects.md tells it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..model.columns import Columns
from ..outcomes.groups import UNAUTHORISED_STATUSES, served_in
from ..outcomes.measures import main_outcomes
from ..outcomes.run import Run
from ..outcomes.whole_folder import refusal_told, write_whole
from ..scenarios import Scenario, load_scenario
from ..scenarios.markdown import markdown_table
from .intervals import paired_by_seed, weighted_quantiles
from .mechanisms import BY_ID, Mechanism, held, settings_text
from .notes import read_notes
from .replicates import Progress, Replicate, RunsFailed, run_many, seeds_for
from .studies.ensembles import KeptEnsemble
from .studies.parts import change
from .studies.points import with_settings

LEAST_PEOPLE = 200  # of a place whose share without papers tells something
SHOWN = 6  # outcomes shown for each mechanism, those it moves most
Floats = npt.NDArray[np.float64]
Measured = dict[str, tuple[str, str, float]]  # outcome -> label, unit, value


def measured(run: Run) -> Measured:
    """The headline numbers, and beside them what some mechanisms act on and the headlines do not show."""
    years = run.months / 12.0
    monthly, census, yearly = run.table("monthly"), run.table("census"), run.table("places_yearly")
    nation, needs, doors = run.table("nation").iloc[-1], run.table("needs"), run.table("doors")
    flows = monthly[["deported", "moved_out", "left", "turned_away"]].sum() / years
    end = run.months - 1
    members = monthly.loc[monthly["month"] == end, "members"].sum()
    last = census[census["year"] == census["year"].max()]
    persons = max(1, int(last["persons"].sum()))
    state = yearly[yearly["year"] == yearly["year"].max()]
    weights = state["migrants"] / max(1, state["migrants"].sum())
    of_families = needs["need"].isin(
        [name for trait in ("childbirth", "school_age") for name in run.entries.needs.having(trait)]
    )
    denizens = doors.loc[(doors["month"] == end) & (doors["status"] == "denizen"), "stock"].sum()
    lost = run.table("moves")["enrolments_lost"].sum() / years
    outside = monthly["status"].isin(UNAUTHORISED_STATUSES)
    spread, insured = _spread_of_unauthorised(run), monthly.loc[monthly["month"] == end, "insured"].sum()
    one_group = state["largest_group"].sum() / max(1, state["migrants"].sum())
    level, tension = ((state[name] * weights).sum() for name in ("service_level", "tension"))
    further: Measured = {
        "deported": ("Deported", "persons a year", flows["deported"]),
        "moved": ("Moves to another municipality", "persons a year", flows["moved_out"]),
        "left": ("Left the country of their own accord", "persons a year", flows["left"]),
        "ngos": ("NGOs at the end", "organisations", nation["ngos"]),
        "turned_away": ("Turned away by NGOs", "claims a year", flows["turned_away"]),
        "members": ("Paying members of NGOs at the end", "persons", members),
        "service_level": ("Mean service level where migrants live", "level", level),
        "fear": ("Fear in the country, at the end", "0 to 1", nation["fear"]),
        "language": ("Mean competence in the language", "0 to 1", last["language"].sum() / persons),
        "tension": ("Mean tension where migrants live", "0 to 1", tension),
        "families": (
            "Needs of families (birth, schooling)",
            "a year",
            needs.loc[of_families, "needs"].sum() / years,
        ),
        "denizens": ("Permanent residents at the end", "persons", denizens),
        "first_city": ("Live where they arrived", "share of migrants", last["first_city"].sum() / persons),
        "movers_gain": ("Enrolments lost by moving", "a year", lost),
        "insured": ("Insured at the end", "persons", insured),
        "one_group": ("Largest group of each place, of its migrants", "share", one_group),
        "spread": (
            "Differences in the unauthorised share between places, beyond chance",
            "deviation",
            spread,
        ),
        "apart": ("Co-ethnics apart from other migrants (dissimilarity)", "0 to 1", dissimilarity(state)),
        "met_outside": ("Needs met of the unauthorised", "share of their needs", _met(run, monthly[outside])),
        "met_inside": ("Needs met of all others", "share of their needs", _met(run, monthly[~outside])),
    }
    headline: Measured = {name: (of.label, of.unit, of.value) for name, of in main_outcomes(run).items()}
    return {name: (label, unit, float(value)) for name, (label, unit, value) in (headline | further).items()}


def _met(run: Run, monthly: pd.DataFrame) -> float:
    """Share of the needs in these rows that were met; compatriots' help is no claim and does not count."""
    counts = Columns.of(monthly)
    return float(served_in(run, counts).sum() / max(1, counts["needs"].sum()))


def dissimilarity(state: pd.DataFrame) -> float:
    """How far co-ethnics live apart from all other migrants, 0 to 1: the part that would have to move. `state`: rows of
    places_yearly of one year."""
    own = state["coethnics"]
    others = state["migrants"] - own
    if not own.sum() or not others.sum():
        return 0.0
    return float((own / own.sum() - others / others.sum()).abs().sum() / 2.0)


def _spread_of_unauthorised(run: Run) -> float:
    """How far the share without papers differs between places with enough migrants at the end, beyond chance."""
    monthly = run.table("monthly")
    people = monthly[monthly["month"] == run.months - 1].pivot_table("stock", "place", "status", "sum")
    people = people[people.sum(axis=1) >= LEAST_PEOPLE].fillna(0.0)
    without = people[[name for name in people if name in UNAUTHORISED_STATUSES]].sum(axis=1)
    records = float(run.persons_per_record)
    return deviation_beyond_chance(without.to_numpy() / records, people.sum(axis=1).to_numpy() / records)


def deviation_beyond_chance(some: Floats, whole: Floats) -> float:
    """Standard deviation of the shares `some` / `whole` (P,) without what the luck of so few adds to it: each count, in
    records, is taken for a draw from its place's own share (binomial; without bias)."""
    if not len(whole):
        return 0.0
    share = some / whole
    by_chance = np.mean(share * (1.0 - share) / np.maximum(1.0, whole - 1.0))
    return math.sqrt(max(0.0, float(np.var(share) - by_chance)))


def effects_of(
    mechanisms: Sequence[Mechanism],
    *,
    scenario: str = "japan-sample",
    pairs: int = 20,
    ensemble: KeptEnsemble | None = None,
    workers: int = 2,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Run `scenario` with each mechanism on and off, under the same seeds; a row a mechanism and outcome.

    Columns: mechanism, outcome, label, unit, on, off (means), change (on less off), low, high (its interval), pairs,
    clear (whether the interval leaves zero out). On is the scenario as it is; where it leaves the mechanism out, it is
    brought in for the comparison. With an `ensemble` each pair of runs has a set of parameters drawn by weight,
    and there are further columns: worlds_low, worlds_high (between which 90% of the pairs' changes lie), alike (the
    share of pairs whose change has the sign of the mean). A pair counts if both its runs went well. Errors:
    ScenarioError for an unknown scenario; OutputError if it lacks a parameter of the ensemble; RunsFailed if no pair of
    runs of a mechanism went well.
    """
    base = load_scenario(scenario)
    places, variants = _settled(base, mechanisms, pairs, ensemble)
    tasks = [each for of_pair in variants for each in of_pair]
    done = [of_one[0] for of_one in run_many(tasks, 1, measured, workers=workers, progress=progress)]
    runs = [done[number :: len(variants[0])] for number in range(len(variants[0]))]
    rows = [
        row
        for name, on, off in places
        for row in _compared(name, runs[on], runs[off], over_worlds=ensemble is not None)
    ]
    return pd.DataFrame(rows)


Place = tuple[str, int, int]  # a mechanism's id, and which of the scenarios has it on, and which off


def _settled(
    base: Scenario, mechanisms: Sequence[Mechanism], pairs: int, ensemble: KeptEnsemble | None
) -> tuple[list[Place], list[list[Scenario]]]:
    """The scenarios that are run of each pair: those of `_on_and_off`, with the pair's seed and its set."""
    seeds = seeds_for(base.seed, pairs)
    sets: list[int | None] = [None] * pairs
    if ensemble is not None:
        sets = [*ensemble.evenly(pairs, np.random.default_rng(base.seed))]
    by_set: dict[int | None, list[Scenario]] = {}
    places: list[Place] = []
    for number in dict.fromkeys(sets):
        world = base
        if ensemble is not None and number is not None:
            world = with_settings(base, ensemble.settings(number, ensemble.kept(base)), "ensemble")
        by_set[number], places = _on_and_off(world, mechanisms)
    variants = [
        [replace(each, seed=seed) for each in by_set[number]]
        for number, seed in zip(sets, seeds, strict=True)
    ]
    return places, variants


def _on_and_off(base: Scenario, mechanisms: Sequence[Mechanism]) -> tuple[list[Scenario], list[Place]]:
    """The scenario as it is, with what has to be brought in and without each mechanism, and which is which."""
    scenarios = [base]
    places: list[Place] = []
    for mechanism in mechanisms:
        on = 0
        if mechanism.brought_in:
            on = len(scenarios)
            scenarios.append(held(base, mechanism.brought_in))
        places.append((mechanism.id, on, len(scenarios)))
        scenarios.append(held(scenarios[on], mechanism.without))
    return scenarios, places


def _compared(
    mechanism: str, on: list[Replicate], off: list[Replicate], *, over_worlds: bool
) -> list[dict[str, object]]:
    good = [{each.seed: dict(each.values) for each in runs if each.values} for runs in (off, on)]
    values = [
        pd.DataFrame(
            {seed: {name: value for name, (*_, value) in told.items()} for seed, told in runs.items()}
        ).T
        for runs in good
    ]
    words: Measured = next(iter(good[1].values()), {})
    found = paired_by_seed(*values)
    if not found:
        errors = sorted({str(each.error) for each in (*on, *off) if each.error})
        raise RunsFailed(f"no pair of runs of {mechanism} went well: {'; '.join(errors)}")
    return [
        {
            "mechanism": mechanism,
            "outcome": name,
            "label": words[name][0],
            "unit": words[name][1],
            "on": told.other,
            "off": told.first,
            "change": told.change,
            "low": told.low,
            "high": told.high,
            "pairs": told.n,
            "clear": told.clear,
            **(_over_worlds(*(each[name] for each in values)) if over_worlds else {}),
        }
        for name, told in found.items()
        if told.n
    ]


def _over_worlds(off: pd.Series, on: pd.Series) -> dict[str, float]:
    """How a change differs between plausible worlds of equal weight."""
    both = pd.concat([off, on], axis=1).dropna().to_numpy(float)
    changes = change(both[:, 0], both[:, 1])
    low, high = weighted_quantiles(changes, np.full(len(changes), 1.0 / len(changes)), (0.05, 0.95))
    alike = np.mean(np.sign(changes) == np.sign(changes.mean()))
    return {"worlds_low": float(low), "worlds_high": float(high), "alike": float(alike)}


def write_effects(
    path: Path, effects: pd.DataFrame, *, command: str, mechanisms: Sequence[Mechanism], scenario: str
) -> Path:
    """Write all numbers as CSV, and the report beside them. Remarks come from effects-notes.yaml there.

    Errors: OutputError if the remarks can't be read, or something can't be written.
    """
    numbers = write_numbers(path, effects)
    notes = read_remarks(path)
    parts = [
        "# What each mechanism does",
        f"Made by `{command}`: scenario `{scenario}`, {effects['pairs'].max()} pairs of runs a mechanism. In each "
        "pair one run has the mechanism on and one has it off; both have the same seed, so the same people meet with "
        "the same luck.",
        "A change is **on minus off**: what the mechanism adds, with its 95% interval (t, over pairs). Shown are the "
        f"outcomes whose interval leaves zero out, at most {SHOWN}, those first that change most for their size; all "
        f"outcomes are in [{numbers.name}]({numbers.name}). With so many comparisons, some small effects are luck.",
    ]
    for mechanism in mechanisms:
        parts.append(f"## {mechanism.id}: {mechanism.name}")
        if mechanism.brought_in:
            parts.append(f"Brought in for the comparison: {_in_code(mechanism.brought_in)}.")
        parts.append(f"Off: {_in_code(mechanism.without)}.")
        parts += _table(effects[effects["mechanism"] == mechanism.id])
        parts += [notes[mechanism.id].strip()] if mechanism.id in notes else []
    with refusal_told(path):
        write_whole(path, "\n\n".join(parts) + "\n")
    return path


def write_numbers(report: Path, effects: pd.DataFrame) -> Path:
    """All numbers as CSV, beside a report. Errors: OutputError if it can't be written."""
    numbers = report.with_suffix(".csv")
    with refusal_told(numbers):
        write_whole(numbers, effects.round(6).to_csv(index=False))
    return numbers


def read_remarks(report: Path) -> dict[str, str]:
    """The remarks beside a report: a paragraph by the id of a mechanism. Errors: OutputError."""
    return read_notes(report.with_name("effects-notes.yaml"), "mechanism", BY_ID)


def _in_code(settings: Mapping[str, object]) -> str:
    return ", ".join(f"`{each}`" for each in settings_text(settings))


def by_size(found: pd.DataFrame) -> pd.DataFrame:
    """The outcomes that change clearly, those first that change most for their size."""
    clear = found[found["clear"]]
    largest = clear[["on", "off"]].abs().max(axis=1).clip(lower=1e-12)
    return clear.loc[(clear["change"].abs() / largest).sort_values(ascending=False, kind="stable").index]


def _table(found: pd.DataFrame) -> list[str]:
    ordered = by_size(found)
    if ordered.empty:
        return ["**No outcome changes clearly.**"]
    rows = [
        (
            f"{row['label']} ({row['unit']})",
            *(number(row[name]) for name in ("on", "off")),
            number(row["change"], "+"),
            f"{number(row['low'], '+')} to {number(row['high'], '+')}",
        )
        for row in ordered[:SHOWN].to_dict("records")
    ]
    more = [f"and {len(ordered) - SHOWN} more."] if len(ordered) > SHOWN else []
    return [markdown_table(("outcome", "on", "off", "change", "95% interval"), rows), *more]


def number(value: float, sign: str = "") -> str:
    """A number as one reads it; `sign`: "+" to show it always."""
    return f"{value:{sign},.0f}" if abs(value) >= 100 else f"{value:{sign}.3g}"
