"""The ledger's monthly counts summed over years: small, and enough for every measure by year.

At full size the table `monthly` has millions of rows; it is read a column at a time, and never whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..scenarios.catalogue import NEEDS, STATUSES
from .cascade import COUNTED, SERVED
from .groups import MONTHS_A_YEAR, year_of_month
from .run import Run

Ints = NDArray[np.int64]


def yearly_of(run: Run) -> Run:
    """The same run with `monthly` summed by year, place and status, and `needs` over regions.

    `monthly` then has a column year in place of month, and what the cascade, NGOs' cases and person-years need:
    `stock` counts person-months. Any measure by year is the same of this run as of the whole one, and quick.
    """
    return Run(
        run.scenario, run.tables.replaced(monthly=cells(run, COUNTED), needs=_needs(run)), run.manifest
    )


def cells(run: Run, columns: Sequence[str]) -> pd.DataFrame:
    """Counts of `monthly` summed over each calendar year: year, place, status, then `columns` (int64).

    Cells in which all of `columns` are 0 are left out. The table may be summed by year already (`yearly_of`).
    """
    if "year" in run.tables.columns("monthly"):
        return run.columns_of("monthly", ["year", "place", "status", *columns])
    key = run.columns_of("monthly", ["month", "place", "status"])
    month, place = key["month"].to_numpy(), key["place"].to_numpy()
    first = int(run.start[:4])
    shape = (1 + (run.months + MONTHS_A_YEAR) // MONTHS_A_YEAR, 1 + int(place.max(initial=0)), len(STATUSES))
    cell = _cell(shape, year_of_month(run)[month] - first, place, key["status"].cat.codes.to_numpy())
    del key, month, place
    (year, home, status), sums = _sums(run, "monthly", columns, cell, shape)
    return pd.DataFrame({"year": first + year, "place": home, "status": _names(status, STATUSES), **sums})


def _needs(run: Run) -> pd.DataFrame:
    """The table `needs` summed over regions: month, status, need, needs, and who served."""
    key = run.columns_of("needs", ["month", "status", "need"])
    shape = (max(1, run.months), len(STATUSES), len(NEEDS))
    codes = (key[name].cat.codes.to_numpy() for name in ("status", "need"))
    cell = _cell(shape, key["month"].to_numpy(), *codes)
    (month, status, need), sums = _sums(run, "needs", ("needs", *SERVED), cell, shape)
    return pd.DataFrame(
        {"month": month, "status": _names(status, STATUSES), "need": _names(need, NEEDS), **sums}
    )


def _cell(shape: tuple[int, ...], *indices: NDArray[np.integer]) -> Ints:
    """The number of each row's cell, the last index varying fastest."""
    cell = np.zeros(len(indices[0]), np.int64)
    for size, index in zip(shape, indices, strict=True):
        cell *= size
        cell += index
    return cell


def _sums(
    run: Run, table: str, columns: Sequence[str], cell: Ints, shape: tuple[int, ...]
) -> tuple[tuple[Ints, ...], dict[str, Ints]]:
    """The indices of the cells with anything in them, and the sums of each column there."""
    size = int(np.prod(shape))
    whole = {}
    for column in columns:  # one at a time: less memory; sums of whole numbers are exact
        values = run.columns_of(table, [column])[column].to_numpy()
        whole[column] = np.bincount(cell, values, minlength=size).astype(np.int64)
    filled = np.flatnonzero(np.any([sums != 0 for sums in whole.values()], axis=0))
    return np.unravel_index(filled, shape), {column: sums[filled] for column, sums in whole.items()}


def _names(codes: Ints, names: tuple[str, ...]) -> Any:
    return pd.Categorical.from_codes(codes, dtype=pd.CategoricalDtype(list(names), ordered=True))
