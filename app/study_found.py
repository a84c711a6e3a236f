"""What a study has found, in a few lines at the end of its runs: its first outcome, by design point."""

from __future__ import annotations

import math
import shlex
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ..outcomes.invocation import typed
from ..outcomes.wording import change_and_interval, value_text
from .tables import add_row, short_unit, titled

if TYPE_CHECKING:
    from pathlib import Path

    from rich.table import Table

    from ..experiments.studies.results import OutcomeMatrix, StudyResults

DECIDED = "Decided: the interval of the difference leaves 0 out."
LEVELS = ("runs", "mean", "its 95% interval")
CHANGES = ("less the first", "its interval", "decided")


def main_outcome(results: StudyResults) -> OutcomeMatrix | None:
    """The first outcome that some run could tell of the whole run, or of the last year there is; None if there is
    none."""
    told = set(results.values.dropna(subset=["value"])["outcome"])
    names = [str(name) for name in results.outcomes["outcome"] if name in told]
    matrices = (results.over_worlds.outcome(name) for name in names)
    return next((matrix for matrix in matrices if matrix.wide.notna().any(axis=None)), None)


def found(results: StudyResults) -> list[Table | str]:
    """A table of the main outcome by design point, means with intervals over seeds; of many points, the two between
    which they lie. Nothing of a study without a finished run."""
    from ..experiments.studies.results import MOST_POINTS

    matrix = main_outcome(results)
    if matrix is None:
        return []
    if len(matrix.points) > MOST_POINTS:
        return [_of_many(matrix)]
    return [_by_point(matrix), *_of_differences(matrix)]


def _of_differences(matrix: OutcomeMatrix) -> list[str]:
    """What the answers in the last column mean, if there is one; why there is none, if the first point lacks runs."""
    from ..experiments.studies.comparing import differences

    first = matrix.points[0]
    if len(matrix.points) == 1:
        return []
    if matrix.wide.loc[first].isna().all():
        name = matrix.results.point_names()[first]
        return [f"No run of the first design point ({name}) has a value: no difference from it can be told."]
    told = differences(matrix, first)
    return [DECIDED] if np.isfinite(told["high"] - told["low"]).any() else []


def where_next(results: StudyResults, folder: Path) -> str:
    """Where there is more: figures of all outcomes, and of a design that tells it, what they depend on."""
    name = shlex.quote(str(folder))
    others = len(results.outcomes) - 1
    every = f"all {others + 1} outcomes" if others else "it"
    told = f"Figures of {every}, with a table each: {typed('study plot')} {name}"
    if results.design in ("sobol", "morris", "lhs") or (results.is_crossed and len(results.varied) > 1):
        told += f"\nWhat it depends on: {typed('study sensitivity')} {name}"
    return told


def _by_point(matrix: OutcomeMatrix) -> Table:
    from ..experiments.studies.comparing import differences, estimates

    names = matrix.results.point_names()
    first, several = matrix.points[0], len(matrix.points) > 1
    change = {row["point"]: row for row in differences(matrix, first).to_dict("records")} if several else {}
    numbers = (*LEVELS, *(CHANGES if several else ()))
    table = titled(_title(matrix), "design point", *numbers, numbers=numbers)
    for row in estimates(matrix).to_dict("records"):
        point = int(row["point"])
        cells = [f"{row['n']:,}", value_text(row["mean"], matrix.unit), _between(row, matrix.unit)]
        if several:
            cells += _change(change[point], matrix.unit) if point in change else ["", "", ""]
        add_row(table, names[point], *cells)
    return table


def _change(row: Mapping[Any, Any], unit: str) -> list[str]:
    """A difference from the first point, its interval, and whether its sign is decided."""
    change, low, high = (float(row[name]) for name in ("difference", "low", "high"))
    if not math.isfinite(high - low):
        return [value_text(change, unit, change=True), "", ""]
    said, interval = change_and_interval(change, low, high, unit)
    return [said, interval, "yes" if low > 0 or high < 0 else "no"]


def _between(row: Mapping[Any, Any], unit: str) -> str:
    if not math.isfinite(row["high"] - row["low"]):
        return ""
    return f"{value_text(row['low'], unit)} to {value_text(row['high'], unit)}"


def _of_many(matrix: OutcomeMatrix) -> str:
    names, means = matrix.results.point_names(), matrix.wide.mean(axis=1)
    low, high = (
        f"{value_text(float(means[point]), matrix.unit)} ({names[point]})" for point in matrix.extremes()
    )
    return f"{_title(matrix)}, mean of each of {len(matrix.points):,} design points: from {low} to {high}"


def _title(matrix: OutcomeMatrix) -> str:
    unit = short_unit(matrix.unit)
    return f"{matrix.label} ({unit})" if unit and unit not in matrix.label else matrix.label
