"""One's own observations, put on top of what was simulated: a small table of years and values."""

from __future__ import annotations

import io
import math
from pathlib import Path
from typing import Any

import pandas as pd

from ...scenarios.bounded import UnreadableError, bounded_bytes
from ...scenarios.errors import did_you_mean
from ..declaration import COUNTRY
from ..wording import is_share
from .question import HEAT, MAP, AskedError, Question
from .told import Told

MOST_BYTES = 1_000_000
COLUMNS = ("year", "value", "group")


def observed_on(told: Told, kind: str, given: str | Path | pd.DataFrame | None) -> pd.DataFrame:
    """What is drawn on top: year (0 where years are told of together), group, value; no rows without any.

    `given`: a CSV file, or a data frame, with columns value, year, and group where the chart has groups. Errors:
    AskedError naming what is wrong, with its row.
    """
    if given is None:
        return pd.DataFrame({"year": [], "group": [], "value": []})
    if kind in (MAP, HEAT):
        raise AskedError(f"a {kind} has no room for observed points: a line or a bar has")
    name = "the observed values" if isinstance(given, pd.DataFrame) else str(given)
    table = given if isinstance(given, pd.DataFrame) else _read(Path(given).expanduser(), name)
    table = table.rename(columns=lambda column: str(column).strip().lower())
    question = told.question
    needed = ["value", "year", *(["group"] if question.by != COUNTRY else [])]
    for column in needed:
        if column not in table:
            there = [str(each) for each in table.columns]
            hint = did_you_mean(column, there) or f"it has {', '.join(there[:6]) or 'none'}"
            raise AskedError(f"{name} has no column {column!r}; {hint}")
    rows = []
    called = {text.casefold(): each.name for each in told.groups for text in (each.label, each.name)}
    for line, row in enumerate(table.to_dict("records"), start=2):
        year, value = _number(row["year"], name, line, "year"), _number(row["value"], name, line, "value")
        if is_share(question.measure.unit) and abs(value) > 1:
            raise AskedError(
                f"{name}, line {line}: {value:g} is no {question.measure.unit}, which lies between 0 and 1 "
                "(34% is 0.34)"
            )
        group = "all"
        if question.by != COUNTRY:
            text = str(row["group"]).strip()
            group = called.get(text.casefold(), "")
            if not group:
                if _is_other_group(text, question):
                    continue
                labels = [each.label for each in told.groups]
                hint = did_you_mean(text, labels) or f"there are {', '.join(labels[:6])}"
                raise AskedError(f"{name}, line {line}: no {question.by} {text!r} is drawn; {hint}")
        if question.holds(int(year)):
            rows.append((0 if told.together else int(year), group, value))
    if not rows:
        raise AskedError(f"{name} has no row of the years and groups that are drawn")
    return pd.DataFrame(rows, columns=["year", "group", "value"])


def _is_other_group(text: str, question: Question) -> bool:
    """Whether only some groups were asked for, so that others may well be left out."""
    return bool(question.groups) and bool(text)


def _read(file: Path, name: str) -> pd.DataFrame:
    try:
        text = bounded_bytes(file, MOST_BYTES).decode("utf-8-sig")
    except UnreadableError as error:
        raise AskedError(f"{name} {error}") from None
    except UnicodeDecodeError:
        raise AskedError(f"{name} is no text in UTF-8") from None
    try:
        return pd.read_csv(io.StringIO(text), sep=None, engine="python", dtype=str, skip_blank_lines=False)
    except Exception as error:  # of a file that is no table, whatever the reader makes of it
        raise AskedError(f"{name} can't be read as a table of comma-separated values") from error


def _number(value: Any, name: str, line: int, what: str) -> float:
    try:
        number = float(str(value).strip())
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or (what == "year" and not 1 <= number <= 9999):
        raise AskedError(f"{name}, line {line}: {str(value)[:40]!r} is no {what}")
    return number
