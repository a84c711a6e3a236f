"""Sums of the ledger's counts by group, and shares of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ..scenarios.catalogue import RUNG_OF_STATUS, RUNGS, STATUSES, UNAUTHORISED
from .run import Run

MONTHS_A_YEAR = 12
UNAUTHORISED_STATUSES = tuple(STATUSES[i] for i in UNAUTHORISED)
STAGES = ("needs", "aware", "willing", "eligible", "claimed", "served")
SERVED = ("served_city", "served_ngo", "served_nation")
CASCADE = (*STAGES[:-1], *SERVED, "unmet")
# All that the measures of claiming count in the table monthly.
COUNTED = (*CASCADE, "eligible_any", "eligible_aware", "turned_away", "ngo_cases", "stock")

By = str | Sequence[str]
_NOT_BY_PLACE = {"month", "year", "status", "rung"}


def share(part: ArrayLike, whole: ArrayLike) -> NDArray[np.float64]:
    """part / whole, element by element; NaN where the whole is nothing."""
    a, b = np.broadcast_arrays(np.asarray(part, float), np.asarray(whole, float))
    return np.divide(a, b, out=np.full(a.shape, np.nan), where=b != 0)


def totals(run: Run, table: str, columns: Sequence[str], by: By = (), since: int = 0) -> pd.DataFrame:
    """Sums of count columns of a table, by group: the columns of `by`, then `columns`; one row a group.

    `by`: columns of the table, and what follows from them: `year` from month, `rung` from status, `region`
    from place. No `by`: one row. Only groups that occur. `since`: first month counted (or its year, in a
    table by year). Errors: ValueError if the table can't be split that way.
    """
    keys = keys_of(by)
    there = run.tables.columns(table)
    missing = [c for c in columns if c not in there]
    if missing:
        raise ValueError(f"the table {table} has no column {missing[0]}")
    parts = []
    for piece in _pieces(run, table, columns, keys, there, bool(since)):
        frame = _since(run, piece, since) if since else piece
        labels = [_label(run, table, frame, key) for key in keys]
        parts.append(_sums(frame, list(columns), labels, keys))
    filled = [part for part in parts if len(part)] or parts[:1]
    if len(filled) == 1:
        return filled[0]
    whole = pd.concat(filled, ignore_index=True)  # a group may lie in several pieces
    return _sums(whole, list(columns), [whole[key] for key in keys], keys)


def over_places(run: Run) -> pd.DataFrame:
    """The table monthly summed over places: month (or year), status, all its counts. Made once a run: many ask."""
    return run.cached("monthly over places", _summed_over_places)


def _pieces(
    run: Run, table: str, columns: Sequence[str], keys: tuple[str, ...], there: list[str], dated: bool
) -> Iterable[pd.DataFrame]:
    """The table in pieces, as far as it is needed; no large table is ever held whole."""
    if table == "monthly" and set(keys) <= _NOT_BY_PLACE:
        return [over_places(run)]
    needed = [key if key in there else _DERIVED[key][0] for key in keys if key in there or key in _DERIVED]
    dates = [c for c in ("month", "year") if dated]
    wanted = dict.fromkeys(c for c in [*needed, *dates, *columns] if c in there)
    return run.tables.pieces(table, list(wanted))


def _sums(
    frame: pd.DataFrame, columns: list[str], labels: list[pd.Series[Any]], keys: tuple[str, ...]
) -> pd.DataFrame:
    if not keys:
        return pd.DataFrame({c: [frame[c].sum()] for c in columns})
    result = frame.groupby(labels, observed=True, sort=True)[columns].sum()
    result = result.astype({c: "int64" for c in columns if result[c].dtype.kind == "i"})
    result.index = result.index.set_names(list(keys) if len(keys) > 1 else keys[0])
    return result.reset_index()


def _summed_over_places(run: Run) -> pd.DataFrame:
    if "month" not in run.tables.columns("monthly"):  # summed by year already
        table = run.table("monthly")
        counts = [c for c in table.columns if c not in ("year", "place", "status")]
        return _sums(table, counts, [table["year"], table["status"]], ("year", "status"))
    counts = [c for c in run.tables.columns("monthly") if c not in ("month", "place", "status")]
    cells = max(1, run.months) * len(STATUSES)
    sums = np.zeros((len(counts), cells))  # whole numbers up to 2^53, which a float holds exactly
    rows = np.zeros(cells, np.int64)
    for piece in run.tables.pieces("monthly"):
        cell = piece["month"].to_numpy(np.int64) * len(STATUSES) + piece["status"].cat.codes.to_numpy()
        rows += np.bincount(cell, minlength=cells)
        for total, name in zip(sums, counts, strict=True):
            total += np.bincount(cell, piece[name].to_numpy(), cells)
    present = np.flatnonzero(rows)
    month, status = np.divmod(present, len(STATUSES))
    kind = pd.CategoricalDtype(list(STATUSES), ordered=True)
    whole = {name: total[present] for name, total in zip(counts, sums, strict=True)}
    whole = {name: v.astype(np.int64) if piece[name].dtype.kind in "iu" else v for name, v in whole.items()}
    return pd.DataFrame({"month": month, "status": pd.Categorical.from_codes(status, dtype=kind), **whole})


def keys_of(by: By) -> tuple[str, ...]:
    """`by` as a tuple: "status" -> ("status",)."""
    return (by,) if isinstance(by, str) else tuple(by)


def year_of_month(run: Run) -> NDArray[np.int64]:
    """Calendar year of each month of the run, (months,)."""
    year, month = (int(part) for part in run.start.split("-")[:2])
    return year + (month - 1 + np.arange(run.months)) // MONTHS_A_YEAR


def dates_of(run: Run, months: ArrayLike) -> pd.Series[Any]:
    """First day of each month as a date column."""
    first = np.datetime64(run.start, "M")
    return pd.Series((first + np.asarray(months, "timedelta64[M]")).astype("datetime64[s]"))


def with_date(run: Run, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with a column `date` (first of the month) after its column `month`."""
    after = list(frame.columns).index("month") + 1
    frame.insert(after, "date", dates_of(run, frame["month"]).array)
    return frame


def rung_of(status: pd.Series[Any]) -> Any:
    """Categorical: rung of formal rights (irregular workers keep those of the visa they hold)."""
    codes = np.array(RUNG_OF_STATUS, np.int8)[status.cat.codes.to_numpy()]
    return pd.Categorical.from_codes(codes, dtype=pd.CategoricalDtype(list(RUNGS), ordered=True))


def _label(run: Run, table: str, frame: pd.DataFrame, key: str) -> pd.Series[Any]:
    """What the rows are grouped by."""
    if key in frame.columns:
        return frame[key]
    make = _DERIVED.get(key)
    if make is None or make[0] not in frame.columns:
        raise ValueError(f"the table {table} can't be split by {key}")
    return pd.Series(make[1](run, frame[make[0]]), index=frame.index)


def _year(run: Run, month: pd.Series[Any]) -> Any:
    return year_of_month(run)[month.to_numpy(np.int64)]


def _rung(run: Run, status: pd.Series[Any]) -> Any:
    return rung_of(status)


def _region(run: Run, place: pd.Series[Any]) -> Any:
    places = run.table("places").sort_values("place")
    return places["region"].to_numpy()[place.to_numpy(np.int64)]


_DERIVED: dict[str, tuple[str, Callable[[Run, pd.Series[Any]], Any]]] = {
    "year": ("month", _year),
    "rung": ("status", _rung),
    "region": ("place", _region),
}


def _since(run: Run, frame: pd.DataFrame, month: int) -> pd.DataFrame:
    if "month" in frame.columns:
        return frame[frame["month"] >= month]
    return frame[frame["year"] >= int(run.date(month)[:4])]


# Sums by year: at full size the table `monthly` has millions of rows; it is summed piece by piece, never held whole.


def yearly_of(run: Run) -> Run:
    """The same run with `monthly` summed by year, place and status, and `needs` over regions.

    `monthly` then has a column year in place of month, and what the cascade, NGOs' cases and person-years need:
    `stock` counts person-months. Any measure by year is the same of this run as of the whole one, and quick.
    """
    needs = totals(run, "needs", ["needs", "unmet"], ("month", "status", "need"))
    return run.replaced(monthly=cells(run, COUNTED), needs=needs)


def cells(run: Run, columns: Sequence[str]) -> pd.DataFrame:
    """Counts of `monthly` summed over each calendar year: year, place, status, then `columns` (int64).

    Cells in which all of `columns` are 0 are left out. The table may be summed by year already (`yearly_of`).
    """
    sums = totals(run, "monthly", columns, ("year", "place", "status"))
    return sums[sums[list(columns)].any(axis=1)].reset_index(drop=True)
