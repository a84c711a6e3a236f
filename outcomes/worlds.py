"""Runs that are set beside each other: what to call each, and whether the same people live in all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..scenarios.languages import tr
from .places_info import places_info
from .run import Run, ScenarioInfo
from .wording import localised, value_text

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
    over = run.over_seeds
    told = {
        "scenario": _scenario_said(run),
        "seed": tr("{seed} (one seed)", seed=run.seed) if over is None else f"{run.seed} ({over.words})",
        "dates": first if first == last else tr("{low} to {high}", low=first, high=last),
    }
    said = (
        tr("Simulated, no estimate for any real town: scenario {scenario}, seed {seed}, {dates}", **told)
        if places_info(run).named
        else tr("Simulated: scenario {scenario}, seed {seed}, {dates}", **told)
    )
    if run.persons_per_record == 1:
        return said
    people = localised(f"{run.persons_per_record:,}")
    return tr("{source}; one record stands for {number} people", source=said, number=people)


def _scenario_said(run: Run) -> str:
    changed = [path for path, layer in run.scenario.layers.items() if layer.startswith("--set")]
    if not changed:
        return run.scenario_name
    if len(changed) > 2:
        return tr(
            "{scenario} with {number} parameters changed", scenario=run.scenario_name, number=len(changed)
        )
    named = ", ".join(f"{path} = {value_text(run.parameters.get(path))}" for path in changed)
    return tr("{scenario} with {settings}", scenario=run.scenario_name, settings=named)


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
