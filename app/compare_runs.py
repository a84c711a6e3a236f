"""`compare` with the folders of finished runs: what was changed, what came of it, one run each."""

from __future__ import annotations

import math
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..outcomes.invocation import typed
from .console import out
from .data_output import say_json
from .tables import add_row, number_with_unit, titled

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from ..outcomes.headline import Outcome
    from ..outcomes.run import Run, ScenarioInfo

_NOT_THERE = "-"
FEWEST = 6  # lives, of which the sign test may decide something
MOST_NAMED = 3  # places that one run has alone
ALL_PLACES, WITH, WITHOUT = "all", "with NGOs", "without NGOs"


def compare_runs(folders: Sequence[Path], *, quiet: bool, json: bool = False) -> None:
    """Print the runs in these folders side by side, all against the first, or their differences as JSON.

    Errors: OutputError.
    """
    from ..outcomes.run_folder import load_run
    from ..outcomes.worlds import world_names

    runs = [load_run(folder) for folder in folders]
    if json:
        say_json({"seeds": [run.seed for run in runs], "differences": differences(runs, folders)})
        return
    first, *others = runs
    screen = out()
    worlds = [run.scenario for run in runs]
    for line in headlines(runs) if not quiet else []:
        screen.print(line, markup=False)
    screen.print(changes(worlds, world_names(worlds)))
    screen.print(_outcomes(runs))
    notes = []
    for number, other in enumerate(others, start=2):
        if efforts := effort(first, other):
            if len(others) > 1:
                efforts[0].title = f"{efforts[0].title}: run 1 and run {number}"
            screen.print(efforts[0])
            notes.append(efforts[1])
    for number, other in enumerate(others, start=2):
        names = ("the first run", "the second run" if len(others) == 1 else f"run {number}")
        lives, words = lives_told(first, other, names, (str(folders[0]), str(folders[number - 1])))
        if lives is not None:
            screen.print(lives)
        notes += words
        notes += places_apart(first, other, names)
    for line in [*dict.fromkeys(notes), *_cautions(runs)] if not quiet else []:
        screen.print(line, markup=False)


def headlines(runs: Sequence[Run]) -> list[str]:
    """A sentence for each run but the first: its main outcome, beside the first run's."""
    from ..outcomes.compared_headline import MAIN
    from ..outcomes.measures import main_outcomes
    from ..outcomes.wording import value_text
    from ..outcomes.worlds import world_names

    names = world_names([run.scenario for run in runs])
    before, *after = [main_outcomes(run)[MAIN] for run in runs]
    said = []
    for name, outcome in zip(names[1:], after, strict=True):
        values = [value_text(each.value, each.unit) for each in (outcome, before)]
        if told := change(before, outcome):
            said.append(
                f"{outcome.label}: {values[0]} with {name} against {values[1]} with {names[0]} "
                f"({'no change' if told == '0' else told}); of one run each, in which luck may have a part."
            )
    return said


def changes(worlds: Sequence[ScenarioInfo], names: Sequence[str]) -> Table:
    """Parameters whose value at the start, or whose dated changes, differ between scenarios."""
    from ..outcomes.run import date_of
    from ..outcomes.worlds import dated_changes

    table = titled("What was changed", "parameter", *names)
    told: set[str] = set()
    for path in sorted({path for world in worlds for path in world.parameters}):
        having = [path in world.parameters for world in worlds]
        entry = path.rpartition(".")[0]
        if not all(having) and entry not in told:  # one that some worlds have added, or dropped
            told.add(entry)
            label = f"{entry}.label"
            add_row(table, entry, *(world.parameters.get(label, _NOT_THERE) for world in worlds))
        values = [world.parameters[path] for world in worlds if path in world.parameters]
        if any(value != values[0] for value in values):
            add_row(table, path, *(world.parameters.get(path, _NOT_THERE) for world in worlds))
    dated = [dated_changes(world) for world in worlds]
    for key in sorted({key for each in dated for key in each}):
        values = [each.get(key, "no change") for each in dated]
        if any(value != values[0] for value in values):
            add_row(table, f"{key[1]} from {date_of(worlds[0].start, key[0])}", *values)
    if not table.row_count:
        seeds = {world.seed for world in worlds}
        what = "nothing" if len(seeds) == 1 else "nothing but chance"
        add_row(table, what, *(f"seed {world.seed}" for world in worlds))
    return table


def _outcomes(runs: Sequence[Run]) -> Table:
    from ..outcomes.measures import main_outcomes

    found = [main_outcomes(run) for run in runs]
    names: tuple[str, ...] = ("first", "second", "change")
    if len(runs) > 2:
        names = ("run 1", *(f"run {n}{what}" for n in range(2, len(runs) + 1) for what in ("", " change")))
    table = titled("What came of it", "outcome", *names, "unit", numbers=names)
    for name, outcome in found[0].items():
        value, unit = number_with_unit(outcome)
        cells = [value]
        for other in found[1:]:
            cells += [number_with_unit(other[name])[0], change(outcome, other[name])]
        add_row(table, outcome.label, *cells, unit)
    return table


def differences(runs: Sequence[Run], folders: Sequence[Path]) -> list[dict[str, Any]]:
    """One row a run (but the first) and outcome: both numbers and their change, in the outcome's unit."""
    from ..outcomes.measures import main_outcomes

    (base, *others), (against, *names) = [main_outcomes(run) for run in runs], folders
    return [
        {
            "run": str(folder),
            "against": str(against),
            "outcome": name,
            "label": outcome.label,
            "unit": outcome.unit,
            "first": outcome.value,
            "other": other[name].value,
            "change": other[name].value - outcome.value,
        }
        for folder, other in zip(names, others, strict=True)
        for name, outcome in base.items()
    ]


def change(before: Outcome, after: Outcome) -> str:
    """The difference, in points for shares; empty where either is missing."""
    from ..outcomes.wording import value_text

    difference = after.value - before.value
    return "" if math.isnan(difference) else value_text(difference, before.unit, change=True)


def places_apart(one: Run, other: Run, names: tuple[str, str]) -> list[str]:
    """In a sentence, the places that only one of two runs has; nothing where both have the same."""
    called = [
        dict(zip(run.table("places")["code"], run.table("places")["name"], strict=True))
        for run in (one, other)
    ]
    told = []
    for own, others, name in (*zip(called, called[::-1], names, strict=True),):
        alone = [str(place) for code, place in own.items() if code not in others]
        if alone:
            more = f" and {len(alone) - MOST_NAMED:,} more" if len(alone) > MOST_NAMED else ""
            told.append(f"{', '.join(alone[:MOST_NAMED])}{more} only in {name}")
    return (
        [f"Places that have no like in the other run count in its totals alone: {'; '.join(told)}."]
        if told
        else []
    )


def _cautions(runs: Sequence[Run]) -> list[str]:
    if len({run.seed for run in runs}) > 1:
        seeds = " and ".join(str(run.seed) for run in runs)
        return [f"The seeds differ ({seeds}): part of the difference is luck."]
    worlds = "both runs" if len(runs) == 2 else "all runs"
    return [
        f"Same seed: the same people meet with the same luck in {worlds}, so what differs follows from the change.",
        f"It is one run each: `{typed('compare SCENARIO OTHER')}` runs many pairs, and tells what is luck.",
    ]


def effort(one: Run, other: Run) -> tuple[Table, str] | None:
    """E9 of both runs at the last December of both, and how to read it; None without such a December.

    Runs of the same country are told of the same places: those that have NGOs in the first run (in the second,
    if the first has none), and those that have not. Otherwise each run is told of its own places.
    """
    from ..outcomes.measures import BY_ID
    from ..outcomes.wording import value_text

    yearly = [run.table("places_yearly") for run in (one, other)]
    years = set(yearly[0]["year"]) & set(yearly[1]["year"])
    if not years:
        return None
    year = int(max(years))
    first, second = (table[table["year"] == year] for table in yearly)
    note = "City effort is that of different countries: what differs need not be the NGOs' doing."
    if list(one.table("places")["code"]) == list(other.table("places")["code"]):
        reference, state = (one, first) if (first["ngos"] > 0).any() else (other, second)
        ngos = state.set_index("place")["ngos"]
        first, second = (each.assign(ngos=each["place"].map(ngos)) for each in (first, second))
        note = f'City effort "{WITH}" is that of places with NGOs in {reference.scenario_name}, in both runs the same.'
    before, after = _groups(one, first), _groups(other, second)
    numbers = ("first", "second", "change")
    table = titled(f"City effort (E9), end of {year}", "places", "measure", *numbers, "unit", numbers=numbers)
    for group in (ALL_PLACES, WITH, WITHOUT):
        if group not in before and group not in after:
            continue
        table.add_section()
        for place, measure in enumerate(BY_ID["E9"].measures):
            was, now = (found.get(group, {}).get(measure.name, math.nan) for found in (before, after))
            difference = "" if math.isnan(now - was) else value_text(now - was, measure.unit, change=True)
            values = (*(value_text(each, measure.unit) for each in (was, now)), difference)
            add_row(table, "" if place else group, measure.label, *values, measure.unit)
    return table, note


def _groups(run: Run, state: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Group of places -> E9 by name, of the places in this state."""
    from ..outcomes.collaboration import collaboration

    told = type(run)(run.scenario, {"places_yearly": state})
    found = {WITH if row["ngos"] else WITHOUT: row for row in collaboration(told).to_dict("records")}
    for row in collaboration(told, by=()).to_dict("records"):  # one, or none
        found[ALL_PLACES] = row
    return found  # type: ignore[return-value]


def lives_told(
    one: Run, other: Run, names: tuple[str, str], folders: tuple[str, str] | None
) -> tuple[Table | None, list[str]]:
    """Who was served in one of two runs and not in the other, by status, and how to read it.

    `folders` of the two runs, if there are any: where one life can be followed. No table, but a word on why, where
    the lives can't be compared.
    """
    from ..outcomes.divergence import ONLY_A, ONLY_B, compare_lives, divergence, divergence_kinds
    from ..outcomes.example_life import example_life, help_to_come, may_be_chance, why_this_life
    from ..outcomes.story import StoryError, share_recorded
    from ..outcomes.wording import joined

    try:
        lives = compare_lives(one, other)
    except StoryError as error:
        return None, [f"No single lives are compared. {error}"]
    parted = int(lives["parted"].count())
    share = share_recorded(one)
    recorded = f"{len(lives):,} recorded lives"
    if share < 1:
        recorded += f" (a share of {share:g} of all; more: --set stories.share=...)"
    words = [f"None of {recorded} parts: the same happens to everybody in both."]
    if parted:
        most = [f"{how} ({number:,})" for how, number in list(divergence_kinds(lives).items())[:3]]
        words = [
            f"Of {recorded}, {parted:,} part: something happens otherwise from some month on, first of all "
            f"{joined(most)}. The status is the one held then; served: helped with "
            "at least one need in the whole life, by compatriots too; only first, only second: there and not in the "
            "other run; came to one only: those who came to the country in one of the two alone."
        ]
        if undecided := _undecided(lives):
            words.append(undecided)
    chosen = example_life(lives)
    if chosen is not None and (found := divergence(one, other, chosen)) is not None:
        chance = "What one life tells may be chance." if _undecided(lives) else may_be_chance(lives, names)
        telling = f"One of them, migrant {chosen}, {why_this_life(lives, names)}. {chance} {found.telling}"
        (served,) = lives.loc[lives["migrant"] == chosen, "served_in"]
        if served in (ONLY_A, ONLY_B):
            helped = int(served == ONLY_B)
            telling = f"{telling} {help_to_come(found, (one, other)[helped], names[helped])}".rstrip()
        words.append(telling)
        if folders:
            command = shlex.join(["story", folders[0], str(chosen), "--against", folders[1]])
            words.append(f"Both lives: {typed(command)}")
    return _served(lives, one, names), words


def _undecided(lives: pd.DataFrame) -> str:
    """That the lives served in one run alone don't tell which of the two serves more (sign test, 5%); or ""."""
    from scipy.stats import binomtest

    from ..outcomes.divergence import who_was_served

    row = who_was_served(lives).iloc[-1]
    first, second = int(row["only_a"]), int(row["only_b"])
    if first + second and binomtest(first, first + second).pvalue < 0.05:
        return ""
    served = f"Served only in the first {first:,}, only in the second {second:,}: "
    if first + second < FEWEST:
        return f"{served}too few lives, of one seed, to say which of the two serves more."
    return f"{served}luck alone might part them so, and which of the two serves more is not decided."


def _served(lives: pd.DataFrame, run: Run, names: tuple[str, str]) -> Table:
    from ..outcomes.divergence import SERVED_IN, who_was_served

    numbers = (
        "lives",
        "parted",
        "served in both",
        "only first",
        "only second",
        "in neither",
        "came to one only",
    )
    title = f"Who was served: {names[0]} and {names[1]}, seed {run.seed}"
    table = titled(title, "status", *numbers, numbers=numbers)
    for row in who_was_served(lives).to_dict("records"):
        if row["status"] == "all":
            table.add_section()
        add_row(table, row["status"], *(f"{row[name]:,}" for name in ("lives", "parted", *SERVED_IN)))
    return table
