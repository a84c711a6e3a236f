"""Maps of two scenarios beside each other, on one scale, and of what is different between them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from ..wording import count, percent
from . import style
from .compared import ComparisonData
from .country import LEAST_AREA, NAMED, map_panel, top_of_scale, weighted_quantile

DIVERGING = "PuOr_r"  # purple for less, orange for more: told apart by the colour-blind
WORDS = {"share_met": "needs met", "service_level": "service level (0 to 1)"}
NOTABLE_SHARE = 0.01
LEAST_DIFFERENCE = {"share_met": 0.01, "service_level": 0.01}


def beside(sides: ComparisonData, number: int) -> pd.DataFrame:
    """The first scenario's map table with the columns of scenario `number` (from 1) as ..._other, and difference_...

    A share of needs met that either lacks has no difference.
    """
    first, other = sides.table("map")[0], sides.table("map")[number]
    table = first.merge(
        other[["place", "migrants", "needs", "met", *WORDS]],
        on="place",
        suffixes=("", "_other"),
        validate="1:1",
    )
    for column in WORDS:
        table[f"difference_{column}"] = table[f"{column}_other"] - table[column]
    return table


def differs(table: pd.DataFrame, column: str) -> bool:
    """Whether it differs where more than a few migrants live; a map of less would show nothing."""
    return max(_shares_of_migrants(table, column)) >= NOTABLE_SHARE


def _shares_of_migrants(table: pd.DataFrame, column: str) -> tuple[float, float]:
    """Shares of the migrants who live where it is higher, and where it is lower; 0 where there is nobody to count."""
    change = table[f"difference_{column}"]
    weight = table["migrants"].where(change.notna(), 0)
    all_ = max(1.0, float(weight.sum()))
    least = LEAST_DIFFERENCE[column]
    return float(weight[change >= least].sum()) / all_, float(weight[change <= -least].sum()) / all_


def _title(table: pd.DataFrame, column: str, names: tuple[str, str]) -> str:
    first, other = names
    change = table[f"difference_{column}"]
    known = change.notna() & (table["migrants"] > 0)
    if not known.any():
        return f"No municipality has {WORDS[column]} to compare"
    more, less = _shares_of_migrants(table, column)
    what = WORDS[column].partition(" (")[0]
    if max(more, less) < NOTABLE_SHARE:
        return f"Hardly anybody lives where {what} differs between {first} and {other}"
    size = "a point" if column == "share_met" else f"{LEAST_DIFFERENCE[column]:g}"
    return (
        f"With {other}, {what} is higher by {size} or more where {percent(more)} of migrants live, "
        f"and lower where {percent(less)} do"
    )


def maps(sides: ComparisonData, number: int, column: str) -> Figure:
    """`column` (share_met, service_level) in the first scenario, in scenario `number`, and the difference."""
    names = (sides.names[0], sides.names[number])
    table = beside(sides, number)
    largest = max(1.0, float(table["migrants"].max()))
    page = style.sheet(
        _title(table, column, names),
        f"{len(table):,} municipalities, {sides.mean}; area of a marker: migrants in {names[0]} "
        f"(largest {count(largest)}){'; grey: too few needs' if table[f'difference_{column}'].isna().any() else ''}",
        sides.source,
    )
    few = len(table) <= NAMED
    areas = (1000.0 if few else 300.0) / largest, min(LEAST_AREA, 3000 / len(table))
    both = pd.concat([table[column], table[f"{column}_other"]])
    top = top_of_scale(both, pd.concat([table["migrants"]] * 2))
    if column == "share_met":
        table[f"difference_{column}"] *= 100  # points
    reach = weighted_quantile(table[f"difference_{column}"].abs(), table["migrants"], 0.98)
    step = 1.0 if column == "share_met" else 0.01
    reach = max(step, step * float(np.ceil(reach / step))) if np.isfinite(reach) else step
    panels = (
        (column, names[0], Normalize(0.0, top), "viridis"),
        (f"{column}_other", names[1], Normalize(0.0, top), "viridis"),
        (f"difference_{column}", "the second less the first", Normalize(-reach, reach), DIVERGING),
    )
    width, gap = 0.305, 0.0175
    for i, (values, title, norm, colours) in enumerate(panels):
        span = style.MARGIN + i * (width + gap), width
        shares = column == "share_met" and i < 2
        words = WORDS[column] if i < 2 else f"difference{', points' if column == 'share_met' else ''}"
        map_panel(
            page, span, table, values, norm, areas, words, as_percent=shares, title=title, colours=colours
        )
    return page.finish()
