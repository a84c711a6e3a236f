"""Sums of the ledger's counts by group, and shares of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ..model.columns import Columns, joined
from ..scenarios.catalogue import RUNG_OF_STATUS, RUNGS, STATUSES, UNAUTHORISED
from ..scenarios.languages import tr
from .entries import HELPERS, OWN_HELPERS
from .run import Run

MONTHS_A_YEAR = 12
UNAUTHORISED_STATUSES = tuple(STATUSES[i] for i in UNAUTHORISED)
# What the article calls unauthorised includes those who work outside the activity of their visa.
GROUP_OF_STATUS = {name: "unauthorised" if name in UNAUTHORISED_STATUSES else name for name in STATUSES}
STAGES = ("needs", "aware", "willing", "eligible", "claimed", "served")
CASCADE = (*STAGES[:-1], "unmet")
SERVED = tuple(f"served_{name}" for name in HELPERS)  # in a run of this installation, see `helpers_of`
CLAIMED_FROM = tuple(f"served_{name}" for name in HELPERS if name not in OWN_HELPERS)

By = str | Sequence[str]
_NOT_BY_PLACE = {"month", "year", "status", "rung"}
_RUNGS = np.array(RUNG_OF_STATUS, np.int8)
_MOST_CELLS = 1_000_000  # an array of so many may hold a sum for each


def share(part: ArrayLike, whole: ArrayLike) -> NDArray[np.float64]:
    """part / whole, element by element; NaN where the whole is nothing."""
    a, b = np.broadcast_arrays(np.asarray(part, float), np.asarray(whole, float))
    return np.divide(a, b, out=np.full(a.shape, np.nan), where=b != 0)


def helpers_of(run: Run) -> list[str]:
    """Who could meet needs in this run, in the ledger's order; one made elsewhere may name others than HELPERS."""
    return [c.removeprefix("served_") for c in run.tables.columns("monthly") if c.startswith("served_")]


def own_help_of(run: Run) -> list[str]:
    """The columns of needs that one's own met, in this run: they are met, and nobody claimed them."""
    there = run.tables.columns("monthly")
    return [column for name in OWN_HELPERS if (column := f"served_{name}") in there]


def served_in(run: Run, counts: Columns) -> NDArray[np.int64]:
    """Of needs with their columns `unmet` and `own_help_of`, those that somebody met on whom a claim is made."""
    return counts["needs"] - sum((counts[name] for name in own_help_of(run)), counts["unmet"])


def totals(run: Run, table: str, columns: Sequence[str], by: By = (), since: int = 0) -> pd.DataFrame:
    """Sums of count columns of a table, by group: the columns of `by`, then `columns`; one row a group.

    `by`: columns of the table, and what follows from them: `year` from month, `rung` from status, `region`
    from place. No `by`: one row. Only groups that occur. `since`: first month counted (or its year, in a
    table by year). Errors: ValueError if the table can't be split that way.
    """
    return sums(run, table, columns, by, since).frame()


def sums(run: Run, table: str, columns: Sequence[str], by: By = (), since: int = 0) -> Columns:
    """The same as arrays."""
    keys, there = keys_of(by), run.tables.columns(table)
    if missing := [c for c in columns if c not in there]:
        raise ValueError(f"the table {table} has no column {missing[0]}")
    for key in keys:
        if key not in there and (key not in _DERIVED or _DERIVED[key][0] not in there):
            raise ValueError(f"the table {table} can't be split by {key}")
    date = "month" if "month" in there else "year"
    needed = [key if key in there else _DERIVED[key][0] for key in keys]
    wanted = list(dict.fromkeys([*needed, *([date] if since else []), *columns]))
    over = table == "monthly" and set(keys) <= _NOT_BY_PLACE
    parts = []
    for piece in [over_places(run)] if over else run.tables.arrays(table, wanted):
        if since:
            first = since if date == "month" else int(run.date(since)[:4])
            piece = piece.at(piece[date] >= first)
        parts.append(grouped(_with_derived(run, piece, keys), columns, keys))
    # A group may lie in several pieces.
    return grouped(joined(parts), columns, keys) if len(parts) > 1 else parts[0]


def over_places(run: Run) -> Columns:
    """The table monthly summed over places: month, status, all its counts. Made once a run: many ask."""
    return run.cached("monthly over places", _summed_over_places)


def _summed_over_places(run: Run) -> Columns:
    columns = [name for name in run.tables.columns("monthly") if name != "place"]
    keys = ("month", "status")
    counts = [name for name in columns if name not in keys]
    pieces = [grouped(piece, counts, keys) for piece in run.tables.arrays("monthly", columns)]
    found = grouped(joined(pieces), counts, keys)
    return found.adding({"month": found["month"].astype(np.int64)})


def grouped(
    table: Columns, columns: Sequence[str], keys: tuple[str, ...], most_cells: int = _MOST_CELLS
) -> Columns:
    """Sums of some columns by group, in order of the keys; whole numbers are int64, and their sums exact.

    `most_cells`: combinations of keys, with or without any row, of which each may have a place in an array.
    """
    if not keys:
        return Columns({name: table[name].sum(keepdims=True) for name in columns})
    cell, size = np.zeros(len(table), np.int64), 1
    values = []  # of each key, by the number that stands for it in `cell`
    for key in keys:
        label = table[key]
        if label.dtype.kind in "iu":
            first, last = (int(label.min()), int(label.max())) if len(label) else (0, -1)
            there, number = np.arange(first, last + 1).astype(label.dtype), label.astype(np.int64) - first
        else:
            there, number = np.unique(label, return_inverse=True)
        cell, size = cell * len(there) + number, size * len(there)
        values.append(there)
    present = None
    if size > max(most_cells, 8 * len(cell)):  # most of which would be empty
        present, cell = np.unique(cell, return_inverse=True)
        size = len(present)
    there = np.flatnonzero(np.bincount(cell, minlength=size))
    found = {}
    for name in columns:
        counts = table[name]
        if counts.dtype.kind == "f":  # as precise as pandas sums them
            found[name] = pd.Series(counts).groupby(cell).sum().to_numpy()
        else:  # a float holds whole numbers up to 2^53 exactly
            found[name] = np.bincount(cell, counts, size)[there].astype(np.int64)
    rest, labels = there if present is None else present, {}
    for key, each in zip(reversed(keys), reversed(values), strict=True):
        rest, number = np.divmod(rest, max(1, len(each)))
        labels[key] = each[number]
    return Columns({**{key: labels[key] for key in keys}, **found}, table.names)


def _with_derived(run: Run, table: Columns, keys: tuple[str, ...]) -> Columns:
    """The table with the columns among `keys` that follow from its own."""
    more = {key: _DERIVED[key][1](run, table[_DERIVED[key][0]]) for key in keys if key not in table}
    return table.adding(more, {"rung": RUNGS})


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


def places_of(run: Run, columns: Sequence[str]) -> Columns:
    """Some columns of the table places, in order of the place's number."""
    places = run.arrays_of("places", ["place", *columns])
    return places.at(np.argsort(places["place"], kind="stable"))


_DERIVED: dict[str, tuple[str, Callable[[Run, NDArray[Any]], NDArray[Any]]]] = {
    "year": ("month", lambda run, month: year_of_month(run)[month]),
    "rung": ("status", lambda run, status: _RUNGS[status]),
    "region": ("place", lambda run, place: places_of(run, ["region"])["region"][place]),
}


def cells(run: Run, columns: Sequence[str]) -> Columns:
    """Counts of `monthly` summed over each calendar year: year, place, status, then `columns` (int64).

    Cells in which all of `columns` are 0 are left out.
    """
    found = sums(run, "monthly", columns, ("year", "place", "status"))
    return found.at(np.any([found[name] for name in columns], axis=0))


def places_each_year(run: Run, columns: Sequence[str]) -> dict[int, Columns]:
    """Year -> some columns of the table places_yearly, in order of the place's number."""
    states = run.arrays_of("places_yearly", ["year", "place", *columns])
    return by_year(states.at(np.lexsort((states["place"], states["year"]))))


def by_year(table: Columns) -> dict[int, Columns]:
    """The rows of each year, of a table in the order of its years."""
    years, first = np.unique(table["year"], return_index=True)
    ends = [*first[1:], len(table)]
    return {int(year): table.at(rows) for year, rows in zip(years, map(slice, first, ends), strict=True)}


# For figures


def listed(wide: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """A table of rows by columns as a list: row, column and value under the given names."""
    stacked: Any = wide.stack()
    return stacked.reset_index().set_axis(names, axis=1)


def last_months(run: Run) -> tuple[int, str]:
    """First month of the last five years of the run (of all, if it is shorter), and their dates."""
    first = max(0, run.months - 60)
    begin, end = run.date(first), run.date(max(0, run.months - 1))
    return first, begin if begin == end else tr("{low} to {high}", low=begin, high=end)
