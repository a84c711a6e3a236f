"""The data dictionary: every column of every table of a run, with its unit and meaning."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pandas as pd

from ..scenarios.catalogue import EVENTS, PROVIDERS, REASONS, STATUSES
from ..scenarios.vocabulary import STAGE
from .entries import SHIPPED_ENTRIES, Entries


def orders(entries: Entries = SHIPPED_ENTRIES) -> dict[str, tuple[str, ...]]:
    """Columns that hold names, and the order of those names."""
    return {
        "status": STATUSES,
        "door": entries.doors.names,
        "need": entries.needs.names,
        "reason": REASONS,
        "provider": PROVIDERS,
        "kind": entries.ngo_kinds.names,
        "event": EVENTS,
    }


Entry = tuple[str, str]  # unit, meaning


@cache
def _described() -> dict[str, dict[str, Entry]]:
    """Table -> column -> unit and meaning, as dictionary.csv has them; stages of the cascade as the vocabulary has."""
    found: dict[str, dict[str, Entry]] = {}
    text = (Path(__file__).parent / "dictionary.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        meaning = row["meaning"] or STAGE[row["column"]].definition
        found.setdefault(row["table"], {})[row["column"]] = (row["unit"], meaning)
    return found


def columns_of(table: str, entries: Entries = SHIPPED_ENTRIES) -> dict[str, Entry]:
    """Column -> unit and meaning, of a table; none of a table that the dictionary does not know."""
    known = _described().get(table, {})
    if table != "places_yearly":
        return known
    before = list(known).index("service_level")
    of_services: dict[str, Entry] = {}
    for name in entries.services:
        of_services[f"level_{name}"] = ("level, 0 to 1", f"level of the service {name}")
        meaning = f"whether {name}, where offered, is open to the unauthorised"
        of_services[f"open_{name}"] = ("true or false", meaning)
    items = list(known.items())
    return {**dict(items[:before]), **of_services, **dict(items[before:])}


TABLES = {table: columns_of(table) for table in _described()}  # of the shipped scenarios


def describe(tables: Mapping[str, list[str]], entries: Entries = SHIPPED_ENTRIES) -> pd.DataFrame:
    """The dictionary of these tables and columns: table, column, unit, meaning, values (of named columns)."""
    names, rows = orders(entries), []
    for table, columns in tables.items():
        known = columns_of(table, entries)
        for column in columns:
            unit, meaning = known.get(column, ("", ""))
            rows.append((table, column, unit, meaning, " ".join(names.get(column, ()))))
    return pd.DataFrame(rows, columns=["table", "column", "unit", "meaning", "values"])


def conform(
    name: str, table: pd.DataFrame, entries: Entries = SHIPPED_ENTRIES, *, whole: bool = True
) -> pd.DataFrame:
    """The table with named columns as ordered categories; a table without any column gets its columns, empty.

    The table given is not changed; columns are shared, not copied. `whole`: False for some columns only.
    """
    if whole and not len(table):
        missing = [c for c in columns_of(name, entries) if c not in table.columns]
        table = table.assign(**{column: pd.Series([], dtype="int64") for column in missing})
    names = orders(entries)
    wrong = [c for c in table.columns if c in names and not _is_ordered(table[c], names[c])]
    if wrong:
        named = {c: pd.Categorical(table[c], categories=list(names[c]), ordered=True) for c in wrong}
        table = table.assign(**named)
    return table


def _is_ordered(column: pd.Series, order: tuple[str, ...]) -> bool:
    kind = column.dtype
    return isinstance(kind, pd.CategoricalDtype) and bool(kind.ordered) and tuple(kind.categories) == order
