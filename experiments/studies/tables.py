"""The tables of a study, for itself and for other programs: the same bytes for any number of workers, in any order."""

from __future__ import annotations

import os
import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ...outcomes.csv_text import write_csv
from ...outcomes.run_folder import ParquetTable
from ...outcomes.whole_folder import whole_folder
from .folder import SCENARIOS, open_study
from .folder import TABLES as FOLDER
from .points import own_value, set_options
from .results import SCENARIO, WHOLE_RUN, StudyResults
from .run_queue import RunQueue
from .study import Study

TABLES = ("points", "runs", "values", "outcomes", "factors")
_RUN: dict[str, Any] = {"point": "int64", "replicate": "int64"}
_RUNS = _RUN | {"seed": "int64", "error": object, "command": object}
_VALUES = _RUN | {"outcome": object, "year": "int64", "value": "float64"}
_FACTORS = ("factor", "path", "role", "source", "unit", "low", "high", "label", "scale")


def load_results(folder: Path) -> StudyResults:
    """The finished runs of the study in a folder, also of one not complete. Errors: StudyError, ScenarioError."""
    study = open_study(Path(folder))
    results = results_of(study.queue())
    if study.complete and results.runs.empty:  # of a version that told points apart in another way
        kept: dict[str, Any] = {n: ParquetTable(study.path / FOLDER / f"{n}.parquet").frame() for n in TABLES}
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
        worlds=tuple(each.name for each in study.worlds.factors) if study.worlds else (),
    )


def _points(queue: RunQueue) -> pd.DataFrame:
    """A row a design point, with the value that each factor has there, be it set or the scenario's own."""
    factors = queue.study.varied
    own = {each.name: {f.name: own_value(f, each) for f in factors} for each in queue.study.scenarios}
    rows = [
        {"point": point.number, "scenario": point.scenario, **own[point.scenario], **point.values}
        for point in queue.points
    ]
    return pd.DataFrame(rows, columns=["point", "scenario", *(factor.name for factor in factors)])


def _factors(study: Study) -> pd.DataFrame:
    rows = []
    for factor in study.varied:
        sources = dict.fromkeys(study.scenarios[0].sources.get(path, factor.label) for path in factor.paths)
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
        write_csv(table, folder / f"{name}.csv")
        table.to_parquet(folder / f"{name}.parquet", index=False)


DICTIONARY = "data-dictionary.csv"
FORMATS = ("parquet", "csv")
_WHOLE = "the whole run (one number a run)"

# Column -> unit, meaning; of the tables below. The columns of factors and outcomes are described by the study itself.
COLUMNS = {
    "point": ("number", "design point: one combination of scenario and factor values, from 0"),
    "scenario": ("name", "the scenario that the point runs"),
    "replicate": ("number", "replicate, from 0: the same point again, with other luck"),
    "seed": ("number", "the run's luck; points that share it share their people and accidents"),
    "error": ("text", "why the run failed; empty if it went well"),
    "command": ("text", "the command that repeats a failed run; empty if it went well"),
    "outcome": ("name", "the outcome"),
    "label": ("text", "what it is called in figures"),
    "unit": ("name", "its unit"),
    "year": ("year", f"calendar year of the value; empty for {_WHOLE}"),
    "value": ("as in unit", "the value; missing where the run can't tell"),
    "factor": ("name", "the factor, as its column is called"),
    "path": ("name", "the parameter or date that it sets"),
    "role": ("lever or uncertainty", "whether it is set by somebody, or not known"),
    "source": ("text", "where the parameter's value comes from: a citation, fitted, or assumption"),
    "low": ("the factor's unit", "least value of its range; missing if its values are listed"),
    "high": ("the factor's unit", "largest value of its range; missing if its values are listed"),
    "scale": ("linear or log", "whether its range is gone through evenly, or by ratios"),
}


def tables(results: StudyResults, *, wide: bool = False) -> dict[str, pd.DataFrame]:
    """The tables of a study: `values` (a row a number, with everything that it depends on), `runs`, `points`,
    `outcomes`, `factors`; `wide` adds the table `wide`, a row a run and a column an outcome (and year).

    Errors: ReadingError for a study without a finished run.
    """
    results.finished()
    factors = [str(name) for name in results.factors["factor"]]
    head = ["point", SCENARIO, "replicate", "seed", *factors]
    runs = results.runs.merge(results.points[["point", SCENARIO, *factors]], on="point", how="left")
    runs = runs[[*head, "error", "command"]].sort_values(
        ["point", "replicate"], kind="stable", ignore_index=True
    )
    values = results.values.merge(runs[head], on=["point", "replicate"], how="left")
    values = values.merge(results.outcomes[["outcome", "label", "unit"]], on="outcome")
    values = values[[*head, "outcome", "label", "unit", "year", "value"]]
    values["year"] = values["year"].astype("Int64").mask(values["year"] == WHOLE_RUN)
    order = {name: place for place, name in enumerate(results.outcomes["outcome"])}
    values = values.sort_values(
        ["point", "replicate", "outcome", "year"],
        key=lambda column: column.map(order) if column.name == "outcome" else column,
        na_position="first",
        kind="stable",
        ignore_index=True,
    )
    found = {"values": values, "runs": runs}
    for name in ("points", "outcomes", "factors"):
        found[name] = getattr(results, name).reset_index(drop=True)
    if wide:
        found["wide"] = _wide(results, runs[runs["error"] == ""][head])
    return found


def _wide(results: StudyResults, runs: pd.DataFrame) -> pd.DataFrame:
    columns = wide_columns(results)
    run = ["point", "replicate"]
    table = results.values.pivot(index=run, columns=["outcome", "year"], values="value")[
        list(columns.values())
    ]
    table.columns = pd.Index(columns)
    return runs.merge(table.reset_index(), on=run, how="left")


def wide_columns(results: StudyResults) -> dict[str, tuple[str, int]]:
    """The columns of outcomes in the wide table, in order: `needs_met` or `needs_met_2004` -> outcome and year."""
    found = {}
    for outcome in map(str, results.outcomes["outcome"]):
        for year in results.years_of(outcome):
            found[outcome if year == WHOLE_RUN else f"{outcome}_{year}"] = outcome, year
    return found


def dictionary(results: StudyResults, exported: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Every column of the exported tables: table, column, unit, meaning, source (of factors).

    Errors: ValueError for a column that nothing describes.
    """
    factors = results.factors.set_index("factor")
    outcomes = wide_columns(results)
    rows = []
    for table, frame in exported.items():
        for column in map(str, frame.columns):
            source = ""
            if column in factors.index:
                row = factors.loc[column]
                unit, source = str(row["unit"]), str(row["source"])
                meaning = f"factor ({row['role']}): {row['label']}, which sets {row['path']}"
            elif table == "wide" and column in outcomes:
                outcome, year = outcomes[column]
                label, unit = results.words_of(outcome)
                meaning = f"{label}, {_WHOLE if year == WHOLE_RUN else year}"
            elif column in COLUMNS:
                unit, meaning = COLUMNS[column]
            else:
                raise ValueError(f"the column {column} of the table {table} is not described")
            rows.append((table, column, unit, meaning, source))
    return pd.DataFrame(rows, columns=["table", "column", "unit", "meaning", "source"])


def export(
    results: StudyResults,
    folder: Path,
    *,
    formats: tuple[str, ...] = FORMATS,
    wide: bool = False,
    overwrite: bool = False,
) -> Path:
    """Write the tables and their dictionary into `folder`, which appears when it is complete; return its path.

    The same study gives the same bytes. Errors: ReadingError for a study without a finished run; OutputError as
    `whole_folder` has it.
    """
    exported = tables(results, wide=wide)
    described = dictionary(results, exported)
    with whole_folder(folder, overwrite, mark=DICTIONARY, what="an export") as unfinished:
        for name, frame in exported.items():
            if "parquet" in formats:
                pq.write_table(_arrow(frame), unfinished / f"{name}.parquet", compression="zstd")
            if "csv" in formats:
                write_csv(frame, unfinished / f"{name}.csv")
        write_csv(described, unfinished / DICTIONARY)
    return Path(os.path.abspath(folder.expanduser()))


def _arrow(frame: pd.DataFrame) -> pa.Table:
    """Columns that hold values of several types (a factor of names and numbers) are written as text."""
    mixed = {}
    for column in frame.columns:
        if frame[column].dtype == object and len({type(value) for value in frame[column].dropna()}) > 1:
            mixed[column] = frame[column].map(lambda value: None if value is None else str(value))
    return pa.Table.from_pandas(frame.assign(**mixed), preserve_index=False)
