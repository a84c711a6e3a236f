"""Runs that are set beside each other: what to call each, and whether the same people live in all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .places_info import NO_ESTIMATE, places_info
from .run import Run, ScenarioInfo
from .wording import value_text

Changes = dict[tuple[int, str], Any]


def world_names(worlds: Sequence[ScenarioInfo]) -> list[str]:
    """What to call each: its scenario's name, with what was set on the command line where names are not enough."""
    names = [world.name for world in worlds]
    if len(set(names)) < len(names):
        names = [f"{world.name}{_settings(world)}" for world in worlds]
    if len(set(names)) < len(names):
        names = [f"{name} ({number})" for number, name in enumerate(names, start=1)]
    return names


def _settings(world: ScenarioInfo) -> str:
    """` (fear.weight = 0)`: what was set beside the scenario."""
    changed = [path for path, layer in world.layers.items() if layer.startswith("--set")]
    if not changed:
        return ""
    if len(changed) > 2:
        return f" ({len(changed)} parameters set)"
    return f" ({', '.join(f'{path} = {value_text(world.parameters.get(path))}' for path in changed)})"


def source_line(run: Run) -> str:
    """Where the numbers come from: scenario, what was set beside it, seed, dates; of towns that exist, what they are
    not."""
    first, last = run.date(0), run.date(max(0, run.months - 1))
    dates = first if first == last else f"{first} to {last}"
    people = run.persons_per_record
    scale = f"; one record stands for {people:,} people" if people > 1 else ""
    changed = [path for path, layer in run.scenario.layers.items() if layer.startswith("--set")]
    if len(changed) > 2:
        scenario = f"{run.scenario_name} with {len(changed)} parameters changed"
    else:
        named = [f"{path} = {value_text(run.parameters.get(path))}" for path in changed]
        scenario = f"{run.scenario_name}{' with ' if named else ''}{', '.join(named)}"
    real = f", {NO_ESTIMATE}" if places_info(run).named else ""
    over = run.over_seeds
    luck = f"seed {run.seed} ({'one seed' if over is None else over.words})"
    return f"Simulated{real}: scenario {scenario}, {luck}, {dates}{scale}"


def dated_changes(world: ScenarioInfo) -> Changes:
    """(month, parameter) -> value that it takes then."""
    return {(int(change["month"]), str(change["path"])): change["value"] for change in world.timeline}


def why_other_people(one: Run, other: Run) -> str | None:
    """In a sentence, why the two runs are not of the same people with the same luck; None where they are.

    A person is known by the month and the door of arrival and an ordinal; what befalls them is drawn from that and
    the seed, and each run draws as many people as its scale says.
    """
    if one.seed != other.seed:
        return f"The seeds differ ({one.seed} and {other.seed}): these are not the same people with the same luck."
    if one.start != other.start:
        return f"One run starts in {one.start}, the other in {other.start}: these are not the same people."
    if list(one.table("places")["code"]) != list(other.table("places")["code"]):
        return (
            f"{one.scenario_name} and {other.scenario_name} have different places: nobody lives in both, so that "
            "no life can be followed from one into the other."
        )
    if one.persons_per_record != other.persons_per_record:
        return (
            f"One record stands for {one.persons_per_record:,} people in one run and for "
            f"{other.persons_per_record:,} in the other: these are not the same people "
            "(--set scale.persons_per_record=... makes them so)."
        )
    return None
