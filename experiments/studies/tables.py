"""The tables of a study, made of its finished runs: the same bytes for any number of workers, in any order."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from .folder import SCENARIOS, open_study
from .folder import TABLES as FOLDER
from .points import own_value, set_options
from .results import StudyResults
from .run_queue import RunQueue
from .study import Study

TABLES = ("points", "runs", "values", "outcomes", "factors")
_RUNS: dict[str, Any] = {
    "point": "int64",
    "replicate": "int64",
    "seed": "int64",
    "error": object,
    "command": object,
}
_VALUES: dict[str, Any] = {
    "point": "int64",
    "replicate": "int64",
    "outcome": object,
    "year": "int64",
    "value": "float64",
}
_FACTORS = ("factor", "path", "role", "source", "unit", "low", "high", "label", "scale")


def load_results(folder: Path) -> StudyResults:
    """The finished runs of the study in a folder, also of one not complete. Errors: StudyError, ScenarioError."""
    study = open_study(Path(folder))
    results = results_of(study.queue())
    if study.complete and results.runs.empty:  # of a version that told points apart in another way
        kept: dict[str, Any] = {
            name: pd.read_parquet(study.path / FOLDER / f"{name}.parquet") for name in TABLES
        }
        return replace(results, **kept)
    return results


def results_of(queue: RunQueue) -> StudyResults:
    """What has been found so far: all finished runs that count."""
    study = queue.study
    kept = [(each.name, each.label, each.unit) for each in study.outcomes]
    runs, values = [], []
    for point, replicate, record in queue.rows():
        command = command_of(queue, point, record.seed) if record.failed else ""
        runs.append((point, replicate, record.seed, record.error, command))
        for each in study.outcomes:
            series = (record.values or {}).get(each.name, [])
            values += [(point, replicate, each.name, year, value) for year, value in series]
    return StudyResults(
        name=study.name,
        title=study.title,
        design=study.design.kind,
        points=_points(queue),
        runs=pd.DataFrame(runs, columns=list(_RUNS)).astype(_RUNS),
        values=pd.DataFrame(values, columns=list(_VALUES)).astype(_VALUES),
        outcomes=pd.DataFrame(kept, columns=["outcome", "label", "unit"]),
        factors=_factors(study),
    )


def _points(queue: RunQueue) -> pd.DataFrame:
    """A row a design point, with the value that each factor has there, be it set or the scenario's own."""
    factors = queue.study.factors
    own = {each.name: {f.name: own_value(f, each) for f in factors} for each in queue.study.scenarios}
    rows = [
        {"point": point.number, "scenario": point.scenario, **own[point.scenario], **point.values}
        for point in queue.points
    ]
    return pd.DataFrame(rows, columns=["point", "scenario", *(factor.name for factor in factors)])


def _factors(study: Study) -> pd.DataFrame:
    rows = []
    for factor in study.factors:
        sources = dict.fromkeys(study.scenarios[0].sources[path] for path in factor.paths)
        words = (factor.name, ", ".join(factor.paths), factor.role, "; ".join(sources), factor.unit)
        scale = "log" if factor.log else "linear"
        rows.append((*words, factor.low, factor.high, factor.label, scale))
    return pd.DataFrame(rows, columns=_FACTORS).astype({"low": float, "high": float})


def command_of(queue: RunQueue, point: int, seed: int) -> str:
    """The command line that repeats a run, to be typed in the study's folder."""
    at = queue.points[point]
    settings = set_options(queue.study, at)
    file = f"{SCENARIOS}/{at.scenario}.yaml" if settings is not None else point_file(point)
    words = ["local-citizenship", "run", file, "--seed", str(seed)]
    for setting in settings or []:
        words += ["--set", setting]
    return shlex.join(words)


def point_file(point: int) -> str:
    """The scenario of a design point whose dates differ, which no `--set` can say."""
    return f"{SCENARIOS}/point-{point}.yaml"


def write_tables(results: StudyResults, folder: Path) -> None:
    """Write all tables as CSV and Parquet into a folder that is there."""
    for name in TABLES:
        table: pd.DataFrame = getattr(results, name)
        table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
        table.to_parquet(folder / f"{name}.parquet", index=False)
