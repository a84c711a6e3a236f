"""What kind of values a kept table must hold, by the unit that the data dictionary gives each column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from .dictionary import columns_of
from .manifest import LONGEST

_TEXT = ("name", "code", "date", "E1 to E9", "unit")
_SWITCH = "true or false"
# What is counted or pointed at, which can't be negative -> the largest there may be.
_WHOLE = {
    "month": LONGEST,
    "year": 9999,
    "place": 2**31,
    "region": 2**31,
    "area": 2**31,
    "number": 2**63,
    "identity": 2**64,
    "years": 127,
    "1 to 5": 5,
    **dict.fromkeys(
        ("persons", "person-months", "episodes", "claims", "cases", "moves", "enrolments", "NGOs"), 2**63
    ),
}
_MEASURED = {
    "places": {"persons"}
}  # table -> units of what may come with fractions there: residents, as drawn


def limits_of(months: int, places: int) -> dict[str, int]:
    """The largest values in the tables of a run of so many months and places, by unit: a larger one would have room
    asked for that no machine has."""
    return {"month": months, "place": places, "region": places, "area": places}


def misfit(table: str, about: pq.FileMetaData, limits: Mapping[str, int]) -> str:
    """What is wrong with the values of a table, by its file's metadata alone; "" if nothing is.

    A column that the dictionary does not know is let be. `limits`: see `limits_of`.
    """
    largest = {
        unit: most for unit, most in {**_WHOLE, **limits}.items() if unit not in _MEASURED.get(table, ())
    }
    known = columns_of(table)
    schema = about.schema.to_arrow_schema()
    for number, column in enumerate(schema):
        unit = known.get(column.name, ("", ""))[0]
        if not unit:
            continue
        if not _is_kind(column.type, unit, unit in largest):
            return f"its column {column.name} holds no {_called(unit, unit in largest)}"
        if unit in largest and any(not 0 <= value <= largest[unit] for value in _extremes(about, number)):
            return f"its column {column.name} holds what is no {unit}"
    return ""


def _is_kind(kind: Any, unit: str, whole: bool) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if unit in _TEXT:
        return pa.types.is_string(kind) or pa.types.is_large_string(kind)
    if unit == _SWITCH:
        return pa.types.is_boolean(kind)
    return pa.types.is_integer(kind) or (not whole and pa.types.is_floating(kind))


def _called(unit: str, whole: bool) -> str:
    if unit in _TEXT:
        return "names"
    return "switches" if unit == _SWITCH else "whole numbers" if whole else "numbers"


def _extremes(about: pq.FileMetaData, number: int) -> Iterator[Any]:
    """The smallest and the largest value of each part of a column, where the file tells."""
    for group in range(about.num_row_groups):
        told = about.row_group(group).column(number).statistics
        if told is not None and told.has_min_max:
            yield from (told.min, told.max)
