"""A study as plain tables for other programs: Parquet and CSV, with a data dictionary; whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ...outcomes.whole_folder import whole_folder
from .results import SCENARIO, WHOLE_RUN, StudyResults

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
    order = _order(results)
    values = values.sort_values(
        ["point", "replicate", "outcome", "year"],
        key=lambda column: column.map(order) if column.name == "outcome" else column,
        na_position="first",
        kind="stable",
        ignore_index=True,
    )
    found = {"values": values, "runs": runs}
    found |= {
        name: getattr(results, name).reset_index(drop=True) for name in ("points", "outcomes", "factors")
    }
    if wide:
        found["wide"] = _wide(results, runs[runs["error"] == ""][head])
    return found


def _order(results: StudyResults) -> dict[str, int]:
    return {str(name): place for place, name in enumerate(results.outcomes["outcome"])}


def _wide(results: StudyResults, runs: pd.DataFrame) -> pd.DataFrame:
    values = results.values
    names = [column_name(str(o), int(y)) for o, y in zip(values["outcome"], values["year"], strict=True)]
    table = values.assign(column=names).pivot(index=["point", "replicate"], columns="column", values="value")
    columns = [column for column, _, _ in wide_columns(results)]
    return runs.merge(table.reset_index(), on=["point", "replicate"], how="left")[[*runs.columns, *columns]]


def wide_columns(results: StudyResults) -> list[tuple[str, str, int]]:
    """The columns of outcomes in the wide table, in order: column, outcome, year."""
    order = _order(results)
    there = results.values[["outcome", "year"]].drop_duplicates()
    pairs = ((str(outcome), int(year)) for outcome, year in there.itertuples(index=False))
    ordered = sorted(pairs, key=lambda pair: (order[pair[0]], pair[1]))
    return [(column_name(outcome, year), outcome, year) for outcome, year in ordered]


def column_name(outcome: str, year: int) -> str:
    """`needs_met`, or `needs_met_2004`."""
    return outcome if year == WHOLE_RUN else f"{outcome}_{year}"


def dictionary(results: StudyResults, exported: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Every column of the exported tables: table, column, unit, meaning, source (of factors).

    Errors: ValueError for a column that nothing describes.
    """
    factors = results.factors.set_index("factor")
    outcomes = {column: (outcome, year) for column, outcome, year in wide_columns(results)}
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
                _csv(frame, unfinished / f"{name}.csv")
        _csv(described, unfinished / DICTIONARY)
    return Path(os.path.abspath(folder.expanduser()))


def _arrow(frame: pd.DataFrame) -> pa.Table:
    """Columns that hold values of several types (a factor of names and numbers) are written as text."""
    mixed = {}
    for column in frame.columns:
        if frame[column].dtype == object and len({type(value) for value in frame[column].dropna()}) > 1:
            mixed[column] = frame[column].map(lambda value: None if value is None else str(value))
    return pa.Table.from_pandas(frame.assign(**mixed), preserve_index=False)


def _csv(frame: pd.DataFrame, file: Path) -> None:
    frame.to_csv(file, index=False, lineterminator="\n", encoding="utf-8")
