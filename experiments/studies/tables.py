"""The tables of a study, made of its finished runs: the same bytes for any number of workers, in any order."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import pandas as pd

from .agenda import Agenda
from .points import own_value, set_options
from .results import StudyResults
from .study import Study

TABLES = ("points", "runs", "values", "outcomes", "factors")
SCENARIOS = "scenarios"  # the folder of the scenarios, in that of the study


def results_of(agenda: Agenda) -> StudyResults:
    """What has been found so far: all finished runs that count."""
    study = agenda.study
    return StudyResults(
        name=study.name,
        title=study.title,
        design=study.design.kind,
        points=points_table(agenda),
        runs=_runs(agenda),
        values=_values(agenda),
        outcomes=pd.DataFrame(
            [(kept.name, kept.label, kept.unit) for kept in study.outcomes],
            columns=["outcome", "label", "unit"],
        ),
        factors=factors_table(study),
    )


def points_table(agenda: Agenda) -> pd.DataFrame:
    """A row a design point, with the value that each factor has there, be it set or the scenario's own."""
    study = agenda.study
    own = {
        scenario.name: {factor.name: own_value(factor, scenario) for factor in study.factors}
        for scenario in study.scenarios
    }
    rows = [
        {"point": point.number, "scenario": point.scenario, **own[point.scenario], **point.values}
        for point in agenda.points
    ]
    return pd.DataFrame(rows, columns=["point", "scenario", *(factor.name for factor in study.factors)])


def factors_table(study: Study) -> pd.DataFrame:
    """A row a factor; `scale` (linear or log) is added to what StudyResults asks for."""
    columns = ["factor", "path", "role", "source", "unit", "low", "high", "label", "scale"]
    rows = []
    for factor in study.factors:
        sources = [study.scenarios[0].sources[path] for path in factor.paths]
        rows.append(
            (
                factor.name, ", ".join(factor.paths), factor.role, "; ".join(dict.fromkeys(sources)), factor.unit,
                factor.low, factor.high, factor.label, "log" if factor.log else "linear",
            )
        )  # fmt: skip
    return pd.DataFrame(rows, columns=columns).astype({"low": float, "high": float})


def command_of(agenda: Agenda, point: int, seed: int) -> str:
    """The command line that repeats a run, to be typed in the study's folder."""
    at = agenda.points[point]
    settings = set_options(agenda.study, at)
    file = f"{SCENARIOS}/{at.scenario}.yaml" if settings is not None else point_file(point)
    words = ["local-citizenship", "run", file, "--seed", str(seed)]
    for setting in settings or []:
        words += ["--set", setting]
    return shlex.join(words)


def point_file(point: int) -> str:
    """The scenario of a design point whose dates differ, which no `--set` can say."""
    return f"{SCENARIOS}/point-{point}.yaml"


def _runs(agenda: Agenda) -> pd.DataFrame:
    rows = [
        (
            point,
            replicate,
            record.seed,
            record.error,
            command_of(agenda, point, record.seed) if record.failed else "",
        )
        for point, replicate, record in agenda.rows()
    ]
    kinds: dict[str, Any] = {
        "point": "int64",
        "replicate": "int64",
        "seed": "int64",
        "error": object,
        "command": object,
    }
    return pd.DataFrame(rows, columns=list(kinds)).astype(kinds)


def _values(agenda: Agenda) -> pd.DataFrame:
    columns: dict[str, list[Any]] = {name: [] for name in ("point", "replicate", "outcome", "year", "value")}
    for point, replicate, record in agenda.rows():
        for kept in agenda.study.outcomes:
            for year, value in (record.values or {}).get(kept.name, []):
                for name, part in zip(columns, (point, replicate, kept.name, year, value), strict=True):
                    columns[name].append(part)
    kinds: dict[str, Any] = {
        "point": "int64",
        "replicate": "int64",
        "outcome": object,
        "year": "int64",
        "value": "float64",
    }
    return pd.DataFrame(columns).astype(kinds)


def write_tables(results: StudyResults, folder: Path) -> None:
    """Write all tables as CSV and Parquet into a folder that is there."""
    for name in TABLES:
        table: pd.DataFrame = getattr(results, name)
        table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
        table.to_parquet(folder / f"{name}.parquet", index=False)
