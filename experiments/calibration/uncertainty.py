"""What a scenario does under a whole ensemble: how much of the spread is luck, how much the parameters leave open."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ...outcomes.csv_text import write_csv
from ...outcomes.headline import HEADLINES, main_outcomes
from ...outcomes.run import Run
from ...outcomes.whole_folder import OutputError, whole_folder
from ...scenarios import Scenario
from ...scenarios.bounded import UnreadableError, yaml_bytes
from ...scenarios.checks import get
from ..replicates import Progress, run_many, seeds_for
from ..studies.plots.labels import change_text, value_text
from ..studies.points import with_settings
from ..studies.provenance import rules_hash
from .plan import Floats
from .posterior import quantiles
from .tables import text_of

MARK = "parts.csv"  # by which a folder of worlds is known


@dataclass(frozen=True)
class KeptEnsemble:
    """An ensemble as it lies in a folder. `own`: what the calibrated scenario had, in words; `rules`: a hash of the
    model's, then."""

    path: Path
    sets: tuple[dict[str, Any], ...]
    weights: Floats
    own: dict[str, str]
    rules: str

    @property
    def outdated(self) -> bool:
        """Whether the model has other rules by now."""
        return self.rules != rules_hash()


@dataclass(frozen=True)
class Worlds:
    """Runs under an ensemble. `values`: a row a number: scenario (0 or 1), set, replicate, outcome, value (NaN where a
    run failed or can't tell). `kept`: parameters of the ensemble in which a scenario has values of its own."""

    names: tuple[str, ...]
    weights: Floats
    values: pd.DataFrame
    kept: tuple[str, ...]
    failed: int


def load_ensemble(folder: Path) -> KeptEnsemble:
    """The ensemble in a folder. Errors: OutputError if there is none, or it is damaged."""
    for name in ("manifest.json", "sets.parquet", "parameters.csv"):
        if not (folder / name).is_file():
            raise OutputError(
                f"{folder} is no ensemble: it has no {name} (it is the folder `ensemble` of a calibration)"
            )
    try:
        sets = pd.read_parquet(folder / "sets.parquet")
        known = pd.read_csv(folder / "parameters.csv", dtype=str, keep_default_na=False)
        weights = sets.pop("weight").to_numpy(float)
        sets = sets.drop(columns="set")
        own = dict(zip(known["parameter"], known["own"], strict=True))
        rules = str(json.loads(yaml_bytes(folder / "manifest.json"))["rules"])
    except (KeyError, OSError, TypeError, UnreadableError, ValueError) as error:
        raise OutputError(
            f"{folder} is damaged ({type(error).__name__}): write the ensemble again"
        ) from error
    if not len(sets) or set(own) != set(sets.columns) or not weights.sum() > 0:
        raise OutputError(f"{folder} is damaged: its sets and its parameters don't fit each other")
    rows = tuple({name: _plain(row[name]) for name in sets.columns} for row in sets.to_dict("records"))
    return KeptEnsemble(folder, rows, weights / weights.sum(), own, rules)


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


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
    own = [_kept(scenario, ensemble) for scenario in scenarios]
    kept = dict.fromkeys(path for paths in own for path in paths)
    settled = [
        replace(_with(scenario, chosen, paths, f"ensemble {ensemble.path}"), seed=seed)
        for scenario, paths in zip(scenarios, own, strict=True)
        for chosen, seed in zip(ensemble.sets, luck, strict=True)
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
    return Worlds(tuple(each.name for each in scenarios), ensemble.weights, table, tuple(kept), failed)


def headline_values(run: Run) -> dict[str, float]:
    """The headline numbers of a run."""
    return {name: outcome.value for name, outcome in main_outcomes(run).items()}


def _kept(scenario: Scenario, ensemble: KeptEnsemble) -> list[str]:
    """Parameters in which a scenario differs from the calibrated one: it does so on purpose."""
    values = scenario.parameters.model_dump()
    for path in ensemble.own:
        if path not in scenario.index.parameters:
            raise OutputError(f"{scenario.name} has no parameter {path}, which {ensemble.path} holds")
    return [path for path, own in ensemble.own.items() if text_of(get(values, path)) != own]


def _with(scenario: Scenario, chosen: dict[str, Any], kept: Sequence[str], where: str) -> Scenario:
    """The scenario under a set, but for parameters of its own."""
    return with_settings(
        scenario, [(path, value) for path, value in chosen.items() if path not in kept], where
    )


# Parts of the spread --------------------------------------------------------------------------------------


def parts_of(worlds: Worlds) -> pd.DataFrame:
    """A row a headline number; of two scenarios, of what the second has more than the first, by set and seed.

    Columns: outcome, label, unit, mean, low and high (where 90% of the sets lie, each with the mean of its seeds), more
    (weight of the sets in which it is above 0), variance, luck and parameters (their parts of it; NaN with one seed).
    """
    sets = len(worlds.weights)
    rows = []
    for name, part in worlds.values.groupby("outcome", sort=False):
        wide = part.pivot(index=["scenario", "set"], columns="replicate", values="value").to_numpy(float)
        values = wide.reshape(len(worlds.names), sets, -1)
        difference = values[-1] - values[0] if len(values) > 1 else values[0]
        told = ~np.isnan(difference).any(axis=1)
        if told.any():
            weights = worlds.weights[told] / worlds.weights[told].sum()
            words = HEADLINES[str(name)]
            rows.append((name, words.label, words.unit, *_split(difference[told], weights)))
    columns = ["outcome", "label", "unit", "mean", "low", "high", "more", "variance", "luck", "parameters"]
    return pd.DataFrame(rows, columns=columns)


def _split(values: Floats, weights: Floats) -> tuple[float, ...]:
    """Mean, 90% of the sets, weight above 0, and the law of total variance: within sets, and between their means."""
    means, seeds = values.mean(axis=1), values.shape[1]
    mean = float(weights @ means)
    low, high = (float(end) for end in quantiles(means, weights, (0.05, 0.95)))
    more = float(weights[means > 0].sum())
    if seeds < 2 or len(means) < 2:
        return mean, low, high, more, math.nan, math.nan, math.nan
    within = float(weights @ values.var(axis=1, ddof=1))
    spread = float(weights @ (means - mean) ** 2) / (1.0 - float((weights**2).sum()))
    between = max(0.0, spread - within / seeds)
    total = within + between
    return (
        mean,
        low,
        high,
        more,
        total,
        *((within / total, between / total) if total > 0 else (math.nan, math.nan)),
    )


def sentence_of(row: dict[str, Any], compared: bool) -> str:
    """One number in words."""
    label, unit = str(row["label"]), str(row["unit"])
    tell = change_text if compared else value_text
    low, high = (tell(float(row[end]), unit) for end in ("low", "high"))
    said = f"{label}: {tell(float(row['mean']), unit)}; 90% of plausible worlds: {low} to {high}"
    if compared:
        rises = float(row["more"]) >= 0.5
        share = float(row["more"]) if rises else 1.0 - float(row["more"])
        said += f"; {'more' if rises else 'no more'} in {100 * share:.0f}% of them"
    if math.isfinite(float(row["luck"])):
        luck, parameters = (f"{100 * float(row[part]):.0f}%" for part in ("luck", "parameters"))
        said += f". Of its variance {luck} is luck, {parameters} parameters"
    return f"{said}."


def write_worlds(worlds: Worlds, parts: pd.DataFrame, folder: Path, overwrite: bool = False) -> None:
    """Every number, and its parts, as CSV in a folder. Errors: OutputError."""
    names = dict(enumerate(worlds.names))
    values = worlds.values.assign(scenario=worlds.values["scenario"].map(names))
    values.insert(2, "weight", worlds.weights[worlds.values["set"]])
    with whole_folder(folder, overwrite, mark=MARK, what="runs under an ensemble") as built:
        write_csv(values, built / "values.csv")
        write_csv(parts, built / MARK)
