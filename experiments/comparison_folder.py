"""A comparison on disk: one folder, written whole or not at all.

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
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from ..outcomes.plain_yaml import dumped
from ..outcomes.plots.compared import ComparisonData
from ..outcomes.plots.comparison import draw_comparison
from ..outcomes.run import date_of, versions
from ..outcomes.run_folder import plain
from ..outcomes.whole_folder import whole_folder
from ..outcomes.wording import joined
from ..scenarios import Scenario
from .comparison import DIFFERENCES, IN_UNIT, Comparison

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
        "met_a, met_b": ("episodes", "Of these: met."),
        "served_a, served_b": ("true or false", "Whether any need was met."),
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
    figures: bool,
    command: str,
    lives: Mapping[int, pd.DataFrame],
) -> list[str]:
    """Write a comparison into `folder`, which appears whole or not at all; returns what each figure says.

    `lives`: of arm number (from 1), as from `divergence.compare_lives`. An older comparison there is replaced.
    Errors: OutputError if it can't be written.
    """
    titles: list[str] = []
    differences = comparison.differences_table()
    described = ["differences", "runs", *(["lives"] if lives else [])]
    files = {"tables/differences.csv": differences, "tables/runs.csv": comparison.runs_table()}
    files |= {f"tables/lives-{_file_name(comparison.arms[n].name)}.csv": table for n, table in lives.items()}
    files["data-dictionary.csv"] = pd.DataFrame(
        [(name, column, *about) for name in described for column, about in COLUMNS[name].items()],
        columns=["table", "column", "unit", "meaning"],
    )
    texts = {MARK: json.dumps(_manifest(comparison, command), indent=1, ensure_ascii=False) + "\n"}
    for arm, scenario in zip(comparison.arms, scenarios, strict=True):
        texts[f"scenarios/{_file_name(arm.name)}.yaml"] = dumped(plain(scenario.resolved()))
    with whole_folder(folder, overwrite=True, mark=MARK, what="a comparison") as unfinished:
        (unfinished / "tables").mkdir()
        (unfinished / "scenarios").mkdir()
        for name, table in files.items():
            table.to_csv(unfinished / name, index=False, lineterminator="\n")
        for name, text in texts.items():
            (unfinished / name).write_text(text, encoding="utf-8", newline="\n")
        if figures:
            drawn = draw_comparison(comparison_data(comparison), differences, unfinished / "figures")
            titles = [title for _, title in drawn]
    return titles


def comparison_data(comparison: Comparison) -> ComparisonData:
    """What the figures of a comparison are drawn from."""
    return ComparisonData(
        [arm.name for arm in comparison.arms],
        [arm.tables for arm in comparison.arms],
        source_line(comparison),
        len(comparison.seeds),
    )


def source_line(comparison: Comparison) -> str:
    """Where the numbers come from: scenarios, seeds, dates, scale."""
    infos = [arm.info for arm in comparison.arms]
    dates = {f"{info.start} to {date_of(info.start, info.months - 1)}" for info in infos}
    people = {int(info.parameters.get("scale.persons_per_record", 1)) for info in infos}
    scale = f"; one record stands for {people.pop():,} people" if len(people) == 1 and people != {1} else ""
    names = joined([arm.name for arm in comparison.arms])
    seeds = f"the same {len(comparison.seeds)} seeds in each, from {comparison.seeds[0]}"
    return f"Simulated: {names}; {seeds}; {' and '.join(sorted(dates))}{scale}"


def _manifest(comparison: Comparison, command: str) -> dict[str, object]:
    return {
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


def _file_name(name: str) -> str:
    """An arm's name as one that any file system takes."""
    return re.sub(r"[^\w.-]+", "-", name).strip("-.") or "scenario"
