"""Sums of the ledger's counts by group, and shares of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ..scenarios.catalogue import RUNG_OF_STATUS, RUNGS, STATUSES, UNAUTHORISED
from .entries import HELPERS
from .run import Run

MONTHS_A_YEAR = 12
UNAUTHORISED_STATUSES = tuple(STATUSES[i] for i in UNAUTHORISED)
# What the article calls unauthorised includes those who work outside the activity of their visa.
GROUP_OF_STATUS = {name: "unauthorised" if name in UNAUTHORISED_STATUSES else name for name in STATUSES}
STAGES = ("needs", "aware", "willing", "eligible", "claimed", "served")
CASCADE = (*STAGES[:-1], "unmet")
_COUNTED_TOO = ("eligible_any", "eligible_aware", "turned_away", "ngo_cases", "stock")
SERVED = tuple(f"served_{name}" for name in HELPERS)  # in a run of this installation, see `helpers_of`

By = str | Sequence[str]
_NOT_BY_PLACE = {"month", "year", "status", "rung"}


def share(part: ArrayLike, whole: ArrayLike) -> NDArray[np.float64]:
    """part / whole, element by element; NaN where the whole is nothing."""
    a, b = np.broadcast_arrays(np.asarray(part, float), np.asarray(whole, float))
    return np.divide(a, b, out=np.full(a.shape, np.nan), where=b != 0)


def helpers_of(run: Run) -> list[str]:
    """Who could meet needs in this run, in the ledger's order; one made elsewhere may name others than HELPERS."""
    return [c.removeprefix("served_") for c in run.tables.columns("monthly") if c.startswith("served_")]


def totals(run: Run, table: str, columns: Sequence[str], by: By = (), since: int = 0) -> pd.DataFrame:
    """Sums of count columns of a table, by group: the columns of `by`, then `columns`; one row a group.

    `by`: columns of the table, and what follows from them: `year` from month, `rung` from status, `region`
    from place. No `by`: one row. Only groups that occur. `since`: first month counted (or its year, in a
    table by year). Errors: ValueError if the table can't be split that way.
    """
    keys, names = keys_of(by), list(columns)
    there = run.tables.columns(table)
    if missing := [c for c in columns if c not in there]:
        raise ValueError(f"the table {table} has no column {missing[0]}")
    parts = [
        _sums(piece, names, [_label(run, table, piece, key) for key in keys], keys)
        for piece in _pieces(run, table, names, keys, there, since)
    ]
    filled = [part for part in parts if len(part)] or parts[:1]
    if len(filled) == 1:
        return filled[0]
    whole = pd.concat(filled, ignore_index=True)  # a group may lie in several pieces
    return _sums(whole, names, [whole[key] for key in keys], keys)


def over_places(run: Run) -> pd.DataFrame:
    """The table monthly summed over places: month (or year), status, all its counts. Made once a run: many ask."""
    return run.cached("monthly over places", _summed_over_places)


def _pieces(
    run: Run, table: str, columns: list[str], keys: tuple[str, ...], there: list[str], since: int
) -> Iterator[pd.DataFrame]:
    """The table in pieces, as far as it is needed; no large table is ever held whole."""
    needed = [key if key in there else _DERIVED[key][0] for key in keys if key in there or key in _DERIVED]
    date = "month" if "month" in there else "year"
    wanted = dict.fromkeys([*needed, *([date] if since else []), *columns])
    over = table == "monthly" and set(keys) <= _NOT_BY_PLACE
    for piece in [over_places(run)] if over else run.tables.pieces(table, [c for c in wanted if c in there]):
        if since:
            yield piece[piece[date] >= (since if date == "month" else int(run.date(since)[:4]))]
        else:
            yield piece


def _sums(frame: pd.DataFrame, columns: list[str], labels: list[Any], keys: tuple[str, ...]) -> pd.DataFrame:
    if not keys:
        return pd.DataFrame({c: [frame[c].sum()] for c in columns})
    result = frame.groupby(labels, observed=True, sort=True)[columns].sum()
    result = result.astype({c: "int64" for c in columns if result[c].dtype.kind == "i"})
    result.index = result.index.set_names(list(keys) if len(keys) > 1 else keys[0])
    return result.reset_index()


def _summed_over_places(run: Run) -> pd.DataFrame:
    columns = run.tables.columns("monthly")
    counts = [c for c in columns if c not in ("month", "year", "place", "status")]
    if "month" not in columns:  # summed by year already
        table = run.table("monthly")
        return _sums(table, counts, [table["year"], table["status"]], ("year", "status"))
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
    whole = {name: total[present] for name, total in zip(counts, sums, strict=True)}
    whole = {name: v.astype(np.int64) if piece[name].dtype.kind in "iu" else v for name, v in whole.items()}
    return pd.DataFrame({"month": month, "status": _ordered(status, STATUSES), **whole})


def _ordered(codes: NDArray[Any], names: tuple[str, ...]) -> Any:
    return pd.Categorical.from_codes(codes, dtype=pd.CategoricalDtype(list(names), ordered=True))


def keys_of(by: By) -> tuple[str, ...]:
    """`by` as a tuple: "status" -> ("status",)."""
    return (by,) if isinstance(by, str) else tuple(by)


def year_of_month(run: Run) -> NDArray[np.int64]:
    """Calendar year of each month of the run, (months,)."""
    months = np.datetime64(run.start, "M") + np.arange(run.months)
    return months.astype("datetime64[Y]").astype(np.int64) + 1970


def with_date(run: Run, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with a column `date` (first of the month) after its column `month`."""
    date = np.datetime64(run.start, "M") + np.asarray(frame["month"], "timedelta64[M]")
    frame.insert(frame.columns.tolist().index("month") + 1, "date", date.astype("datetime64[s]"))
    return frame


def rung_of(status: pd.Series[Any]) -> Any:
    """Categorical: rung of formal rights (irregular workers keep those of the visa they hold)."""
    return _ordered(np.array(RUNG_OF_STATUS, np.int8)[status.cat.codes.to_numpy()], RUNGS)


def places_of(run: Run) -> pd.DataFrame:
    """The table places in order of the place's number."""
    return run.table("places").sort_values("place")


_DERIVED: dict[str, tuple[str, Callable[[Run, pd.Series[Any]], Any]]] = {
    "year": ("month", lambda run, month: year_of_month(run)[month.to_numpy(np.int64)]),
    "rung": ("status", lambda run, status: rung_of(status)),
    "region": ("place", lambda run, place: places_of(run)["region"].to_numpy()[place.to_numpy(np.int64)]),
}


def _label(run: Run, table: str, frame: pd.DataFrame, key: str) -> pd.Series[Any]:
    """What the rows are grouped by."""
    if key in frame.columns:
        return frame[key]
    source, derive = _DERIVED.get(key, ("", None))
    if derive is None or source not in frame.columns:
        raise ValueError(f"the table {table} can't be split by {key}")
    return pd.Series(derive(run, frame[source]), index=frame.index)


# Sums by year: at full size the table `monthly` has millions of rows; it is summed piece by piece, never held whole.


def yearly_of(run: Run) -> Run:
    """The same run with `monthly` summed by year, place and status, and `needs` over regions.

    `monthly` then has a column year in place of month, and what the cascade, who meets needs, NGOs' cases and
    person-years need: `stock` counts person-months. Any measure by year is the same of this run as of the whole one,
    and quick.
    """
    counted = [*CASCADE, *(f"served_{name}" for name in helpers_of(run)), *_COUNTED_TOO]
    needs = totals(run, "needs", ["needs", "unmet"], ("month", "status", "need"))
    return run.replaced(monthly=cells(run, counted), needs=needs)


def cells(run: Run, columns: Sequence[str]) -> pd.DataFrame:
    """Counts of `monthly` summed over each calendar year: year, place, status, then `columns` (int64).

    Cells in which all of `columns` are 0 are left out. The table may be summed by year already (`yearly_of`).
    """
    sums = totals(run, "monthly", columns, ("year", "place", "status"))
    return sums[sums[list(columns)].any(axis=1)].reset_index(drop=True)


# For figures


def listed(wide: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """A table of rows by columns as a list: row, column and value under the given names."""
    stacked: Any = wide.stack()
    return stacked.reset_index().set_axis(names, axis=1)


def last_months(run: Run, months: int = 60) -> tuple[int, str]:
    """First month of the last `months` months of the run (all, if it is shorter), and their dates."""
    first = max(0, run.months - months)
    begin, end = run.date(first), run.date(max(0, run.months - 1))
    return first, begin if begin == end else f"{begin} to {end}"
