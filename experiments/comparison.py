"""Scenarios side by side: the same seeds, and so the same people with the same luck, in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pandas as pd

from ..outcomes.headline import main_outcomes
from ..outcomes.outcome_spec import OutcomeSpec
from ..outcomes.plots import FIGURES
from ..outcomes.run import Run, ScenarioInfo
from ..outcomes.worlds import world_names
from ..scenarios import Scenario
from .mechanisms import held
from .paired import Paired, interval_of_reduction, paired_by_seed
from .replicates import Progress, run_many

LIVES = ("events", "places", "places_yearly")  # what one life is told from
IN_UNIT = "as in the column unit"
DIFFERENCES = {  # column -> unit and meaning
    "scenario": ("", "The scenario."),
    "against": ("", "The scenario it is compared with, the first."),
    "outcome": ("", "The outcome's name; of E1 to E9 as in `measures --define`."),
    "label": ("", "The outcome in words."),
    "unit": ("", "Its unit."),
    "n": ("pairs", "Pairs of runs, one for each seed for which both have a value."),
    "mean_against": (IN_UNIT, "Mean over the pairs in the first scenario."),
    "mean": (IN_UNIT, "Mean over the pairs in this scenario."),
    "difference": (IN_UNIT, "Mean of the paired differences: this scenario less the first."),
    "low": (IN_UNIT, "Lower end of the 95% t interval of the mean difference."),
    "high": (IN_UNIT, "Upper end of it."),
    "decided": ("true or false", "Whether the interval leaves 0 out."),
    "variance_paired": ("unit squared", "Variance between runs of the paired differences."),
    "variance_unpaired": ("unit squared", "Sum of both scenarios' variances: of a difference without shared luck."),
    "variance_reduction_factor": ("times", "Unpaired over paired: so many times the runs without shared luck."),
    "variance_reduction_low": ("times", "Lower end of its 95% bootstrap interval over pairs."),
    "variance_reduction_high": ("times", "Upper end of it."),
}  # fmt: skip


class NothingToCompare(Exception):
    """No pair of runs went well; the message says what went wrong."""


@dataclass(frozen=True)
class Arm:
    """What is left of a scenario's runs. `values`: by seed (index), a column an outcome. `tables`: by figure, over all
    its runs. `first`: the run of the first seed, with what lives are told from; None if that run failed.
    """

    name: str
    info: ScenarioInfo
    values: pd.DataFrame
    tables: dict[str, pd.DataFrame]
    first: Run | None


@dataclass(frozen=True)
class Comparison:
    """Scenarios (`arms`) under the same `seeds`; differences are to the first. `words`: outcome -> label and unit.

    `failed`: a sentence for each run that went wrong; its pairs do not count.
    """

    arms: list[Arm]
    seeds: list[int]
    words: dict[str, tuple[str, str]]
    failed: list[str]

    def differences(self, number: int) -> dict[str, Paired]:
        """Outcome -> arm `number` (from 1) less the first."""
        return paired_by_seed(self.arms[0].values, self.arms[number].values)

    def differences_table(self) -> pd.DataFrame:
        """One row an arm (but the first) and outcome; columns as the data dictionary of a comparison has them."""
        rows = []
        base = self.arms[0]
        for number, arm in enumerate(self.arms[1:], start=1):
            seeds = base.values.index.intersection(arm.values.index, sort=False)
            for name, found in self.differences(number).items():
                label, unit = self.words[name]
                low, high = interval_of_reduction(base.values.loc[seeds, name], arm.values.loc[seeds, name])
                words = (arm.name, base.name, name, label, unit)
                means = (found.n, found.first, found.other, found.change, found.low, found.high, found.clear)
                variance = (found.variance, found.unpaired, found.variance_reduction_factor, low, high)
                rows.append((*words, *means, *variance))
        return pd.DataFrame(rows, columns=list(DIFFERENCES))

    def runs_table(self) -> pd.DataFrame:
        """One row a number: scenario, seed, outcome, value, unit."""
        long = [
            arm.values.rename_axis("seed")
            .reset_index()
            .melt("seed", var_name="outcome")
            .assign(scenario=arm.name)
            for arm in self.arms
        ]
        table = pd.concat(long, ignore_index=True)
        table["unit"] = table["outcome"].map({name: unit for name, (_, unit) in self.words.items()})
        return table[["scenario", "seed", "outcome", "value", "unit"]]


def compare_scenarios(
    scenarios: Sequence[Scenario],
    seeds: int,
    *,
    outcomes: Sequence[OutcomeSpec] = (),
    year: int | None = None,
    figures: bool = True,
    workers: int = 1,
    progress: Progress | None = None,
) -> Comparison:
    """Run every scenario under the same `seeds` luck, beginning with the first one's seed, and compare outcomes.

    Compared are the headline outcomes and `outcomes` (in `year`, by default the last). All record the largest share
    of lives that any of them does, which changes nothing else. `figures`: keep what the figures of a comparison show.
    Errors: NothingToCompare if no pair with the first scenario went well in some arm.
    """
    share = max(scenario.parameters.stories.share for scenario in scenarios)
    alike = [replace(scenario, seed=scenarios[0].seed) for scenario in scenarios]
    alike = [
        each if each.parameters.stories.share == share else held(each, {"stories.share": share})
        for each in alike
    ]
    keep = partial(
        _kept,
        first_seed=scenarios[0].seed,
        outcomes=tuple(outcomes),
        year=year,
        figures=[name for name, drawing in FIGURES.items() if drawing.pooled] if figures else (),
    )
    found = run_many(alike, seeds, keep, workers=workers, progress=progress)
    failed = [
        f"{scenario.name}, seed {each.seed}: {each.error}"
        for scenario, runs in zip(alike, found, strict=True)
        for each in runs
        if each.failed
    ]
    good = [[each.values for each in runs if each.values] for runs in found]
    alive = [{each.seed for each in runs if each.values} for runs in found]
    if any(not alive[0] & others for others in alive):
        raise NothingToCompare(f"no pair of runs went well: {'; '.join(failed[:3])}")
    names = world_names([runs[0]["info"] for runs in good])
    arms = [
        Arm(
            name,
            runs[0]["info"],
            pd.DataFrame({values["seed"]: values["values"] for values in runs}).T,
            {
                figure: FIGURES[figure].pool([values["tables"][figure] for values in runs])
                for figure in keep.keywords["figures"]
            },
            next((values["run"] for values in runs if values["run"] is not None), None),
        )
        for name, runs in zip(names, good, strict=True)
    ]
    return Comparison(arms, [each.seed for each in found[0]], good[0][0]["words"], failed)


def _kept(
    run: Run, *, first_seed: int, outcomes: Sequence[OutcomeSpec], year: int | None, figures: Sequence[str]
) -> dict[str, Any]:
    """What of a run is compared; made where the run was, since a run itself is large."""
    headline = main_outcomes(run)
    values = {name: outcome.value for name, outcome in headline.items()}
    words = {name: (outcome.label, outcome.unit) for name, outcome in headline.items()}
    info = replace(run.scenario, resolved=None)
    is_first = run.seed == first_seed
    return {
        "seed": run.seed,
        "info": info,
        "values": values | {each.name: each.value(run, year) for each in outcomes},
        "words": words | {each.name: (each.label, each.unit) for each in outcomes},
        "tables": {figure: FIGURES[figure].data(run) for figure in figures},
        "run": Run(info, {name: run.table(name) for name in LIVES}) if is_first else None,
    }
