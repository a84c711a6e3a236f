"""The data dictionary: every column of every table of a run, with its unit and meaning."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from ..scenarios.catalogue import EVENTS, REASONS, STATUSES
from ..scenarios.vocabulary import STAGE, provider
from .entries import HELPERS, SHIPPED_ENTRIES, Entries


def orders(entries: Entries = SHIPPED_ENTRIES) -> dict[str, tuple[str, ...]]:
    """Columns that hold names, and the order of those names."""
    return {
        "status": STATUSES,
        "door": entries.doors.names,
        "need": entries.needs.names,
        "reason": REASONS,
        "provider": ("nobody", *HELPERS),
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


def known_tables() -> tuple[str, ...]:
    """Names of the tables that the dictionary describes."""
    return tuple(_described())


def columns_of(table: str, entries: Entries = SHIPPED_ENTRIES) -> dict[str, Entry]:
    """Column -> unit and meaning, of a table; none of a table that the dictionary does not know."""
    known = _described().get(table, {})
    before = {"monthly": "unmet", "needs": "unmet", "places_yearly": "service_level"}.get(table)
    if before is None:
        return known
    items, at, own = list(known.items()), list(known).index(before), dict[str, Entry]()
    if table == "places_yearly":
        for name in entries.services:
            own[f"level_{name}"] = ("level, 0 to 1", f"level of the service {name}")
            meaning = f"whether {name}, where offered, is open to the unauthorised"
            own[f"open_{name}"] = ("true or false", meaning)
    else:
        own = {f"served_{name}": ("episodes", provider(name).definition) for name in HELPERS}
    return {
        **dict(items[:at]),
        **{c: entry for c, entry in own.items() if c not in known},
        **dict(items[at:]),
    }


TABLES = {table: columns_of(table) for table in _described()}  # of the shipped scenarios


def describe(tables: Mapping[str, list[str]], entries: Entries = SHIPPED_ENTRIES) -> pd.DataFrame:
    """The dictionary of these tables and columns: table, column, unit, meaning, values (of named columns)."""
    names, rows = orders(entries), []
    for table, columns in tables.items():
        known = columns_of(table, entries)
        rows += [(table, c, *known.get(c, ("", "")), " ".join(names.get(c, ()))) for c in columns]
    return pd.DataFrame(rows, columns=["table", "column", "unit", "meaning", "values"])


def conform(
    name: str, table: pd.DataFrame, entries: Entries = SHIPPED_ENTRIES, *, whole: bool = True
) -> pd.DataFrame:
    """The table with named columns as ordered categories; a table without any column gets its columns, empty.

    A name that is none of those known follows them. The table given is not changed; columns are shared, not copied.
    `whole`: False for some columns only.
    """
    if whole and not len(table):
        missing = [c for c in columns_of(name, entries) if c not in table.columns]
        table = table.assign(**{column: pd.Series([], dtype="int64") for column in missing})
    named = {}
    for column, order in orders(entries).items():
        if column not in table.columns:
            continue
        kind: Any = table[column].dtype
        is_named = isinstance(kind, pd.CategoricalDtype)
        if not (is_named and kind.ordered and tuple(kind.categories) == order):
            there = kind.categories if is_named else table[column].dropna().unique()
            names = [*order, *(each for each in there if each not in order)]
            named[column] = pd.Categorical(table[column], categories=names, ordered=True)
    return table.assign(**named) if named else table
