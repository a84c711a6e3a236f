"""Bars: a row a group or a scenario; columns over the years, or where groups are steps of one thing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ...scenarios.languages import tr
from ...scenarios.vocabulary import INK
from ..declaration import COUNTRY
from ..plots import style
from ..wording import value_text
from .chart import (
    LONGEST,
    OBSERVED,
    PALETTE,
    ROWS,
    SINGULAR,
    colours_of,
    have_colours,
    is_in_order,
    legend_on,
    unit_words,
    value_axis,
    wrapped,
)
from .told import Told

BROAD = 0.8  # of the room between two groups is taken by bars


def on_page(page: style.Page, told: Told, observed: pd.DataFrame) -> Axes:
    """With a legend, where scenarios stand beside each other in groups."""
    if len(told.arms) > 1 and len(told.groups) > 1:
        legend_on(page, told.arms, PALETTE[: len(told.arms)])
    (axes,) = page.panels()
    _draw(axes, told, observed, wide=False)
    return axes


def into(axes: Axes, told: Told, observed: pd.DataFrame) -> None:
    """Into a user's axes, with a legend."""
    _draw(axes, told, observed, wide=True)
    if len(told.arms) > 1 and len(told.groups) > 1:
        axes.legend(frameon=False)


def _draw(axes: Axes, told: Told, observed: pd.DataFrame, wide: bool) -> None:
    if not told.together:
        _over_years(axes, told, observed)
    elif is_in_order(told) and told.question.by != COUNTRY:
        _in_order(axes, told, observed)
    else:
        _rows(axes, told, observed, wide)


def _over_years(axes: Axes, told: Told, observed: pd.DataFrame) -> None:
    """A column a year, of the whole country."""
    rows = told.summary().sort_values("year")
    years = rows["year"].to_numpy(float)
    axes.bar(years, rows["value"], width=BROAD, color=PALETTE[0], gid="bar")
    _whiskers(axes, years, rows, told)
    _points(axes, observed["year"], observed["value"])
    _measure(axes, told, rows, observed, "y")
    there = sorted({*rows["year"].astype(int), *observed["year"].astype(int)})
    style.year_axis(axes, there, margin=0.6)


def _in_order(axes: Axes, told: Told, observed: pd.DataFrame) -> None:
    """A column a group, side by side in their order, and beside each other for each scenario."""
    rows, at = told.summary(), {each.name: number for number, each in enumerate(told.groups)}
    broad = BROAD / len(told.arms)
    for number, (arm, colour) in enumerate(zip(told.arms, PALETTE, strict=False)):
        own = rows[rows["arm"] == arm]
        x = own["group"].map(at).to_numpy(float) + broad * (number - (len(told.arms) - 1) / 2)
        axes.bar(x, own["value"], width=broad, color=colour, label=arm, gid="bar")
        _whiskers(axes, x, own, told)
    _points(axes, observed["group"].map(at), observed["value"])
    _measure(axes, told, rows, observed, "y")
    few = len(told.groups) <= ROWS // 2
    names = [wrapped(each.label, 12) if few else each.name for each in told.groups]
    step = 1 if len(names) <= ROWS else 2
    axes.set_xticks([*range(0, len(names), step)], names[::step])
    axes.set_xlim(-0.6, len(names) - 0.4)
    if not few:
        axes.set_xlabel(tr(SINGULAR.get(told.question.by, told.question.by)))


def _rows(axes: Axes, told: Told, observed: pd.DataFrame, wide: bool) -> None:
    """A row a group from top to bottom, with a bar for each scenario and its value at the end."""
    rows = told.summary()
    of_groups = len(told.groups) > 1 or len(told.arms) == 1
    at = {each.name: number for number, each in enumerate(told.groups)}
    broad = BROAD / len(told.arms) if of_groups else BROAD
    named = len(told.arms) * len(told.groups) <= ROWS
    colours = colours_of(told.groups) if len(told.arms) == 1 and have_colours(told.groups) else []
    for number, (arm, colour) in enumerate(zip(told.arms, PALETTE, strict=False)):
        own = rows[rows["arm"] == arm]
        y: Any = own["group"].map(at).to_numpy(float)
        y = y + (broad * (number - (len(told.arms) - 1) / 2) if of_groups else float(number))
        look: Any = [colours[at[name]] for name in own["group"]] if colours else colour
        axes.barh(y, own["value"], height=broad * 0.94, color=look, label=arm, gid="bar")
        _whiskers(axes, y, own, told, across=True)
        for height, value, low, high in (
            zip(y, own["value"], own["low"], own["high"], strict=True) if named else ()
        ):
            end = (max(value, high) if value >= 0 else min(value, low)) if told.seeds > 1 else value
            words = f" {value_text(value, told.question.measure.unit)} "
            size: Any = {} if wide else {"fontsize": style.TEXT}
            axes.text(
                end,
                height,
                words,
                va="center_baseline",
                ha="left" if value >= 0 else "right",
                color=INK,
                **size,
            )
    names = [wrapped(name) for name in ([each.label for each in told.groups] if of_groups else told.arms)]
    _points(
        axes,
        observed["value"],
        observed["group"].map(at) if of_groups else observed["group"].map(lambda _: 0),
    )
    _measure(axes, told, rows, observed, "x")
    axes.set_yticks([*range(len(names))], names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.grid(False, axis="y")
    axes.grid(True, axis="x", color="#e8e8e8", lw=0.8)


def _whiskers(axes: Axes, at: np.ndarray, rows: pd.DataFrame, told: Told, across: bool = False) -> None:
    if told.seeds < 2:
        return
    look: Any = {"color": INK, "lw": 1.5, "gid": "whisker", "zorder": 4}
    (axes.hlines if across else axes.vlines)(at, rows["low"], rows["high"], **look)


def _points(axes: Axes, x: Any, y: Any) -> None:
    if len(x):
        axes.scatter(x, y, color=INK, **OBSERVED)


def _measure(axes: Axes, told: Told, rows: pd.DataFrame, observed: pd.DataFrame, which: str) -> None:
    unit = told.question.measure.unit
    shown = [rows["value"], observed["value"], *([rows["low"], rows["high"]] if told.seeds > 1 else [])]
    value_axis(axes, unit, np.concatenate(shown).astype(float), which)
    if which == "y":
        axes.set_ylabel(unit_words(unit))
    else:
        axes.set_xlabel(wrapped(unit, LONGEST))
