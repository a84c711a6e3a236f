"""Tables as CSV that a spreadsheet can be given: no cell is taken for a formula, whoever named the places."""

from __future__ import annotations

import locale
from pathlib import Path
from typing import Any, Literal

import pandas as pd

# Plain, or as Excel wants it: with a byte order mark, and separators as the owner of the computer writes them.
Csv = bool | Literal["excel"]
RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r")
_AT_A_TIME = 131_072  # rows


def write_csv(table: pd.DataFrame, file: Path, *, csv: Csv = True, append: bool = False, **how: Any) -> None:
    """Write a table, or further rows of it; `how` goes to pandas (`float_format`, say)."""
    shown = safe(table)
    dialect = _excel() if csv == "excel" else {"encoding": "utf-8"}
    mode: Literal["a", "w"] = "a" if append else "w"
    shown.to_csv(
        file,
        index=False,
        mode=mode,
        header=not append,
        chunksize=_AT_A_TIME,
        lineterminator="\n",
        **{**dialect, **how},
    )


def csv_text(table: pd.DataFrame) -> str:
    """A table as CSV."""
    return safe(table).to_csv(index=False, lineterminator="\n")


def safe(table: pd.DataFrame) -> pd.DataFrame:
    """The same table, in which what a spreadsheet would run as a formula is text: it begins with an apostrophe."""
    changed: dict[Any, pd.Series] = {}
    for at, name in enumerate(table.columns):
        column = table.iloc[:, at]
        if isinstance(column.dtype, pd.CategoricalDtype):
            if any(_is_run(each) for each in column.cat.categories):
                changed[name] = column.astype(object).map(safe_cell)
        elif not pd.api.types.is_numeric_dtype(column.dtype) and column.map(_is_run).any():
            changed[name] = column.map(safe_cell)
    table = table.assign(**changed) if changed else table
    if any(_is_run(name) for name in table.columns):
        table = table.rename(columns=safe_cell)
    return table


def safe_cell(cell: Any) -> Any:
    """A cell as text, if a spreadsheet would run it."""
    return f"'{cell}" if _is_run(cell) else cell


def _is_run(cell: Any) -> bool:
    if not isinstance(cell, str) or not cell.startswith(RUN_BY_SPREADSHEETS):
        return False
    try:
        float(cell)  # a number is no formula
    except ValueError:
        return True
    return False


def _excel() -> dict[str, Any]:
    before = locale.setlocale(locale.LC_NUMERIC)
    try:
        locale.setlocale(locale.LC_NUMERIC, "")
        comma = locale.localeconv()["decimal_point"] == ","
    except locale.Error:
        comma = False
    finally:
        locale.setlocale(locale.LC_NUMERIC, before)
    return {"encoding": "utf-8-sig", "sep": ";" if comma else ",", "decimal": "," if comma else "."}
