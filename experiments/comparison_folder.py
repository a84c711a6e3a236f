"""A comparison on disk: one folder, written whole or not at all.

figures/*.png, *.csv          what differs, and the scenarios beside each other; each with its table
tables/differences.csv        paired differences with intervals, and what shared luck is worth
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
from .comparison import Comparison

MARK = "comparison.json"
FORMAT = 1

_UNIT = "as in the column unit"
COLUMNS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "differences": {
        "scenario": ("", "The scenario."),
        "against": ("", "The scenario it is compared with, the first."),
        "outcome": ("", "The outcome's name; of E1 to E9 as in `measures --define`."),
        "label": ("", "The outcome in words."),
        "unit": ("", "Its unit."),
        "n": ("pairs", "Pairs of runs, one for each seed for which both have a value."),
        "mean_against": (_UNIT, "Mean over the pairs in the first scenario."),
        "mean": (_UNIT, "Mean over the pairs in this scenario."),
        "difference": (_UNIT, "Mean of the paired differences: this scenario less the first."),
        "low": (_UNIT, "Lower end of the 95% t interval of the mean difference."),
        "high": (_UNIT, "Upper end of it."),
        "decided": ("true or false", "Whether the interval leaves 0 out."),
        "variance_paired": ("unit squared", "Variance between runs of the paired differences."),
        "variance_unpaired": ("unit squared", "Sum of both scenarios' variances: of a difference without shared luck."),
        "luck_worth": ("times", "variance_unpaired / variance_paired: so many times the runs without shared luck."),
        "luck_worth_low": ("times", "Lower end of its 95% bootstrap interval over pairs."),
        "luck_worth_high": ("times", "Upper end of it."),
    },
    "runs": {
        "scenario": ("", "The scenario."),
        "seed": ("", "The seed of the run, the same in all scenarios."),
        "outcome": ("", "The outcome's name."),
        "value": (_UNIT, "Its value in this run; missing where the run can't tell."),
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
    tables = {"differences": comparison.differences_table(), "runs": comparison.runs_table()}
    described = [*tables, *(["lives"] if lives else [])]
    for number, table in lives.items():
        tables[f"lives-{_file_name(comparison.arms[number].name)}"] = table
    texts = {MARK: json.dumps(_manifest(comparison, command), indent=1, ensure_ascii=False) + "\n"}
    for arm, scenario in zip(comparison.arms, scenarios, strict=True):
        texts[f"scenarios/{_file_name(arm.name)}.yaml"] = dumped(plain(scenario.resolved()))
    with whole_folder(folder, overwrite=True, mark=MARK, what="a comparison") as unfinished:
        (unfinished / "tables").mkdir()
        for name, table in tables.items():
            _csv(table, unfinished / "tables" / f"{name}.csv")
        _csv(_dictionary(described), unfinished / "data-dictionary.csv")
        (unfinished / "scenarios").mkdir()
        for name, text in texts.items():
            (unfinished / name).write_text(text, encoding="utf-8", newline="\n")
        if figures:
            drawn = draw_comparison(
                comparison_data(comparison), tables["differences"], unfinished / "figures"
            )
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


def _dictionary(tables: Sequence[str]) -> pd.DataFrame:
    rows = [(table, column, *about) for table in tables for column, about in COLUMNS[table].items()]
    return pd.DataFrame(rows, columns=["table", "column", "unit", "meaning"])


def _csv(table: pd.DataFrame, file: Path) -> None:
    table.to_csv(file, index=False, lineterminator="\n")


def _file_name(name: str) -> str:
    """An arm's name as one that any file system takes."""
    return re.sub(r"[^\w.-]+", "-", name).strip("-.") or "scenario"
