"""What a scenario does under a whole ensemble: how much of the spread is luck, how much the parameters leave open."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from ...outcomes.csv_text import write_csv
from ...outcomes.headline import HEADLINES, main_outcomes
from ...outcomes.run import Run, scenario_info, versions
from ...outcomes.whole_folder import whole_folder
from ...outcomes.worlds import world_names
from ...scenarios import Scenario
from ..replicates import Progress, run_many, seeds_for
from ..studies.ensembles import KeptEnsemble
from ..studies.parts import change, split, table_of
from ..studies.points import with_settings
from .plan import Floats

FEW = 20.0  # of these the one in twenty that lies beyond an end is a single set
MARK = "parts.csv"  # by which a folder of worlds is known


@dataclass(frozen=True)
class Worlds:
    """Runs under an ensemble. `values`: a row a number: scenario (0 or 1), set, replicate, outcome, value (NaN where a
    run failed or can't tell). `kept`: parameters of the ensemble in which a scenario has values of its own."""

    names: tuple[str, ...]
    weights: Floats
    values: pd.DataFrame
    kept: tuple[str, ...]
    failed: int

    @property
    def worth(self) -> float:
        """Of how many sets of equal weight they tell as much."""
        return float(1.0 / (self.weights**2).sum())

    @property
    def few(self) -> bool:
        """Whether the ends of 90% are hardly more than the outermost, and shares of the variance a guess."""
        return self.worth < FEW


def under(
    scenarios: Sequence[Scenario],
    ensemble: KeptEnsemble,
    seeds: int,
    *,
    workers: int = 1,
    progress: Progress | None = None,
) -> Worlds:
    """Run one scenario, or two, under every set with so many seeds: each set has luck of its own, and scenarios share
    it. Errors: OutputError if a scenario lacks a parameter; ValueError for fewer than one seed or worker."""
    luck = seeds_for(scenarios[0].seed, len(ensemble.sets))
    own = [ensemble.kept(scenario) for scenario in scenarios]
    kept = dict.fromkeys(path for paths in own for path in paths)
    settled = [
        replace(
            with_settings(scenario, ensemble.settings(number, paths), f"ensemble {ensemble.path}"), seed=seed
        )
        for scenario, paths in zip(scenarios, own, strict=True)
        for number, seed in enumerate(luck)
    ]
    runs = run_many(settled, seeds, headline_values, workers=workers, progress=progress)
    rows, count = [], len(ensemble.sets)
    for place, replicates in enumerate(runs):
        for each in replicates:
            values = each.values or {}
            rows += [
                (place // count, place % count, each.number, name, values.get(name, math.nan))
                for name in HEADLINES
            ]
    table = pd.DataFrame(rows, columns=["scenario", "set", "replicate", "outcome", "value"])
    failed = sum(each.failed for replicates in runs for each in replicates)
    names = tuple(world_names([scenario_info(each) for each in scenarios]))
    return Worlds(names, ensemble.weights, table, tuple(kept), failed)


def headline_values(run: Run) -> dict[str, float]:
    """The headline numbers of a run."""
    return {name: outcome.value for name, outcome in main_outcomes(run).items()}


# Parts of the spread --------------------------------------------------------------------------------------


def parts_of(worlds: Worlds) -> pd.DataFrame:
    """A row a headline number; of two scenarios, of what the second has more than the first, by set and seed.

    Columns: outcome, label, unit, and those of `parts.split`, over the sets.
    """
    rows = []
    for name, values in runs_by_world(worlds):
        difference = change(values[0], values[-1]) if len(values) > 1 else values[0]
        told = ~np.isnan(difference).any(axis=1)
        if told.any():
            weights = worlds.weights[told] / worlds.weights[told].sum()
            words = HEADLINES[name]
            found = split(difference[told][:, None, :], weights)
            rows.append({"outcome": name, "label": words.label, "unit": words.unit, **found})
    return table_of(rows, "outcome")


def runs_by_world(worlds: Worlds) -> Iterator[tuple[str, Floats]]:
    """Each headline number, by scenario, set and run."""
    for name, part in worlds.values.groupby("outcome", sort=False):
        wide = part.pivot(index=["scenario", "set"], columns="replicate", values="value").to_numpy(float)
        yield str(name), wide.reshape(len(worlds.names), len(worlds.weights), -1)


def by_world(worlds: Worlds) -> Iterator[tuple[str, Floats]]:
    """Each headline number, by scenario and set, the mean of its runs; NaN where a run failed or can't tell."""
    for name, values in runs_by_world(worlds):
        yield name, values.mean(axis=2)


_UNIT = "as in the column unit"
DICTIONARY = {
    "parts": {
        "outcome": ("", "The outcome's name."),
        "label": ("", "The outcome in words."),
        "unit": ("", "Its unit."),
        "mean": (
            _UNIT,
            "Mean over the sets by their weights; of two scenarios, of what the second has more.",
        ),
        "low, high": (
            _UNIT,
            "Between which 90% of the worlds lie; a world is a set, by the mean of its runs.",
        ),
        "more": ("share", "The weight of the worlds above 0."),
        "variance": (
            "unit squared",
            "Variance of a run in an arbitrary world; missing where it can't be told.",
        ),
        "luck, parameters": ("share", "Of the variance: within a set, and between sets."),
        "places, interplay": ("share", "Of the variance, where tables of places are drawn; here missing."),
    },
    "values": {
        "scenario": ("", "The scenario."),
        "set": ("", "The set's number in the ensemble, from 0."),
        "weight": ("share", "Its weight in the ensemble."),
        "replicate": ("", "The run's number in its set, from 0: the same luck in both scenarios."),
        "outcome": ("", "The outcome's name."),
        "value": ("as in parts.csv", "Its value in this run; missing where the run failed or can't tell."),
    },
}


def write_worlds(
    worlds: Worlds,
    parts: pd.DataFrame,
    folder: Path,
    overwrite: bool = False,
    *,
    command: str = "",
    ensemble: str = "",
) -> None:
    """Every number, and its parts, as CSV in a folder, with what each column means and how they were made (`command`,
    `ensemble`). Errors: OutputError."""
    names = dict(enumerate(worlds.names))
    values = worlds.values.assign(scenario=worlds.values["scenario"].map(names))
    values.insert(2, "weight", worlds.weights[worlds.values["set"]])
    with whole_folder(folder, overwrite, mark=MARK, what="runs under an ensemble") as built:
        write_csv(values, built / "values.csv")
        write_csv(parts, built / MARK)
        meanings = [
            (name, column, *about) for name, table in DICTIONARY.items() for column, about in table.items()
        ]
        write_csv(
            pd.DataFrame(meanings, columns=["table", "column", "unit", "meaning"]),
            built / "data-dictionary.csv",
        )
        manifest = {
            "command": command, "scenarios": worlds.names, "ensemble": ensemble, "failed": worlds.failed,
            "versions": versions(),
        }  # fmt: skip
        text = json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"
        (built / "manifest.json").write_text(text, encoding="utf-8", newline="\n")
