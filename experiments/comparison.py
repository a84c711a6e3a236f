"""Scenarios side by side: the same seeds, and so the same people with the same luck, in each.

On disk a comparison is one folder, written whole or not at all:

figures/*.png, *.csv          what differs, and the scenarios beside each other; each with its table
tables/differences.csv        paired differences with intervals, and how much shared luck reduces their variance
tables/runs.csv               every outcome of every run
tables/lives-*.csv            the recorded lives of the first seed in two worlds (where lives were recorded)
data-dictionary.csv           unit and meaning of every column of tables/
scenarios/*.yaml              the resolved scenarios, with the layer and source of each value
comparison.json               seeds, scenario hashes, versions, what failed, the command that repeats it
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..outcomes.compared_headline import headline_of_differences
from ..outcomes.csv_text import write_csv
from ..outcomes.headline import main_outcomes
from ..outcomes.outcome_spec import OutcomeSpec, make_known, own_outcomes, values_of
from ..outcomes.places_info import UNKNOWN, PlacesInfo, places_info
from ..outcomes.plain_yaml import dumped
from ..outcomes.plots import FIGURES
from ..outcomes.run import Run, ScenarioInfo, date_of, versions
from ..outcomes.run_folder import plain
from ..outcomes.whole_folder import whole_folder
from ..outcomes.wording import joined, localised
from ..outcomes.worlds import world_names
from ..scenarios import Scenario
from ..scenarios.languages import tr
from .intervals import Paired, interval_of_reduction, paired_by_seed
from .mechanisms import held
from .replicates import Progress, run_many

if TYPE_CHECKING:  # Matplotlib comes with them, and only figures need it
    from ..outcomes.plots.compared import ComparisonData
    from ..outcomes.plots.declaration import Failed

LIVES = ("events", "places", "places_yearly")  # what one life is told from
MAP, OF_MAP = (
    "map",
    ["place", "share_met", "service_level"],
)  # its table has a line a place: of a seed, these columns
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
    "variance_against": ("unit squared", "Variance between runs of the first scenario."),
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
    its runs; `by_seed`: those of each, of a map the values alone. `first`: the run of the first seed, with what lives
    are told from; None if that run failed. `places`: what they know of their table of places.
    """

    name: str
    info: ScenarioInfo
    values: pd.DataFrame
    tables: dict[str, pd.DataFrame]
    first: Run | None
    places: PlacesInfo = UNKNOWN
    by_seed: Mapping[str, Mapping[int, pd.DataFrame]] = field(default_factory=dict)


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

    def headline(self, number: int) -> str:
        """What arm `number` (from 1) differs by from the first, in a sentence: the main outcome first."""
        columns = ["outcome", "label", "unit", "n", "mean_against", "difference", "low", "high", "decided"]
        rows = [
            (name, *self.words[name], each.n, each.first, each.change, each.low, each.high, each.clear)
            for name, each in self.differences(number).items()
            if math.isfinite(each.change)
        ]
        told = pd.DataFrame(rows, columns=columns).astype({"decided": bool})
        return headline_of_differences(told, self.arms[number].name, self.arms[0].name)

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
                variances = (found.of_first, found.variance, found.unpaired)
                rows.append((*words, *means, *variances, found.variance_reduction_factor, low, high))
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
        own=own_outcomes(),
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
            runs[0]["places"],
            {
                figure: {values["seed"]: _of_a_seed(figure, values["tables"][figure]) for values in runs}
                for figure in keep.keywords["figures"]
            },
        )
        for name, runs in zip(names, good, strict=True)
    ]
    return Comparison(arms, [each.seed for each in found[0]], good[0][0]["words"], failed)


def _of_a_seed(figure: str, table: pd.DataFrame) -> pd.DataFrame:
    return table[OF_MAP] if figure == MAP else table


def _kept(
    run: Run,
    *,
    first_seed: int,
    outcomes: Sequence[OutcomeSpec],
    own: Sequence[OutcomeSpec],
    year: int | None,
    figures: Sequence[str],
) -> dict[str, Any]:
    """What of a run is compared; made where the run was, since a run itself is large. `own`: headline numbers that a
    user declared, which another process may not know."""
    make_known(own)
    headline, found = main_outcomes(run), values_of(run, outcomes)
    values = {name: outcome.value for name, outcome in headline.items()}
    words = {name: (outcome.label, outcome.unit) for name, outcome in headline.items()}
    info = replace(run.scenario, resolved=None, own_table=None)
    is_first = run.seed == first_seed
    return {
        "seed": run.seed,
        "info": info,
        "places": places_info(run),
        "values": values | {each.name: each.value_in(found, year) for each in outcomes},
        "words": words | {each.name: (each.label, each.unit) for each in outcomes},
        "tables": {figure: FIGURES[figure].data(run) for figure in figures},
        "run": Run(info, {name: run.table(name) for name in LIVES}) if is_first else None,
    }


MARK = "comparison.json"
FORMAT = 1

COLUMNS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "differences": DIFFERENCES,
    "runs": {
        "scenario": ("", "The scenario."),
        "seed": ("", "The seed of the run, the same in all scenarios."),
        "outcome": ("", "The outcome's name."),
        "value": (IN_UNIT, "Its value in this run; missing where the run can't tell."),
        "unit": ("", "Its unit."),
    },
    "lives": {
        "migrant": ("", "The migrant's number, the same in both worlds (a: the first scenario, b: the other)."),
        "parted": ("months from the start", "The first month in which the two lives differ; missing if never."),
        "date": ("", "The same as a date."),
        "event_a, event_b": ("", "The first events that differ; missing where that life has none in this month."),
        "in_a, in_b": ("true or false", "Whether the migrant came to the country there."),
        "needs_a, needs_b": ("episodes", "Needs for help."),
        "met_a, met_b": ("episodes", "Of these: met, or ended with help from compatriots."),
        "served_a, served_b": ("true or false", "Whether there was help with any need, from compatriots too."),
        "served_in": ("", "both, only_a, only_b, neither, or in_one_only (came to the country in one world alone)."),
        "statuses_a, statuses_b": ("", "The statuses held, in turn."),
        "status": ("", "The status when the lives parted; the last one where they never did."),
        "events": ("events", "Recorded in both lives together."),
    },
}  # fmt: skip


def save_comparison(
    comparison: Comparison,
    scenarios: Sequence[Scenario],
    folder: Path,
    *,
    command: str,
    lives: Mapping[int, pd.DataFrame],
) -> None:
    """Write a comparison into `folder`, which appears whole or not at all; `draw_figures` adds its figures.

    `lives`: of arm number (from 1), as from `divergence.compare_lives`. An older comparison there is replaced.
    Errors: OutputError if it can't be written.
    """
    differences = comparison.differences_table()
    described = ["differences", "runs", *(["lives"] if lives else [])]
    files = {"tables/differences.csv": differences, "tables/runs.csv": comparison.runs_table()}
    files |= {f"tables/lives-{_file_name(comparison.arms[n].name)}.csv": table for n, table in lives.items()}
    files["data-dictionary.csv"] = pd.DataFrame(
        [(name, column, *about) for name in described for column, about in COLUMNS[name].items()],
        columns=["table", "column", "unit", "meaning"],
    )
    manifest = {
        "format": FORMAT,
        "command": command,
        "scenarios": [
            {"name": arm.name, **{key: getattr(arm.info, key) for key in ("hash", "start", "months")}}
            for arm in comparison.arms
        ],
        "seeds": comparison.seeds,
        "failed": comparison.failed,
        "versions": versions(),
    }
    tables: dict[str, bytes] = {}
    texts = {MARK: json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"}
    for arm, scenario in zip(comparison.arms, scenarios, strict=True):
        resolved, table = scenario.resolved(), scenario.places.own_table
        if table is not None:
            resolved["places"] = f"{_file_name(arm.name)}-places.csv"
            tables[f"scenarios/{resolved['places']}"] = table
        texts[f"scenarios/{_file_name(arm.name)}.yaml"] = dumped(plain(resolved))
    with whole_folder(folder, overwrite=True, mark=MARK, what="a comparison") as unfinished:
        (unfinished / "tables").mkdir()
        (unfinished / "scenarios").mkdir()
        for name, frame in files.items():
            write_csv(frame, unfinished / name)
        for name, data in tables.items():
            (unfinished / name).write_bytes(data)
        for name, text in texts.items():
            (unfinished / name).write_text(text, encoding="utf-8", newline="\n")


def draw_figures(comparison: Comparison, folder: Path, failed: Failed | None = None) -> list[str]:
    """Write the figures of a comparison into `folder`; returns what each says. `failed`: as for `draw_all`."""
    from ..outcomes.plots.comparison import draw_comparison

    drawn = draw_comparison(comparison_data(comparison), comparison.differences_table(), folder, failed)
    return [title for _, title in drawn]


def comparison_data(comparison: Comparison) -> ComparisonData:
    """What the figures of a comparison are drawn from."""
    from ..outcomes.plots.compared import ComparisonData

    return ComparisonData(
        [arm.name for arm in comparison.arms],
        [arm.tables for arm in comparison.arms],
        source_line(comparison),
        len(comparison.seeds),
        comparison.arms[0].places,
        [arm.by_seed for arm in comparison.arms],
    )


def source_line(comparison: Comparison) -> str:
    """Where the numbers come from: scenarios, seeds, dates, scale."""
    infos = [arm.info for arm in comparison.arms]
    dates = {
        tr("{low} to {high}", low=info.start, high=date_of(info.start, info.months - 1)) for info in infos
    }
    people = {int(info.parameters.get("scale.persons_per_record", 1)) for info in infos}
    told = {
        "scenarios": joined([arm.name for arm in comparison.arms]),
        "number": len(comparison.seeds),
        "seed": comparison.seeds[0],
        "dates": joined(sorted(dates)),
    }
    line = (
        tr(
            "Simulated, no estimate for any real town: {scenarios}; the same {number} seeds in each, from {seed}; "
            "{dates}",
            **told,
        )
        if any(arm.places.named for arm in comparison.arms)
        else tr("Simulated: {scenarios}; the same {number} seeds in each, from {seed}; {dates}", **told)
    )
    if len(people) != 1 or people == {1}:
        return line
    return tr(
        "{source}; one record stands for {number} people",
        source=line,
        number=localised(f"{people.pop():,}"),
    )


def _file_name(name: str) -> str:
    """An arm's name as one that any file system takes."""
    return re.sub(r"[^\w.-]+", "-", name).strip("-.") or "scenario"
