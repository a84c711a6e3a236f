"""What the runs of a grid have found: a number for each combination, seed and column, and what the columns are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...outcomes.entries import HELPERS
from ...outcomes.headline import HEADLINES
from ...outcomes.outcome_spec import WHOLE_RUN
from ...scenarios.catalogue import RUNGS
from ..studies.folder import StudyFolder
from ..studies.records import StudyError
from ..studies.tables import results_of
from .grid import Grid
from .making import YEARLY, places_told

Counted = Mapping[str, NDArray[np.float64]]  # outcome -> (points, seeds, years)
SHARES = ("aware", "willing", "eligible", "claimed", "served")  # of needs: the steps of the cascade


@dataclass
class Found:
    """`values` (points, seeds, columns), NaN where a run can't tell; `columns`: what each is, as "needs_met",
    "cascade aware", "who nobody", "rung legal", "place 0" or "year level 1995"; `years`: those told of one by one."""

    columns: list[str] = field(default_factory=list)
    values: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 0, 0)))
    years: tuple[int, ...] = ()


def found_of(grid: Grid, folder: StudyFolder) -> Found:
    """What the finished runs tell. Errors: StudyError if some are missing or have failed."""
    queue = folder.queue()
    results = results_of(queue)
    failed = int((results.runs["error"] != "").sum())
    if failed or len(results.runs) != grid.runs:
        why = f"{failed} failed" if failed else f"{grid.runs - len(results.runs)} are missing"
        raise StudyError(f"{folder.path} has not all {grid.runs:,} runs of the grid: {why}")
    shape = grid.points, grid.seeds
    counted, years = _counted(results.values, shape)
    columns: dict[str, NDArray[np.float64]] = {}
    for name in dict.fromkeys((*grid.outcomes, *_met_by())):
        columns[name] = counted[name][:, :, 0]
    needs = _summed(counted, "E3.needs")
    for stage in SHARES:
        columns[f"cascade {stage}"] = _share(_summed(counted, f"E3.{stage}"), needs)
    columns["who nobody"] = 1.0 - columns["cascade served"] - columns["met_by_informal"]
    groups = [("rung", RUNGS), ("place", places_told(grid))]
    for kind, names in groups:
        for number, name in enumerate(names):
            of = _summed(counted, f"E3.needs {name}")
            key = name if kind == "rung" else str(number)
            columns[f"{kind} {key}"] = _share(_summed(counted, f"E3.served {name}"), of)
    # Of the first year only those needs are over that were met at once.
    told = tuple(range(1, len(years))) if len(years) > 2 else tuple(range(len(years)))
    for at in told:
        columns[f"year needs_met {years[at]}"] = _share(
            counted["E3.served"][:, :, at], counted["E3.needs"][:, :, at]
        )
        for name, (theme, measure) in YEARLY.items():
            columns[f"year {name} {years[at]}"] = counted[f"{theme}.{measure}"][:, :, at]
    return Found(list(columns), np.stack([*columns.values()], axis=2), tuple(years[at] for at in told))


def _met_by() -> tuple[str, ...]:
    return tuple(f"met_by_{name}" for name in HELPERS)


def _counted(values: pd.DataFrame, shape: tuple[int, int]) -> tuple[Counted, list[int]]:
    """Each outcome as an array by point, seed and year; of the whole run, the years are one."""
    yearly = values["year"] != WHOLE_RUN
    years = sorted(int(year) for year in values.loc[yearly, "year"].unique())
    found = {}
    for name, rows in values.groupby("outcome", sort=False):
        whole = name in HEADLINES
        array = np.full((*shape, 1 if whole else len(years)), np.nan)
        at = 0 if whole else np.searchsorted(years, rows["year"].to_numpy())
        array[rows["point"].to_numpy(), rows["replicate"].to_numpy(), at] = rows["value"].to_numpy()
        found[str(name)] = array
    return found, years


def _summed(counted: Counted, name: str) -> NDArray[np.float64]:
    """A count of all years; 0 where nothing of it was counted."""
    some: Any = counted.get(name)
    if some is None:
        some = np.zeros_like(counted["E3.needs"])
    total: NDArray[np.float64] = np.nansum(some, axis=2)
    return total


def _share(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(part, whole, out=np.full_like(whole, np.nan), where=whole > 0)
