"""The ledger's monthly counts summed over years: small, and enough for every measure by year.

At full size the table `monthly` has millions of rows; it is summed piece by piece, and never held whole.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from .cascade import COUNTED, SERVED
from .groups import totals
from .run import Run


def yearly_of(run: Run) -> Run:
    """The same run with `monthly` summed by year, place and status, and `needs` over regions.

    `monthly` then has a column year in place of month, and what the cascade, NGOs' cases and person-years need:
    `stock` counts person-months. Any measure by year is the same of this run as of the whole one, and quick.
    """
    needs = totals(run, "needs", ["needs", *SERVED], ("month", "status", "need"))
    tables = run.tables.replaced(monthly=cells(run, COUNTED), needs=needs)
    return Run(run.scenario, tables, run.manifest)


def cells(run: Run, columns: Sequence[str]) -> pd.DataFrame:
    """Counts of `monthly` summed over each calendar year: year, place, status, then `columns` (int64).

    Cells in which all of `columns` are 0 are left out. The table may be summed by year already (`yearly_of`).
    """
    sums = totals(run, "monthly", columns, ("year", "place", "status"))
    return sums[sums[list(columns)].any(axis=1)].reset_index(drop=True)
